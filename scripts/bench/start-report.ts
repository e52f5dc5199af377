import type { HdfsCluster } from '../../test/support/hadoop/cluster.ts';
import type { Content } from './hdfs.ts';
import { commandLine, thisMachine } from './results/machine.ts';
import type { Goal, Result, Row } from './results/result.ts';
import { median, medianOf } from './results/summarise.ts';
import { SPARK_VERSION, type Start } from './start-job.ts';

export interface Measurement extends Start {
  /** Of the NameNode, by clients. */
  readonly calls: number;
  /** What went through the proxy; undefined without one. */
  readonly delayed: { readonly connections: number; readonly chunks: number } | undefined;
}

/** Everything but the seconds of each run is shown as a median. */
export function rowOf(peer: string, delay: number, measurements: readonly Measurement[]): Row {
  const middle = (of: (measurement: Measurement) => number, digits: number): string =>
    median(measurements.map(of)).toFixed(digits);
  return {
    peer,
    setting: settingOf(delay),
    seconds: measurements.map(({ seconds }) => seconds),
    columns: {
      'driver ready, s': middle(({ driverSeconds }) => driverSeconds, 1),
      'driver CPU, s': middle(({ processorSeconds }) => processorSeconds.driver, 1),
      'executors CPU, s': middle(({ processorSeconds }) => processorSeconds.executors, 1),
      'NameNode calls': middle(({ calls }) => calls, 0),
      ...(delay === 0
        ? {}
        : {
            'delayed chunks': middle(({ delayed }) => delayed?.chunks ?? Number.NaN, 0),
            'delayed connections': middle(({ delayed }) => delayed?.connections ?? Number.NaN, 0),
          }),
    },
  };
}

export function resultOf(rows: readonly Row[], hdfs: HdfsCluster, { files, bytes }: Content): Result {
  return {
    name: 'start',
    title: 'Start of a job: from spark-submit until the packages are imported on both executors',
    about: [
      `A job of two executors (\`local-cluster[2,1,1024]\`, each a JVM of its own) gets an environment of numpy, pandas, scipy, scikit-learn and pyarrow, ${files.toLocaleString('en')} files of ${(bytes / 1e6).toFixed(0)} MB, from a real HDFS of two DataNodes on the same machine, and imports all five on each executor: from the layout \`tree\`, from the layout \`tar\`, and by Spark's own \`--archives\` from one .tar.gz (gzip -6) of the same tree. \`none\` imports nothing: it is what any job takes. Each executor unpacks for itself here, either way; on YARN a node unpacks what \`--archives\` names once for all of its executors.`,
      'With a delay, everything that driver and executors send to the NameNode arrives so many milliseconds later: a TCP proxy stands before it, and the job\'s configuration names no other NameNode. "delayed chunks" counts what went through it.',
      '"driver ready" is when the application has its SparkContext and the driver its environment. Processor time is that of all processes of the job until its packages are imported.',
    ],
    command: commandLine('bench:start'),
    machine: thisMachine({ Hadoop: hdfs.version, Spark: SPARK_VERSION }),
    rows,
    reference: 'archives',
    goals: goalsOf(rows),
  };
}

function settingOf(delay: number): string {
  return delay === 0 ? 'no delay' : `${delay} ms`;
}

function goalsOf(rows: readonly Row[]): Goal[] {
  const settings = [...new Set(rows.map(({ setting }) => setting))];
  return settings.flatMap((setting) => {
    const beside = (peer: string, atMost: number): Goal => ({
      what: `tar beside ${peer}, ${setting ?? ''}`,
      measured: medianOf(rows, 'tar', setting) / medianOf(rows, peer, setting),
      unit: '×',
      aim: { atMost },
    });
    return [beside('archives', 1), beside('tree', setting === settingOf(0) ? 0.6 : 0.3)];
  });
}
