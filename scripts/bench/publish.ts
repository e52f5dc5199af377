/**
 * How long it takes to publish an environment of pandas, numpy, scipy, scikit-learn and pyarrow to a real HDFS of two
 * DataNodes: our command line, npm webhdfs and, if asked, `hdfs dfs -put` and bare uploads, in turn on the same cluster.
 *
 *   npm run bench:publish -- [--runs 3] [--peers hdfs-venv,npm-webhdfs,hdfs-put,bare-upload] [--event-loop-threads default,64]
 *                            [--environment DIR] [--json]
 *
 * Every run sends everything to a new place, after the servers were warmed up with one package. DataNodes answer from
 * io.netty.eventLoopThreads threads that block while a file is closed, by default 2 per core: on a small machine these are
 * the limit. 64 is what a node with 32 cores has; then the processors of a small machine are. Both are measured, each on a
 * cluster of its own.
 */
import { cpSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { type HdfsCluster, startHdfs } from '../../test/support/hadoop/cluster.ts';
import { scratchDirectory } from '../../test/support/scratch.ts';
import { processorSeconds } from './cpu.ts';
import { benchEnvironment, filesOf, USER } from './environment.ts';
import { PEERS } from './peers.ts';
import { type Measurement, renderTable, summarise } from './report.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    peers: { type: 'string', default: 'hdfs-venv,npm-webhdfs' },
    'event-loop-threads': { type: 'string', default: 'default,64' },
    environment: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const peers = values.peers.split(',');
for (const peer of peers)
  if (!(peer in PEERS)) throw new Error(`--peers knows ${Object.keys(PEERS).join(', ')}, not ${peer}`);
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs must be a whole number from 1 on, not ${values.runs}`);
const settings = values['event-loop-threads'].split(',');
for (const threads of settings) {
  if (threads !== 'default' && !/^[1-9]\d*$/.test(threads))
    throw new Error(`--event-loop-threads takes numbers and "default", not ${threads}`);
}

const say = (line: string): void => console.error(line);

const directory = values.environment ?? (await benchEnvironment());
const files = filesOf(join(directory, 'venv'));
const sent = { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
const results = [];
for (const threads of settings) results.push(await measureSetting(threads));
if (values.json) console.log(JSON.stringify(results, undefined, 2));

async function measureSetting(threads: string): Promise<object> {
  const hdfs = await startHdfs({
    dataNodeJavaOptions: threads === 'default' ? [] : [`-Dio.netty.eventLoopThreads=${threads}`],
  });
  try {
    const setting = {
      ...sent,
      hadoop: hdfs.version,
      dataNodes: hdfs.dataNodes.length,
      cores: cpus().length,
      eventLoopThreads: threads,
    };
    say(`${sent.files} files, ${(sent.bytes / 1e6).toFixed(0)} MB; ${JSON.stringify(setting)}`);
    await warmUp(hdfs);
    const summaries = summarise(await measureAll(hdfs), sent);
    if (!values.json) console.log(`event-loop threads of a DataNode: ${threads}\n${renderTable(summaries)}\n`);
    return { setting, summaries };
  } finally {
    await hdfs.stop();
  }
}

/** JVMs that just started are half as fast as they will be; whoever goes first must not pay for that. */
async function warmUp(cluster: HdfsCluster): Promise<void> {
  const part = scratchDirectory('bench-warm-up');
  try {
    cpSync(join(directory, 'venv', 'numpy'), join(part.path, 'venv', 'numpy'), { recursive: true });
    await PEERS['npm-webhdfs']?.(cluster, part.path, `/user/${USER}/warm-up`);
  } finally {
    part.remove();
  }
}

/** Every second round goes the other way round, so that nobody always finds the warmer cluster. */
async function measureAll(cluster: HdfsCluster): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (let run = 1; run <= runs; run += 1) {
    for (const peer of run % 2 === 1 ? peers : peers.toReversed()) {
      const measurement = await measure(cluster, peer, `/user/${USER}/${peer}-${run}`);
      const { seconds, processorSeconds: used } = measurement;
      say(
        `run ${run}, ${peer}: ${seconds.toFixed(1)} s (client ${used.client.toFixed(1)}, servers ${used.servers.toFixed(1)} s of processor time)`,
      );
      measurements.push(measurement);
    }
  }
  return measurements.toSorted((left, right) => peers.indexOf(left.peer) - peers.indexOf(right.peer));
}

async function measure(cluster: HdfsCluster, peer: string, destination: string): Promise<Measurement> {
  const upload = PEERS[peer];
  if (upload === undefined) throw new Error(`there is no ${peer}`);
  // What the run before has left unwritten would be written during this one.
  await execa('sync');
  const before = processorUse(cluster);
  const start = performance.now();
  const tree = await upload(cluster, directory, destination);
  const seconds = (performance.now() - start) / 1000;
  const after = processorUse(cluster);
  await expectWhole(cluster, peer, tree);
  const used = { client: after.client - before.client, servers: after.servers - before.servers };
  return { peer, seconds, processorSeconds: used };
}

/** The client is this process or a child of it; the servers are no children that end here. */
function processorUse(cluster: HdfsCluster): Measurement['processorSeconds'] {
  const servers = [cluster.nameNode, ...cluster.dataNodes];
  return {
    client: processorSeconds(process.pid),
    servers: servers.reduce((sum, { pid }) => sum + processorSeconds(pid), 0),
  };
}

/** Not part of the time: no client's word for success is taken. */
async function expectWhole(cluster: HdfsCluster, peer: string, tree: string): Promise<void> {
  const query = `op=GETCONTENTSUMMARY&user.name=${USER}`;
  const response = await fetch(`${cluster.webhdfsUrl}/webhdfs/v1${tree}?${query}`);
  const answer: { ContentSummary?: { fileCount: number; length: number } } = JSON.parse(await response.text());
  const stored = answer.ContentSummary;
  if (stored?.fileCount !== sent.files || stored.length !== sent.bytes) {
    throw new Error(
      `${peer} has not sent everything: ${JSON.stringify(stored)} in ${tree}, not ${JSON.stringify(sent)}`,
    );
  }
}
