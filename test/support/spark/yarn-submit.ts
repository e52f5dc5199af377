import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { YarnCluster } from '../hadoop/yarn.ts';
import { scratchDirectory } from '../scratch.ts';
import { javaHomeForSpark, javaOfSpark } from './java-of-spark.ts';
import { sparkHome } from './spark-home.ts';
import { type SparkResult, sparkSubmit, type SparkSubmitOptions } from './spark-submit.ts';

export type YarnSubmitOptions = Pick<
  SparkSubmitOptions,
  'version' | 'python' | 'args' | 'configuration' | 'timeout'
> & {
  readonly deployMode: 'client' | 'cluster';
};

/**
 * Runs a real `spark-submit --master yarn` as alice to its end, with two executors unless configured otherwise. In cluster
 * mode stdout and stderr are what the driver wrote in its container, after what spark-submit itself wrote.
 * @throws Error like `sparkSubmit`
 */
export async function submitToYarn(yarn: YarnCluster, options: YarnSubmitOptions): Promise<SparkResult> {
  const { version, deployMode } = options;
  const java = await javaOfSpark(version);
  if ('skip' in java) throw new Error(`Cannot run Spark ${version}: ${java.skip}`);
  const scratch = scratchDirectory('yarn-submit');
  try {
    const tag = randomUUID();
    const container = {
      JAVA_HOME: await javaHomeForSpark(version, java, join(scratch.path, 'java')),
      SPARK_LOCAL_IP: '127.0.0.1',
      SPARK_LOCAL_HOSTNAME: 'localhost',
    };
    const result = await sparkSubmit({
      ...options,
      master: 'yarn',
      hadoopConfDir: yarn.configurationDirectory,
      env: { HADOOP_USER_NAME: 'alice' },
      configuration: {
        'spark.submit.deployMode': deployMode,
        'spark.executor.instances': '2',
        'spark.yarn.tags': tag,
        // Not uploaded for each application.
        'spark.yarn.jars': `local:${await sparkHome(version)}/jars/*`,
        'spark.yarn.am.memory': '512m',
        ...prefixed('spark.yarn.appMasterEnv.', container),
        ...prefixed('spark.executorEnv.', container),
        ...options.configuration,
      },
    });
    const { stdout, stderr, others } = readContainers(yarn, await findApplication(yarn, tag), deployMode);
    return {
      ...result,
      stdout: result.stdout + stdout,
      stderr: result.stderr + stderr,
      executorLogs: result.executorLogs + others,
    };
  } finally {
    scratch.remove();
  }
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

/** The id of the application with this tag; undefined when none came to be. */
async function findApplication(yarn: YarnCluster, tag: string): Promise<string | undefined> {
  const response = await fetch(`${yarn.resourceManagerUrl}/ws/v1/cluster/apps?applicationTags=${tag}`);
  const { apps } = (await response.json()) as { apps: { app?: readonly { id: string }[] } | null };
  return apps?.app?.[0]?.id;
}

interface ContainerLogs {
  /** The driver's, in cluster mode. */
  readonly stdout: string;
  readonly stderr: string;
  /** What the other containers wrote to stderr. */
  readonly others: string;
}

function readContainers(yarn: YarnCluster, application: string | undefined, deployMode: string): ContainerLogs {
  const directory = join(yarn.logs, application ?? '');
  const read = (container: string, name: string): string => {
    const path = join(directory, container, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  if (application === undefined || !existsSync(directory)) return { stdout: '', stderr: '', others: '' };
  const containers = readdirSync(directory).toSorted();
  const driver = deployMode === 'cluster' ? containers.find((name) => name.endsWith('_000001')) : undefined;
  return {
    stdout: driver === undefined ? '' : read(driver, 'stdout'),
    stderr: driver === undefined ? '' : read(driver, 'stderr'),
    others: containers
      .filter((name) => name !== driver)
      .map((name) => `== ${name}\n${read(name, 'stderr')}\n`)
      .join(''),
  };
}
