import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runToCompletion } from '../daemon.ts';
import { findJava } from '../java.ts';
import { freePorts } from '../ports.ts';
import { scratchDirectory } from '../scratch.ts';
import { type Properties, writeConfiguration, writeWebApplications } from './configuration.ts';
import { hadoopEnvironment, type HadoopRuntime, javaArguments } from './daemons.ts';
import { hadoopJars } from './jars.ts';
import { retryLostPort } from './lost-port.ts';
import { hadoopNode, type HadoopNode } from './node.ts';
import { hasVolumes, isOutOfSafeMode, makeHomes, waitForDataNodes } from './rest.ts';
import { coreSite, dataNodeSite, nameNodeSite } from './site.ts';

export interface HdfsOptions {
  /** 3.4.3 unless told; 2.6.5 to 3.5.x run. */
  readonly version?: string;
  /** 2 unless told. */
  readonly dataNodes?: number;
  /** More of hdfs-site.xml, for every daemon; wins over the launcher's own. */
  readonly configuration?: Properties;
  /** For every JVM, those of `fsShell` too; they win over those that keep a JVM small. */
  readonly javaOptions?: readonly string[];
  /** For the JVM of every DataNode, too: `-Dio.netty.eventLoopThreads=64`. */
  readonly dataNodeJavaOptions?: readonly string[];
  /** `hdfs` unless told. */
  readonly superuser?: string;
}

export interface ShellResult {
  /** Without its last line end. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface HdfsCluster {
  readonly version: string;
  readonly superuser: string;
  /** `http://localhost:PORT`, without `/webhdfs/v1`. */
  readonly webhdfsUrl: string;
  readonly nameNodeHttpPort: number;
  /** `hdfs://localhost:PORT` */
  readonly nameNodeRpc: string;
  /** core-site.xml and hdfs-site.xml, for HADOOP_CONF_DIR. */
  readonly configurationDirectory: string;
  readonly nameNode: HadoopNode;
  readonly dataNodes: readonly HadoopNode[];
  /** `hdfs dfs …` as `user` (the superuser unless told) in a JVM of its own: about two seconds. `timeout`: 300,000 ms unless told. */
  fsShell(
    args: readonly string[],
    options?: { readonly user?: string; readonly timeout?: number },
  ): Promise<ShellResult>;
  /** `hdfs dfsadmin …` as the superuser. */
  dfsAdmin(args: readonly string[]): Promise<ShellResult>;
  /** Ends the daemons and removes their data. Idempotent. */
  stop(): Promise<void>;
}

const NAME_NODE = 'org.apache.hadoop.hdfs.server.namenode.NameNode';
const DATA_NODE = 'org.apache.hadoop.hdfs.server.datanode.DataNode';

/**
 * A real HDFS on loopback: a NameNode and DataNodes, each a JVM of its own, that cannot outlive this process. The users
 * alice, bob and carol have home directories; `/tmp` is open to all. Takes 5 to 10 s, and the download once per version.
 * @throws Error when Java or Maven is missing, or with the end of its log when a daemon does not come up
 */
export async function startHdfs(options: HdfsOptions = {}): Promise<HdfsCluster> {
  const version = options.version ?? '3.4.3';
  const [java, jars] = await Promise.all([findJava(17), hadoopJars(version)]);
  return retryLostPort(() => launch(version, java, jars, options));
}

async function launch(
  version: string,
  java: HadoopRuntime['java'],
  jars: string,
  options: HdfsOptions,
): Promise<HdfsCluster> {
  const { dataNodes: dataNodeCount = 2, configuration: extra = {}, superuser = 'hdfs' } = options;
  const [rpc = 0, http = 0, ...dataNodePorts] = await freePorts(2 + 3 * dataNodeCount);
  const scratch = scratchDirectory(`hdfs-${version}`);
  const at = (...segments: string[]): string => join(scratch.path, ...segments);
  const runtime: HadoopRuntime = {
    java,
    jars,
    web: at('web'),
    user: superuser,
    javaOptions: options.javaOptions ?? [],
  };
  const webhdfsUrl = `http://localhost:${http}`;
  const started: HadoopNode[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((node) => node.stop()));
    scratch.remove();
  };
  const run = async (main: string, args: readonly string[], user: string, timeout = 300_000): Promise<ShellResult> => {
    const result = await runToCompletion({
      command: java.java,
      args: [...javaArguments(runtime, at('conf'), main), ...args],
      env: hadoopEnvironment(user),
      timeout,
    });
    return { ...result, stdout: result.stdout.replace(/\n$/, '') };
  };

  try {
    const core = coreSite({ rpc, http }, superuser, at('tmp'));
    const hdfs = { ...nameNodeSite({ rpc, http }, dataNodeCount, at('name')), ...extra };
    writeWebApplications(at('web'));
    writeConfiguration(at('conf'), core, hdfs);
    mkdirSync(at('log'));

    const format = await run(NAME_NODE, ['-format', '-nonInteractive'], superuser);
    if (format.exitCode !== 0) throw new Error(`Cannot format HDFS ${version}:\n${format.stderr.slice(-4000)}`);

    const nameNode = hadoopNode({
      runtime,
      name: `NameNode ${version}`,
      main: NAME_NODE,
      configuration: at('conf'),
      log: at('log', 'namenode.log'),
      isReady: () => isOutOfSafeMode(webhdfsUrl),
    });
    started.push(nameNode);
    const dataNodes = Array.from({ length: dataNodeCount }, (_, index) => {
      const name = `datanode${index + 1}`;
      const [httpPort = 0, transfer = 0, ipc = 0] = dataNodePorts.slice(3 * index, 3 * index + 3);
      const site = dataNodeSite([httpPort, transfer, ipc], at(name, 'data'));
      writeConfiguration(at(name, 'conf'), core, { ...hdfs, ...site, ...extra });
      return hadoopNode({
        runtime,
        name: `DataNode ${index + 1} ${version}`,
        main: DATA_NODE,
        configuration: at(name, 'conf'),
        log: at('log', `${name}.log`),
        ...(options.dataNodeJavaOptions === undefined ? {} : { javaOptions: options.dataNodeJavaOptions }),
        isReady: () => hasVolumes(`http://localhost:${httpPort}`),
      });
    });
    started.push(...dataNodes);
    for (const node of started) await node.waitUntilReady();
    await waitForDataNodes(webhdfsUrl, dataNodeCount);
    await makeHomes(webhdfsUrl, superuser);

    return {
      version,
      superuser,
      webhdfsUrl,
      nameNodeHttpPort: http,
      nameNodeRpc: `hdfs://localhost:${rpc}`,
      configurationDirectory: at('conf'),
      nameNode,
      dataNodes,
      fsShell: (args, { user = superuser, timeout } = {}) => run('org.apache.hadoop.fs.FsShell', args, user, timeout),
      dfsAdmin: (args) => run('org.apache.hadoop.hdfs.tools.DFSAdmin', args, superuser),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
