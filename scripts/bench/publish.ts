/**
 * How long it takes to publish an environment of pandas, numpy, scipy, scikit-learn and pyarrow to a real HDFS of two
 * DataNodes: our command line with both layouts, and what others upload the same tree with, in turn on the same cluster.
 *
 *   npm run bench:publish -- [--runs 5] [--peers hdfs-venv,hdfs-venv-tar,…] [--event-loop-threads default,64]
 *                            [--once hdfs-put,…] [--requirements NAME==VERSION,…] [--json] [--write]
 *
 * Peers of --once are measured in the first round of each setting only. Plain `hdfs dfs -put` takes five minutes.
 *
 * Every run sends everything to a new place, after the servers were warmed up with one package; it is deleted before the
 * next. DataNodes answer from io.netty.eventLoopThreads threads that block while a file is closed, by default 2 per core: on a
 * small machine these are the limit. 64 is what a node with 32 cores has; then the processors of a small machine are. Both
 * are measured, each on a cluster of its own.
 */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import type { HdfsCluster } from '../../test/support/hadoop/cluster.ts';
import { scratchDirectory } from '../../test/support/scratch.ts';
import { processorSeconds } from './cpu.ts';
import { benchEnvironment, REQUIREMENTS, sizeOf, USER } from './environment.ts';
import { blocksOf, contentOf, removeAndSettle, startBenchHdfs } from './hdfs.ts';
import { HDFSCLI } from './peers/hdfscli.ts';
import type { Job, Peer, Sent } from './peers/peer.ts';
import { PEERS } from './peers/peers.ts';
import { publishGoals } from './publish-goals.ts';
import { inTurn } from './results/in-turn.ts';
import { commandLine, thisMachine } from './results/machine.ts';
import { parseRuns, pick, REPORT_OPTIONS } from './results/options.ts';
import { reportResult } from './results/report-result.ts';
import type { Row } from './results/result.ts';
import { median } from './results/summarise.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    peers: {
      type: 'string',
      default:
        'hdfs-venv,hdfs-venv-tar,hdfs-venv-tar-cold,npm-webhdfs-16,npm-webhdfs-128,hdfscli-16,hdfs-put,hdfs-put-t16,tar-and-put,bare-upload',
    },
    once: { type: 'string', default: 'npm-webhdfs-128,hdfscli-16,hdfs-put,tar-and-put,bare-upload' },
    'event-loop-threads': { type: 'string', default: 'default,64' },
    requirements: { type: 'string', default: REQUIREMENTS.join(',') },
    ...REPORT_OPTIONS,
  },
});
const peers = pick<Peer>('--peers', values.peers, PEERS);
const once = pick<Peer>('--once', values.once, PEERS).map(([name]) => name);
const runs = parseRuns(values.runs);
const requirements = values.requirements.split(',');

const directory = await benchEnvironment({ requirements });
const tarDirectory = await benchEnvironment({ requirements, layout: 'tar' });
const { files, bytes } = sizeOf(join(directory, 'venv'));

const rows: Row[] = [];
let hadoop = '';
for (const threads of values['event-loop-threads'].split(',')) {
  const hdfs = await startBenchHdfs(threads);
  try {
    hadoop = hdfs.version;
    rows.push(...(await measureSetting({ hdfs, directory, tarDirectory }, threads)));
  } finally {
    await hdfs.stop();
  }
}
await reportResult(
  {
    name: 'publish',
    title: `How long it takes to publish ${files.toLocaleString('en')} files of ${(bytes / 1e6).toFixed(0)} MB`,
    about: [
      `The environment of \`${requirements.join(' ')}\`, to an HDFS with a NameNode and two DataNodes, replication 2, on the same machine as the client. Settings are the threads from which each DataNode answers WebHDFS: the default is 2 per core, 64 is what a node with 32 cores has. Every run sends everything to a new place, which is deleted before the next run; that everything has arrived is checked outside of the measured time.`,
      '`hdfs-venv` is `publish --layout tree`, `hdfs-venv-tar` `publish --layout tar` after `build --layout tar`, with `-cold` when the archives have to be made first. Only these compare every file with the checksum that HDFS computed. `npm-webhdfs-16` is npm `webhdfs` with 16 uploads at once, `npm-webhdfs-128` with as many as ours has at most, `hdfscli-16` PyPI `hdfs` with `n_threads=16`, `hdfs-put` is `hdfs dfs -put`, `hdfs-put-t16` `hdfs dfs -put -t 16`; these two do not speak HTTP. `tar-and-put` is what is done by hand for `--archives`: `tar` and `gzip -6` of the tree, and `hdfs dfs -put` of that one file. `bare-upload` is no program but a floor: the two requests that a file takes in WebHDFS, 128 at once, without anything else. The start of each program counts, except of npm `webhdfs` and `bare-upload`.',
    ],
    command: commandLine('bench:publish'),
    machine: thisMachine({ Hadoop: hadoop, HdfsCLI: HDFSCLI }),
    rows,
    reference: 'hdfs-venv',
    goals: publishGoals(rows),
  },
  values,
);

