import { sparkSubmit } from '../../test/support/spark/spark-submit.ts';
import { USER } from './environment.ts';
import { JAVA_OPTIONS } from './hdfs.ts';
import { processorSecondsBelow } from './start-processes.ts';

export const SPARK_VERSION = '3.5.9';

export interface Start {
  /** From the start of spark-submit until the packages are imported on both executors. */
  readonly seconds: number;
  /** From the start of spark-submit until the application has a SparkContext, and the driver the environment. */
  readonly driverSeconds: number;
  /** Of all processes of the job until then: the driver's JVM and Python, and what is below each executor. */
  readonly processorSeconds: { readonly driver: number; readonly executors: number };
  /** Those that have imported the packages: `0` and `1`. */
  readonly executors: readonly string[];
}

/** What fixtures/jobs/start_job.py prints. */
interface Told {
  /** Seconds since 1970. */
  readonly times: { readonly context: number; readonly imported: number };
  readonly executors: readonly string[];
  /** The id of the process of spark-submit. */
  readonly process: number;
}

/**
 * Starts a job with two executors, each a JVM of its own, on the file system that a configuration names.
 * @param hadoopConfDir the only place where the job learns of a NameNode
 * @throws Error with all that the job wrote when it fails, or has not run on both executors
 */
export async function measureStart(python: string, hadoopConfDir: string, args: readonly string[]): Promise<Start> {
  let output = '';
  let start: Start | undefined;
  const began = Date.now() / 1000;
  const onOutput = (text: string): void => {
    output += text;
    const line = start === undefined ? /^STARTED (.*)\n/m.exec(output)?.[1] : undefined;
    if (line === undefined) return;
    const { times, executors, process }: Told = JSON.parse(line);
    if (executors.join() !== '0,1') throw new Error(`The job ran on the executors ${executors.join()}, not on 0,1`);
    start = {
      seconds: times.imported - began,
      driverSeconds: times.context - began,
      processorSeconds: processorSecondsBelow(process),
      executors,
    };
  };
  const result = await sparkSubmit({
    version: SPARK_VERSION,
    python,
    master: 'local-cluster[2,1,1024]',
    args,
    hadoopConfDir,
    javaOptions: JAVA_OPTIONS,
    env: { HADOOP_USER_NAME: USER },
    onOutput,
  });
  if (result.exitCode !== 0 || start === undefined) {
    const { stdout, stderr, executorLogs } = result;
    throw new Error(
      `spark-submit ${args.join(' ')}: exit code ${result.exitCode}\n${stdout}\n${stderr}\n${executorLogs}`,
    );
  }
  return start;
}
