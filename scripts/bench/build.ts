/**
 * How long it takes to unpack the wheels of pandas, numpy, scipy, scikit-learn, pyarrow and what they need: our own step
 * alone (`unpack`), the whole command with its lock and all wheels in the cache, and the programs that do the same. Only
 * ours compare the files with RECORD and make the checksums that HDFS will be asked for.
 *
 *   npm run bench:build -- [--runs 5] [--peers "uv, cold cache;unpack;hdfs-venv build;pip;zipfile"] [--directory DIR] [--json] [--write]
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
import { benchCache, CLI, filesOf, REQUIREMENTS, TARGET } from './environment.ts';
import { FASTEST_PEER, findInstallers, type Job, PIP, STEP, UV } from './installers.ts';
import { inTurn } from './results/in-turn.ts';
import { commandLine, thisMachine } from './results/machine.ts';
import { parseRuns, pick, REPORT_OPTIONS } from './results/options.ts';
import { reportResult } from './results/report-result.ts';
import type { Result } from './results/result.ts';
import { medianOf } from './results/summarise.ts';
import { runMeasured, type Usage } from './run-measured.ts';
import { megabytes, peakBytesOf, usageRows } from './usage-rows.ts';

const installers = await findInstallers();
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    peers: { type: 'string', default: Object.keys(installers).join(';') },
    directory: { type: 'string', default: tmpdir() },
    ...REPORT_OPTIONS,
  },
});
const runs = parseRuns(values.runs);
const peers = pick('--peers', values.peers, installers, ';');

const base = mkdtempSync(join(values.directory, 'hdfs-venv-bench-build-'));
try {
  const job = await prepare(join(base, 'lock'));
  const measured = await measureAll(job);
  const rows = usageRows(measured);
  const result: Result = {
    name: 'build',
    title: `How long it takes to unpack ${job.wheels.length} wheels`,
    about: [
      'The wheels of pandas, numpy, scipy, scikit-learn, pyarrow and what they need, unpacked to a new place on the local disk. `unpack` is the step of `hdfs-venv build` that does it, `hdfs-venv build` the whole command with its lock and all wheels in its cache. Only these two compare every file with RECORD and make the checksums that HDFS will be asked for.',
    ],
    command: commandLine('bench:build'),
    machine: thisMachine({ uv: UV, pip: PIP }),
    rows,
    reference: peers[0]?.[0] ?? '',
    goals: [
      {
        what: `${STEP} beside ${FASTEST_PEER}`,
        measured: medianOf(rows, STEP) / medianOf(rows, FASTEST_PEER),
        unit: '×',
        aim: { atMost: 1 },
      },
      {
        what: `memory of ${STEP}`,
        measured: peakBytesOf(measured.get(STEP) ?? []) / 1e6,
        unit: 'MB',
        aim: { atMost: 400 },
      },
    ],
  };
  await reportResult(result, values);
} finally {
  rmSync(base, { recursive: true, force: true });
}

/** The wheels come from the index once, and from the cache that `bench:lock` uses, too, ever after. */
async function prepare(lockDirectory: string): Promise<Job> {
  const cache = benchCache();
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

async function measureAll(job: Job): Promise<Map<string, Usage[]>> {
  console.error(
    `${job.wheels.length} wheels to ${base}, ${cpus().length} cores; seconds, processor time, peak memory:`,
  );
  let expected: string | undefined;
  return inTurn(peers, runs, async (name, installer, run) => {
    const directory = mkdtempSync(join(base, `${run}-`));
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
    return usage;
  });
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
