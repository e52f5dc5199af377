import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunResult, runToCompletion } from '../daemon.ts';
import { scratchDirectory } from '../scratch.ts';
import { javaHomeForSpark, javaOfSpark } from './java-of-spark.ts';
import { sparkHome } from './spark-home.ts';

export interface SparkSubmitOptions {
  /** Of Spark: `3.5.9`. */
  readonly version: string;
  /** The interpreter of driver and executors. */
  readonly python: string;
  /** The interpreter of the driver, where it is to be another one. */
  readonly driverPython?: string;
  /**
   * `local-cluster[2,1,1024]`: two executors of one core, each a JVM of its own in a Worker of 1024 MiB. `yarn` is for
   * `submitToYarn`.
   */
  readonly master: 'local[2]' | 'local-cluster[2,1,1024]' | 'yarn';
  /** What a user types after `spark-submit`. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** More of spark-defaults.conf. */
  readonly configuration?: Readonly<Record<string, string>>;
  /** For the JVMs of driver and executors; they win over those that keep a JVM small. */
  readonly javaOptions?: readonly string[];
  /** Where core-site.xml is, for a job that reads HDFS. */
  readonly hadoopConfDir?: string;
  /** Milliseconds, 5 minutes by default. */
  readonly timeout?: number;
  /** Called with what the job writes, as it comes. */
  readonly onOutput?: (text: string) => void;
}

export interface SparkResult extends RunResult {
  /** What the executors of a local-cluster wrote to stderr, the Python workers included. */
  readonly executorLogs: string;
}

/**
 * Runs a real `spark-submit` to its end: on loopback only, with small JVMs, with nothing of this shell's environment, and
 * with all that it writes (block manager, SparkFiles, the executors' directories) in a scratch directory.
 * @throws Error after `timeout`, or without a Java that runs this Spark
 */
export async function sparkSubmit(options: SparkSubmitOptions): Promise<SparkResult> {
  const java = await javaOfSpark(options.version);
  if ('skip' in java) throw new Error(`Cannot run Spark ${options.version}: ${java.skip}`);
  const installed = await sparkHome(options.version);
  const scratch = scratchDirectory('spark');
  try {
    const javaHome = await javaHomeForSpark(options.version, java, join(scratch.path, 'java'));
    const home = mirror(installed, join(scratch.path, 'spark'));
    for (const name of ['local', 'temporary', 'cwd']) mkdirSync(join(scratch.path, name));
    const result = await runToCompletion({
      command: join(home, 'bin', 'spark-submit'),
      args: options.args,
      cwd: join(scratch.path, 'cwd'),
      timeout: options.timeout ?? 300_000,
      ...(options.onOutput === undefined ? {} : { onOutput: options.onOutput }),
      env: {
        PATH: `${join(javaHome, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
        HOME: scratch.path,
        // Java takes the encoding of file names from the locale
        LC_ALL: 'C.UTF-8',
        TMPDIR: join(scratch.path, 'temporary'),
        JAVA_HOME: javaHome,
        SPARK_HOME: home,
        SPARK_CONF_DIR: writeConfiguration(scratch.path, options),
        SPARK_LOCAL_DIRS: join(scratch.path, 'local'),
        SPARK_LOCAL_IP: '127.0.0.1',
        SPARK_LOCAL_HOSTNAME: 'localhost',
        PYSPARK_PYTHON: options.python,
        PYSPARK_DRIVER_PYTHON: options.driverPython ?? options.python,
        ...(options.hadoopConfDir === undefined ? {} : { HADOOP_CONF_DIR: options.hadoopConfDir }),
        ...options.env,
      },
    });
    return { ...result, executorLogs: readExecutorLogs(join(home, 'work')) };
  } finally {
    scratch.remove();
  }
}

/** A local-cluster makes its executors' directories in SPARK_HOME, so every run gets a SPARK_HOME of symbolic links. */
function mirror(installed: string, home: string): string {
  mkdirSync(home);
  for (const name of readdirSync(installed)) symlinkSync(join(installed, name), join(home, name));
  return home;
}

function writeConfiguration(scratch: string, options: SparkSubmitOptions): string {
  const smallAndPrivate = `-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Djava.io.tmpdir=${join(scratch, 'temporary')}`;
  const java = [smallAndPrivate, ...(options.javaOptions ?? [])].join(' ');
  const settings = {
    'spark.master': options.master,
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.ui.enabled': 'false',
    'spark.driver.memory': '768m',
    'spark.executor.memory': '512m',
    'spark.driver.extraJavaOptions': java,
    'spark.executor.extraJavaOptions': java,
    'spark.sql.warehouse.dir': join(scratch, 'warehouse'),
    'spark.sql.shuffle.partitions': '2',
    ...options.configuration,
  };
  const directory = join(scratch, 'conf');
  mkdirSync(directory);
  const lines = Object.entries(settings).map(([key, value]) => `${key} ${value.replaceAll('\\', '\\\\')}\n`);
  writeFileSync(join(directory, 'spark-defaults.conf'), lines.join(''));
  writeFileSync(join(directory, 'log4j2.properties'), LOG4J_2);
  writeFileSync(join(directory, 'log4j.properties'), LOG4J_1);
  return directory;
}

/** Spark 3.3 and newer. */
const LOG4J_2 = `rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
logger.hadoop.name = org.apache.hadoop.util.NativeCodeLoader
logger.hadoop.level = error
logger.deploy.name = org.apache.spark.deploy
logger.deploy.level = off
`;

const LOG4J_1 = `log4j.rootCategory=WARN, console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.target=System.err
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d{HH:mm:ss} %p %c{1}: %m%n
log4j.logger.org.apache.hadoop.util.NativeCodeLoader=ERROR
log4j.logger.org.apache.spark.deploy=OFF
`;

/** `work/<application>/<executor>/stderr`, without the line that starts the JVM. */
function readExecutorLogs(work: string): string {
  if (!existsSync(work)) return '';
  const names = readdirSync(work, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^[^/]+\/\d+\/stderr$/.test(name),
  );
  return names
    .map(
      (name) =>
        `== ${name}\n${readFileSync(join(work, name), 'utf8').replace(/^Spark Executor Command.*\n=+\n/, '')}\n`,
    )
    .join('');
}
