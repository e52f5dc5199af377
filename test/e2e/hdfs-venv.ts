import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { type HdfsCluster } from '../support/hadoop/cluster.ts';
import { type SparkResult, sparkSubmit, type SparkSubmitOptions } from '../support/spark/spark-submit.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What Node is called with to run the built command line. */
export function commandLine(...args: readonly string[]): string[] {
  return [main, ...args];
}

/** Runs the built command line and waits for its end. It is not an error when the exit code is not 0. */
export async function hdfsVenv(...args: readonly string[]): Promise<Finished> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, commandLine(...args), { reject: false });
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

/** Runs the built command line. @throws Error with all that it wrote when the exit code is not 0 */
export async function hdfsVenvSucceeds(...args: readonly string[]): Promise<Finished> {
  const result = await hdfsVenv(...args);
  if (result.exitCode !== 0)
    throw new Error(`hdfs-venv ${args.join(' ')}: exit code ${result.exitCode}\n${result.stdout}\n${result.stderr}`);
  return result;
}

/** Where an environment is or will be on an HDFS. */
export interface Place {
  /** `webhdfs://localhost:PORT/user/alice/envs/NAME` */
  readonly address: string;
  /** `/user/alice/envs/NAME` */
  readonly path: string;
}

export interface Published extends Place {
  /** The first two words after `spark-submit` in the command line that `publish` prints. */
  readonly bootstrap: string;
  readonly environment: string;
}

export function placeOn(hdfs: HdfsCluster, name: string): Place {
  const path = `/user/alice/envs/${name}`;
  return { address: `${hdfs.webhdfsUrl.replace(/^http:/, 'webhdfs:')}${path}`, path };
}

/** Publishes what a build made, as alice. */
export async function publish(hdfs: HdfsCluster, directory: string, name: string): Promise<Published> {
  const place = placeOn(hdfs, name);
  const { stdout } = await hdfsVenvSucceeds('publish', directory, place.address, '--user', 'alice');
  const [, bootstrap, environment] = /spark-submit (\S+) (\S+) my_module/.exec(stdout) ?? [];
  if (bootstrap === undefined || environment === undefined)
    throw new Error(`publish printed no command line:\n${stdout}`);
  return { ...place, bootstrap, environment };
}

/** `spark-submit` as alice with two executors, each a process of its own, on the cluster's default file system. */
export function submit(
  hdfs: HdfsCluster,
  options: Pick<SparkSubmitOptions, 'version' | 'python' | 'args'>,
): Promise<SparkResult> {
  return sparkSubmit({
    ...options,
    master: 'local-cluster[2,1,1024]',
    hadoopConfDir: hdfs.configurationDirectory,
    env: { HADOOP_USER_NAME: 'alice' },
  });
}
