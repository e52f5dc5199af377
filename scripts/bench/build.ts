/**
 * How long it takes to unpack the wheels of pandas, numpy, scipy, scikit-learn, pyarrow and what they need: our own step
 * alone (`unpack`), the whole command with its lock and all wheels in the cache, and the programs that do the same. Only
 * ours compare the files with RECORD and make the checksums that HDFS will be asked for.
 *
 *   npm run bench:build -- [--runs 5] [--peers "uv, cold cache;unpack;hdfs-venv build;pip;zipfile"] [--directory DIR] [--json]
 *
 * All write below DIR (by default the system's temporary directory), in turn, each to a new place; the wheels are in the
 * page cache, and what the run before has left unwritten is written first. Nobody is asked to wait for the disk. What was
 * written is deleted at the very end, because ext4 without a journal makes files slowly for minutes after many were deleted.
 */
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { cacheDirectory } from '../../test/support/cache.ts';
import { CLI, filesOf, REQUIREMENTS, TARGET } from './environment.ts';
import { megabytes, renderUsages, summariseUsages } from './build-report.ts';
import { findInstallers, type Installer, type Job } from './installers.ts';
import { runMeasured, type Usage } from './run-measured.ts';

const installers = await findInstallers();
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    peers: { type: 'string', default: Object.keys(installers).join(';') },
    directory: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs must be a whole number from 1 on, not ${values.runs}`);
const peers = values.peers.split(';').map((name) => [name, find(name)] as const);

const base = mkdtempSync(join(values.directory, 'hdfs-venv-bench-build-'));
try {
  const job = await prepare(join(base, 'lock'));
  const measured = await measureAll(job);
  const summaries = summariseUsages(measured);
  console.log(values.json ? JSON.stringify(summaries, undefined, 2) : renderUsages(summaries));
} finally {
  rmSync(base, { recursive: true, force: true });
}

function find(name: string): Installer {
  const found = installers[name];
  if (found === undefined) throw new Error(`--peers knows ${Object.keys(installers).join('; ')}, not ${name}`);
  return found;
}

/** The wheels come from the index once, and from the cache that `bench:lock` uses, too, ever after. */
async function prepare(lockDirectory: string): Promise<Job> {
  const cache = cacheDirectory('bench-lock');
  mkdirSync(lockDirectory);
  await execa(process.execPath, [CLI, 'lock', ...REQUIREMENTS, ...TARGET], {
    cwd: lockDirectory,
    env: { HDFS_VENV_CACHE: cache },
  });
  const [lock = ''] = readdirSync(lockDirectory);
  const digests = readFileSync(join(lockDirectory, lock), 'utf8').matchAll(/^sha256 = "([0-9a-f]{64})"$/gm);
  const wheels = [...digests].flatMap(([, digest = '']) => {
    const directory = join(cache, 'wheels', digest);
    return readdirSync(directory).map((name) => join(directory, name));
  });
  return { wheels, lockDirectory, cache };
}

/** Every second round goes the other way round, so that nobody always follows the same program. */
async function measureAll(job: Job): Promise<Map<string, Usage[]>> {
  const measured = new Map<string, Usage[]>(peers.map(([name]) => [name, []]));
  console.error(
    `${job.wheels.length} wheels to ${base}, ${cpus().length} cores; seconds, processor time, peak memory:`,
  );
  let expected: string | undefined;
  for (let run = 1; run <= runs; run += 1) {
    for (const [index, [name, installer]] of (run % 2 === 1 ? peers : peers.toReversed()).entries()) {
      const directory = join(base, `${run}-${index}`);
      mkdirSync(directory);
      requireSpace();
      const command = installer.command(job, directory);
      job.wheels.forEach(readThrough);
      await execa('sync');
      const usage = await runMeasured(command);
      const { seconds, user, system, peakBytes } = usage;
      const used = `${user.toFixed(2)} + ${system.toFixed(2)} s, ${megabytes(peakBytes)} MB`;
      console.error(`run ${run}, ${name}: ${seconds.toFixed(2)} s (${used})`);
      const found = listing(join(directory, installer.tree));
      expected ??= found;
      if (found !== expected) throw new Error(`${name} has not written what ${peers[0]?.[0]} wrote: ${directory}`);
      measured.get(name)?.push(usage);
    }
  }
  return measured;
}

/** What everybody must have written alike: not dist-info, where installers add their own, nor programs and other data. */
function listing(tree: string): string {
  return filesOf(tree)
    .filter(({ path }) => !/^bin\/|^[^/]+\.(?:data|dist-info)\/|^\.lock$/.test(path))
    .map(({ path, size }) => `${path} ${size}`)
    .join('\n');
}

/** uv writes everything twice. */
function requireSpace(): void {
  const { bavail, bsize } = statfsSync(base);
  if (bavail * bsize < 2e9)
    throw new Error(`${base} has less than 2 GB free: take fewer --runs or another --directory`);
}

function readThrough(path: string): void {
  const [descriptor, buffer] = [openSync(path, 'r'), Buffer.allocUnsafe(2 ** 20)];
  while (readSync(descriptor, buffer) > 0);
  closeSync(descriptor);
}