interface Measurement {
  readonly sent: Sent;
  readonly seconds: number;
  /** Processor time, in seconds; of the servers that of all three. */
  readonly client: number;
  readonly servers: number;
}

async function measureSetting(job: Job, threads: string): Promise<Row[]> {
  await warmUp(job);
  const measured = await inTurn(
    peers,
    runs,
    async (name, peer, run) => {
      const measurement = await measure(job, name, peer, `/user/${USER}/${name}-${run}`);
      const { seconds, client, servers } = measurement;
      const processors = `client ${client.toFixed(1)}, servers ${servers.toFixed(1)} s of processor time`;
      console.error(`${threads} threads, run ${run}, ${name}: ${seconds.toFixed(1)} s (${processors})`);
      return measurement;
    },
    once,
  );
  return [...measured].map(([peer, all]): Row => {
    const seconds = median(all.map((one) => one.seconds));
    const sent = all[0]?.sent ?? { files: 0, bytes: 0 };
    return {
      peer,
      setting: `${threads} threads`,
      seconds: all.map((one) => one.seconds),
      columns: {
        'files/s': (sent.files / seconds).toFixed(0),
        'MB/s': (sent.bytes / 1e6 / seconds).toFixed(1),
        'MB sent': (sent.bytes / 1e6).toFixed(1),
        'client CPU s': median(all.map(({ client }) => client)).toFixed(1),
        'servers CPU s': median(all.map(({ servers }) => servers)).toFixed(1),
      },
    };
  });
}

/** JVMs that just started are half as fast as they will be; whoever goes first must not pay for that. */
async function warmUp(job: Job): Promise<void> {
  const part = scratchDirectory('bench-warm-up');
  const blocks = await blocksOf(job.hdfs);
  const destination = `/user/${USER}/warm-up`;
  try {
    const numpy = join('venv', 'numpy');
    const name = existsSync(join(job.directory, numpy)) ? numpy : 'venv';
    cpSync(join(job.directory, name), join(part.path, name), { recursive: true });
    await PEERS['npm-webhdfs-16'].send({ ...job, directory: part.path }, destination);
    await removeAndSettle(job.hdfs, destination, blocks);
  } finally {
    part.remove();
  }
}

async function measure(job: Job, name: string, peer: Peer, destination: string): Promise<Measurement> {
  await peer.prepare?.(job);
  const blocks = await blocksOf(job.hdfs);
  // What the run before has left unwritten would be written during this one.
  await execa('sync');
  const before = processorUse(job.hdfs);
  const start = performance.now();
  const sent = await peer.send(job, destination);
  const seconds = (performance.now() - start) / 1000;
  const after = processorUse(job.hdfs);
  await expectWhole(job.hdfs, name, sent);
  await removeAndSettle(job.hdfs, destination, blocks);
  return { sent, seconds, client: after.client - before.client, servers: after.servers - before.servers };
}

/** The client is this process or a child of it; the servers are no children that end here. */
function processorUse(cluster: HdfsCluster): { readonly client: number; readonly servers: number } {
  const servers = [cluster.nameNode, ...cluster.dataNodes];
  return {
    client: processorSeconds(process.pid),
    servers: servers.reduce((sum, { pid }) => sum + processorSeconds(pid), 0),
  };
}

/** Not part of the time: no client's word for success is taken. */
async function expectWhole(cluster: HdfsCluster, peer: string, sent: Sent): Promise<void> {
  const stored = await contentOf(cluster, sent.path);
  if (stored.files !== sent.files || stored.bytes !== sent.bytes)
    throw new Error(`${peer} has not sent everything: ${JSON.stringify(stored)}, not ${JSON.stringify(sent)}`);
}
