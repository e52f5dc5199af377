import { fileURLToPath } from 'node:url';
import { type Run, type RunResult, startRun } from '../support/daemon.ts';
import { type HdfsCluster } from '../support/hadoop/cluster.ts';
import { type SparkResult, sparkSubmit, type SparkSubmitOptions } from '../support/spark/spark-submit.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Without the settings of whoever runs the tests: their own `HDFS_VENV_LAYOUT` would publish otherwise. */
export function variables(): NodeJS.ProcessEnv {
  const isTheirs = /^HDFS_VENV_(?!CACHE$|PYTHON$)|^HADOOP_USER_NAME$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isTheirs.test(name)));
}

/** Runs the built command line and waits for its end. It is not an error when the exit code is not 0. */
export function hdfsVenv(...args: readonly string[]): Promise<RunResult> {
  return startHdfsVenv(...args).finished;
}

/** Starts the built command line, for a test that does something to it while it runs. */
export function startHdfsVenv(...args: readonly string[]): Run {
  return startRun({ command: process.execPath, args: [main, ...args], env: variables(), timeout: 600_000 });
}

/** Runs the built command line with its output sent elsewhere, as a shell does: `> /dev/full`. */
export function hdfsVenvRedirected(redirection: string, ...args: readonly string[]): Promise<RunResult> {
  const shell = ['-c', `exec "$@" ${redirection}`, 'sh', process.execPath, main, ...args];
  return startRun({ command: 'sh', args: shell, env: variables(), timeout: 60_000 }).finished;
}

/** Runs the built command line. @throws Error with all that it wrote when the exit code is not 0 */
export async function hdfsVenvSucceeds(...args: readonly string[]): Promise<RunResult> {
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
export async function publish(
  hdfs: HdfsCluster,
  directory: string,
  name: string,
  ...flags: readonly string[]
): Promise<Published> {
  const place = placeOn(hdfs, name);
  const { stdout } = await hdfsVenvSucceeds('publish', directory, place.address, '--user', 'alice', ...flags);
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
