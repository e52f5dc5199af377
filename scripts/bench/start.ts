/**
 * How long a Spark job takes from the start of spark-submit until its packages are imported on both executors, when it gets
 * an environment of pandas, numpy, scipy, scikit-learn and pyarrow from a real HDFS: as a tree, as archives of wheels, as
 * one archive by Spark's own `--archives`, and when it needs none.
 *
 *   npm run bench:start -- [--runs 5] [--ways none,tree,tar,archives] [--delays 0,2] [--json] [--write]
 *
 * A delay is in milliseconds: all that the job sends to the NameNode arrives so much later, by a proxy which is the only
 * NameNode that the job's configuration names. Then what went through it stands beside what the NameNode was asked.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { writeConfiguration } from '../../test/support/hadoop/configuration.ts';
import { findPython, makeVirtualenv } from '../../test/support/python.ts';
import { scratchDirectory } from '../../test/support/scratch.ts';
import { startTcpDelay } from '../../test/support/tcp-delay.ts';
import { benchEnvironment, sizeOf } from './environment.ts';
import { startBenchHdfs } from './hdfs.ts';
import { inTurn } from './results/in-turn.ts';
import { parseRuns, pick, REPORT_OPTIONS } from './results/options.ts';
import { reportResult } from './results/report-result.ts';
import type { Row } from './results/result.ts';
import { measureStart } from './start-job.ts';
import { countCalls } from './start-name-node.ts';
import { type Measurement, resultOf, rowOf } from './start-report.ts';
import { placeJob, WAYS } from './start-ways.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    ways: { type: 'string', default: Object.keys(WAYS).join(',') },
    delays: { type: 'string', default: '0,2' },
    ...REPORT_OPTIONS,
  },
});
const runs = parseRuns(values.runs);
const ways = pick('--ways', values.ways, WAYS);
const delays = values.delays.split(',').map((text) => {
  if (!/^\d+$/.test(text)) throw new Error(`--delays takes milliseconds, not ${text}`);
  return Number(text);
});

const say = (line: string): void => console.error(line);

const directory = await benchEnvironment();
const scratch = scratchDirectory('bench-start');
const hdfs = await startBenchHdfs('default');
try {
  const python = await clusterPython();
  await placeJob(hdfs);
  const placed: [string, readonly string[]][] = [];
  for (const [name, way] of ways) {
    say(`putting ${name} on HDFS`);
    placed.push([name, await way.place(hdfs, directory)]);
  }
  say('warming up');
  for (const [, args] of placed) await measureStart(python, configurationFor(hdfs.nameNodeRpc), args);
  const calls = await countCalls(hdfs);
  const rows: Row[] = [];
  for (const delay of delays) rows.push(...(await measureSetting(delay, placed, { python, calls })));
  await reportResult(resultOf(rows, hdfs, sizeOf(join(directory, 'venv'))), values);
} finally {
  await hdfs.stop();
  scratch.remove();
}

/** A Python with nothing but the standard library: what a job imports comes from its environment. */
function clusterPython(): Promise<string> {
  const python = findPython('3.11');
  if (python === undefined) throw new Error('Cannot find a Python 3.11 on PATH or under pyenv');
  return makeVirtualenv(python, join(scratch.path, 'python'));
}

/** A HADOOP_CONF_DIR which names this file system and no other. */
function configurationFor(fileSystem: string): string {
  const path = join(scratch.path, `conf-${new URL(fileSystem).port}`);
  writeConfiguration(path, { 'fs.defaultFS': fileSystem }, {});
  return path;
}

async function measureSetting(
  delay: number,
  placed: readonly (readonly [string, readonly string[]])[],
  { python, calls }: { readonly python: string; readonly calls: () => Promise<number> },
): Promise<Row[]> {
  const proxy = delay === 0 ? undefined : await startTcpDelay({ port: portOf(hdfs.nameNodeRpc), milliseconds: delay });
  try {
    const configuration = configurationFor(proxy === undefined ? hdfs.nameNodeRpc : `hdfs://localhost:${proxy.port}`);
    const measured = await inTurn(placed, runs, async (name, args, run): Promise<Measurement> => {
      // What the run before has left unwritten would be written during this one.
      await execa('sync');
      await calls();
      const before = proxy?.delayed();
      const start = await measureStart(python, configuration, args);
      const after = proxy?.delayed();
      const delayed =
        before === undefined || after === undefined
          ? undefined
          : { connections: after.connections - before.connections, chunks: after.chunks - before.chunks };
      const measurement = { ...start, calls: await calls(), delayed };
      say(`delay ${delay} ms, run ${run}, ${name}: ${JSON.stringify(measurement)}`);
      expectDelayed(name, measurement);
      return measurement;
    });
    return [...measured].map(([name, measurements]) => rowOf(name, delay, measurements));
  } finally {
    await proxy?.close();
  }
}

/**
 * Every process that has asked the NameNode had a connection of its own through the proxy, and as much went through it as
 * the NameNode was asked: two calls of one connection may travel in one piece, but few do.
 */
function expectDelayed(name: string, { calls, delayed }: Measurement): void {
  if (delayed === undefined) return;
  const processes = name === 'none' ? 1 : 3;
  if (delayed.connections < processes || delayed.chunks < 0.9 * calls)
    throw new Error(`${name}: the NameNode was asked ${calls} times, and the proxy saw ${JSON.stringify(delayed)}`);
}

function portOf(address: string): number {
  return Number(new URL(address).port);
}
