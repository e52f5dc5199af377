import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findJava } from '../java.ts';
import { pathWithout } from '../path-without.ts';
import { freePorts } from '../ports.ts';
import { scratchDirectory } from '../scratch.ts';
import type { HdfsCluster } from './cluster.ts';
import { renderConfiguration } from './configuration.ts';
import type { HadoopRuntime } from './daemons.ts';
import { yarnJars } from './jars.ts';
import { retryLostPort } from './lost-port.ts';
import { hadoopNode, type HadoopNode } from './node.ts';
import { nodeManagerSite, resourceManagerSite } from './yarn-site.ts';

export interface YarnCluster {
  /** core-site.xml, hdfs-site.xml and yarn-site.xml, for HADOOP_CONF_DIR. */
  readonly configurationDirectory: string;
  /** `http://localhost:PORT`, without `/ws/v1`. */
  readonly resourceManagerUrl: string;
  /** What containers write: `application_…/container_…/stdout` and `stderr`. */
  readonly logs: string;
  /** Ends the daemons with their containers, and removes their data. Idempotent. */
  stop(): Promise<void>;
}

const RESOURCE_MANAGER = 'org.apache.hadoop.yarn.server.resourcemanager.ResourceManager';
const NODE_MANAGER = 'org.apache.hadoop.yarn.server.nodemanager.NodeManager';

/**
 * A real YARN of Hadoop 3.4.3 on loopback: a ResourceManager and a NodeManager, each a JVM of its own, whose applications
 * have this HDFS as their default file system. Nothing of it outlives this process. Takes 5 to 10 s, and the download once.
 * @throws Error when Java or Maven is missing, or with the end of its log when a daemon does not come up
 */
export async function startYarn(hdfs: HdfsCluster): Promise<YarnCluster> {
  const [java, jars] = await Promise.all([findJava(17), yarnJars('3.4.3')]);
  return retryLostPort(() => launch(hdfs, java, jars));
}

async function launch(hdfs: HdfsCluster, java: HadoopRuntime['java'], jars: string): Promise<YarnCluster> {
  const [client = 0, scheduler = 0, tracker = 0, admin = 0, http = 0, ...node] = await freePorts(8);
  const [address = 0, localizer = 0, nodeHttp = 0] = node;
  const scratch = scratchDirectory('yarn');
  const at = (...segments: string[]): string => join(scratch.path, ...segments);
  // Without setsid containers stay in the NodeManager's process group, and end with it.
  const programs = pathWithout('setsid', at('programs'));
  const runtime: HadoopRuntime = { java, jars, web: at('web'), user: 'yarn', programs };
  const resourceManagerUrl = `http://localhost:${http}`;
  const started: HadoopNode[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((daemon) => daemon.stop()));
    scratch.remove();
  };
  const start = (name: string, main: string, isReady: () => Promise<boolean>): HadoopNode => {
    const log = at(`${name}.log`);
    const daemon = hadoopNode({ runtime, name, main, configuration: at('conf'), log, isReady });
    started.push(daemon);
    return daemon;
  };

  try {
    mkdirSync(at('conf'));
    for (const name of ['core-site.xml', 'hdfs-site.xml', 'log4j.properties'])
      copyFileSync(join(hdfs.configurationDirectory, name), at('conf', name));
    const site = {
      ...resourceManagerSite({ client, scheduler, tracker, admin, http }),
      ...nodeManagerSite([address, localizer, nodeHttp], scratch.path),
    };
    writeFileSync(at('conf', 'yarn-site.xml'), renderConfiguration(site));
    // A NodeManager looks for its ResourceManager again and again.
    const nodes = () => countNodes(resourceManagerUrl);
    start('ResourceManager', RESOURCE_MANAGER, async () => (await nodes()) !== undefined);
    start('NodeManager', NODE_MANAGER, async () => (await nodes()) === 1);
    for (const daemon of started) await daemon.waitUntilReady();
    return { configurationDirectory: at('conf'), resourceManagerUrl, logs: at('logs'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** NodeManagers that can take containers; undefined when the ResourceManager does not answer yet. */
async function countNodes(base: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${base}/ws/v1/cluster/metrics`, { signal: AbortSignal.timeout(5000) });
    if (!response.ok) return undefined;
    const { clusterMetrics } = (await response.json()) as { clusterMetrics: { activeNodes: number } };
    return clusterMetrics.activeNodes;
  } catch {
    return undefined; // refused or broken off: not up yet
  }
}
