/**
 * How long it takes, and what is sent, to publish an environment again after one small package changed: six 1.17.0 instead
 * of 1.16.0 beside pandas, numpy, scipy, scikit-learn and pyarrow, with both layouts, to a real HDFS of two DataNodes.
 *
 *   npm run bench:republish -- [--runs 5] [--layouts tar,tree] [--event-loop-threads 64]
 *                              [--requirements NAME==VERSION,…] [--json] [--write]
 *
 * Every run publishes both to a new place, which is deleted before the next one. Both environments are built before.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { benchEnvironment, REQUIREMENTS, sizeOf, USER } from './environment.ts';
import { addressOf, blocksOf, contentOf, removeAndSettle, startBenchHdfs } from './hdfs.ts';
import { cacheLayers, layersOf, publish, type Published } from './peers/hdfs-venv.ts';
import { inTurn } from './results/in-turn.ts';
import { commandLine, thisMachine } from './results/machine.ts';
import { parseRuns, pick, REPORT_OPTIONS } from './results/options.ts';
import { reportResult } from './results/report-result.ts';
import type { Row } from './results/result.ts';
import { median, medianOf } from './results/summarise.ts';

const [OLD, NEW] = ['six==1.16.0', 'six==1.17.0'];
const [FIRST, AGAIN] = ['first release', 'one package changed'];

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    layouts: { type: 'string', default: 'tar,tree' },
    'event-loop-threads': { type: 'string', default: '64' },
    requirements: { type: 'string', default: REQUIREMENTS.join(',') },
    ...REPORT_OPTIONS,
  },
});
const runs = parseRuns(values.runs);
const layouts = pick('--layouts', values.layouts, { tar: 'tar', tree: 'tree' } as const);
const requirements = values.requirements.split(',');
if (!requirements.includes(OLD)) throw new Error(`--requirements must have ${OLD}, which is changed to ${NEW}`);
const changed = requirements.map((one) => (one === OLD ? NEW : one));
const threads = values['event-loop-threads'];

interface Measurement extends Published {
  readonly seconds: number;
  /** What HDFS holds more than before: bytes, each counted once. */
  readonly stored: number;
}
interface Pair {
  readonly first: Measurement;
  readonly again: Measurement;
  /** Bytes of the changed package's archive; `NaN` of a tree. */
  readonly changedBytes: number;
}

const hdfs = await startBenchHdfs(threads);
try {
  await measure('tar', 0);
  const measured = await inTurn(layouts, runs, (_, layout, run) => measure(layout, run));
  const { files, bytes } = sizeOf(join(await benchEnvironment({ requirements }), 'venv'));
  const rows = [...measured]
    .flatMap(([layout, pairs]) => [
      rowOf(
        layout,
        FIRST,
        pairs.map(({ first }) => first),
      ),
      rowOf(
        layout,
        AGAIN,
        pairs.map(({ again }) => again),
      ),
    ])
    .toSorted((left, right) => Number(left.setting === AGAIN) - Number(right.setting === AGAIN));
  // the worst of all runs
  const ofChange = (measured.get('tar') ?? []).map(({ again, changedBytes }) => again.uploadedBytes / changedBytes);
  await reportResult(
    {
      name: 'republish',
      title: `Publishing ${files.toLocaleString('en')} files of ${(bytes / 1e6).toFixed(0)} MB again after one small package changed`,
      about: [
        `The environment of \`${requirements.join(' ')}\`, then that with \`${NEW}\`, to an HDFS with a NameNode and two DataNodes (${threads === 'default' ? 'the default number of' : threads} event-loop threads), replication 2, on the same machine as the client. Both environments are built before, with their archives; what is measured is \`hdfs-venv publish\` from its start to its end.`,
        '"uploaded" is what the command says that it sent of the environment, "HDFS holds more" what the NameNode says afterwards, each byte counted once: the file list, the bootstrap and the release, too.',
      ],
      command: commandLine('bench:republish'),
      machine: thisMachine({ Hadoop: hdfs.version }),
      rows,
      reference: 'tar',
      goals: [
        { what: `tar, ${AGAIN}`, measured: medianOf(rows, 'tar', AGAIN), unit: 's', aim: { atMost: 1.5 } },
        {
          what: 'bytes uploaded beside those of the changed archive',
          measured: ofChange.length === 0 ? Number.NaN : Math.max(...ofChange),
          unit: '×',
          aim: { atMost: 1 },
        },
      ],
    },
    values,
  );
} finally {
  await hdfs.stop();
}

function rowOf(peer: string, setting: string, all: readonly Measurement[]): Row {
  const kilobytes = (bytes: readonly number[]): string => (median(bytes) / 1000).toFixed(1);
  return {
    peer,
    setting,
    seconds: all.map(({ seconds }) => seconds),
    columns: {
      'files uploaded': String(median(all.map(({ uploadedFiles }) => uploadedFiles))),
      'kB uploaded': kilobytes(all.map(({ uploadedBytes }) => uploadedBytes)),
      'HDFS holds more, kB': kilobytes(all.map(({ stored }) => stored)),
    },
  };
}

async function measure(layout: 'tar' | 'tree', run: number): Promise<Pair> {
  const [before, after] = [
    await benchEnvironment({ requirements, layout }),
    await benchEnvironment({ requirements: changed, layout }),
  ];
  if (layout === 'tar') for (const directory of [before, after]) await cacheLayers(directory);
  const destination = `/user/${USER}/${layout}-${run}`;
  const blocks = await blocksOf(hdfs);
  const first = await timed(before, layout, destination, 0);
  const again = await timed(after, layout, destination, first.stored);
  console.error(`run ${run}, ${layout}: ${first.seconds.toFixed(2)} s, then ${again.seconds.toFixed(2)} s`);
  const changedBytes = layout === 'tar' ? await bytesOfChanged(destination, again) : Number.NaN;
  await removeAndSettle(hdfs, destination, blocks);
  return { first, again, changedBytes };
}

async function timed(
  directory: string,
  layout: 'tar' | 'tree',
  destination: string,
  bytesBefore: number,
): Promise<Measurement> {
  await execa('sync');
  const start = performance.now();
  const published = await publish(directory, layout, addressOf(hdfs, destination));
  const seconds = (performance.now() - start) / 1000;
  return { ...published, seconds, stored: (await contentOf(hdfs, destination)).bytes - bytesBefore };
}

async function bytesOfChanged(environment: string, again: Published): Promise<number> {
  const layers = await layersOf(hdfs, environment, again.release);
  const archive = layers.find(({ path }) => path.startsWith(`layers/${NEW.replace('==', '-')}-`));
  if (archive === undefined) throw new Error(`release ${again.release} has no archive of ${NEW}`);
  return archive.size;
}
