import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cacheWheels, makeEnvironment } from '../support/environment-maker.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { hdfsVenv, hdfsVenvSucceeds, placeOn, publish, startHdfsVenv } from './hdfs-venv.ts';

/** Publishing archives to a real HDFS when something goes wrong. Oracle: Hadoop's own FsShell, and a whole `verify`. */

const WHEELS = 8;
const ALICE = ['--user', 'alice', '--layout', 'tar'];

interface Result {
  readonly status: string;
  readonly release: number;
  readonly uploadedFiles: number;
  readonly reusedFiles: number;
}

let hdfs: HdfsCluster;
let scratch: ReturnType<typeof scratchDirectory>;
let built: string;

beforeAll(async () => {
  scratch = scratchDirectory('e2e-publish-tar');
  [hdfs, built] = await Promise.all([startHdfs(), build()]);
});
afterAll(async () => {
  await hdfs?.stop();
  scratch?.remove();
});

test('a publisher that is killed at whatever moment leaves no half release, and the next one sends only what is missing', async () => {
  // the shortest of several: servers that have just been started, and a machine that is busy with something else, take longer
  let milliseconds = Infinity;
  for (const name of ['clean-1', 'clean-2', 'clean-3']) {
    const time = await timeOf(() => publish(hdfs, built, name, '--layout', 'tar', '--concurrency', '2'));
    milliseconds = Math.min(milliseconds, time);
  }
  const moments = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
  let interrupted = 0;
  for (const moment of moments) {
    const place = placeOn(hdfs, `killed-${moment}`);
    const doomed = startHdfsVenv('publish', built, place.address, ...ALICE, '--concurrency', '2');
    await sleep(moment * milliseconds);
    doomed.kill('SIGKILL');
    await doomed.finished;
    // what it had asked for may still be under way in the NameNode
    await sleep(300);

    const before = await namesIn(`${place.path}/layers`);
    const released = await namesIn(`${place.path}/releases`);
    if (released.length === 0) interrupted += 1;
    else await hdfsVenvSucceeds('verify', place.address, '--user', 'alice');
    const { stdout } = await hdfsVenvSucceeds('publish', built, place.address, ...ALICE, '--json');
    const result = JSON.parse(stdout) as Result;
    expect(result).toMatchObject({ release: 1, reusedFiles: before.length, uploadedFiles: WHEELS - before.length });
    await hdfsVenvSucceeds('verify', place.address, '--user', 'alice');
    expect(await namesIn(`${place.path}/layers`)).toHaveLength(WHEELS);
    // whoever was killed before its announcement was written may still be alive for all that others know
    for (const left of released.length === 0 ? await namesIn(`${place.path}/.incoming`) : [])
      expect(await namesIn(`${place.path}/.incoming/${left}`)).not.toContain('layers');
  }
  expect(interrupted).toBeGreaterThan(2);
});

test('two publishers at once make one release, and no archive twice', async () => {
  const place = placeOn(hdfs, 'both');
  const results = await Promise.all(
    [1, 2].map(() => hdfsVenvSucceeds('publish', built, place.address, ...ALICE, '--json')),
  );
  const statuses = results.map(({ stdout }) => (JSON.parse(stdout) as Result).status);
  expect(statuses.toSorted()).toEqual(['already-published', 'published']);
  expect(await namesIn(`${place.path}/layers`)).toHaveLength(WHEELS);
  expect(await namesIn(`${place.path}/releases`)).toEqual(['000001.json']);
  await hdfsVenvSucceeds('verify', place.address, '--user', 'alice');
});

describe('an archive that somebody replaced', () => {
  test('is found by verify, and put right by the next publish, while the old one stays', async () => {
    const place = await publish(hdfs, built, 'replaced', '--layout', 'tar');
    const [first = ''] = await namesIn(`${place.path}/layers`);
    await hadoop('-put', '-f', join(scratch.path, 'env', 'manifest.json'), `${place.path}/layers/${first}`);
    const found = await hdfsVenv('verify', place.address, '--user', 'alice');
    expect(found.exitCode).toBe(8);
    expect(found.stdout).toContain(`layers/${first}`);
    const { stdout, stderr } = await hdfsVenvSucceeds('publish', built, place.address, ...ALICE, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ release: 2, uploadedFiles: 1, reusedFiles: WHEELS - 1 });
    expect(stderr).toContain(`layers/${first} is named after its content but holds other bytes`);
    await hdfsVenvSucceeds('verify', place.address, '--user', 'alice');
    expect(await namesIn(`${place.path}/layers`)).toHaveLength(WHEELS + 1);
  });
});

test('--replication is what the files get; without it a small cluster decides', async () => {
  const told = await publish(hdfs, built, 'told', '--layout', 'tar', '--replication', '1');
  const own = await publish(hdfs, built, 'own', '--layout', 'tar');
  const tree = await publish(hdfs, built, 'tree', '--replication', '1');
  const replicas = async (pattern: string): Promise<Set<string>> =>
    new Set((await hadoop('-stat', '%r', pattern)).trim().split('\n'));
  expect(await replicas(`${told.path}/layers/*`)).toEqual(new Set(['1']));
  expect(await replicas(`${own.path}/layers/*`)).toEqual(new Set(['2']));
  expect(await replicas(`${tree.path}/trees/*/*.py`)).toEqual(new Set(['1']));
});

/** Wheels whose bytes no deflate makes smaller, so that an upload takes its time. */
async function build(): Promise<string> {
  const wheels = Array.from({ length: WHEELS }, (_, index) => {
    const code = `data = """${randomBytes(2 ** 20).toString('base64')}"""\n`;
    return { name: `part${index}`, version: '1.0', files: { [`part${index}.py`]: code } };
  });
  const { directory, manifest } = await makeEnvironment(scratch.path, wheels);
  vi.stubEnv('HDFS_VENV_CACHE', cacheWheels(scratch.path, manifest));
  return directory;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function hadoop(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await hdfs.fsShell(args, { user: 'alice' });
  if (exitCode !== 0) throw new Error(`FsShell ${args.join(' ')}: ${exitCode}\n${stderr}`);
  return stdout;
}

/** None when the directory is not there. */
async function namesIn(directory: string): Promise<string[]> {
  const response = await fetch(`${hdfs.webhdfsUrl}/webhdfs/v1${directory}?op=LISTSTATUS&user.name=alice`);
  if (!response.ok) return [];
  const document = (await response.json()) as { FileStatuses: { FileStatus: { pathSuffix: string }[] } };
  return document.FileStatuses.FileStatus.map(({ pathSuffix }) => pathSuffix);
}
