/**
 * Evidence that memory does not grow with a wheel: what building takes of one that is small, of one of more than a gigabyte,
 * and of two beyond 4 GiB, where ZIP64's numbers begin. Every file of every tree is hashed again and compared with what was
 * put into the wheel.
 * `npx tsx scripts/evidence/large-wheel.ts [--size 1200M] [--directory DIR]`; needs 14 GB of disk for a few minutes, and the
 * compiled program (`npm run build`). Exits with 1 when a claim does not hold.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { treePath } from '../../src/env/manifest-path.ts';
import { MAX_DEFLATE_RATIO } from '../../src/wheel/limits.ts';
import { buildAlone, hashTree, type LargeMember, writeLargeWheel } from '../../test/support/large-wheel.ts';
import { type Claim, reportClaims } from './claims.ts';

const MIB = 2 ** 20;
const BEYOND_4_GIB = 4100 * MIB + 1;
const MOST_BYTES = 400e6;
/** What two runs of the same may differ by. */
const NOISE_BYTES = 100e6;

const { values } = parseArgs({
  options: { size: { type: 'string', default: '1200M' }, directory: { type: 'string', default: tmpdir() } },
});
const [, mebibytes] = /^([1-9]\d*)M$/.exec(values.size) ?? [];
if (mebibytes === undefined) throw new Error(`--size takes mebibytes, such as 1200M, not ${values.size}`);

const base = mkdtempSync(join(values.directory, 'hdfs-venv-large-wheel-'));
try {
  const small = await measure('small', shape(40));
  const wheels = [
    await measure('large', shape(Number(mebibytes))),
    await measure('inflated', [
      { path: 'large/zeros.bin', size: BEYOND_4_GIB, content: 'zeros', method: 'deflated' },
      { path: 'large/after.txt', size: 1000, content: 'text', method: 'deflated' },
    ]),
    await measure('offset', [
      { path: 'large/zeros.bin', size: BEYOND_4_GIB, content: 'zeros', method: 'stored' },
      { path: 'large/after.txt', size: 1000, content: 'text', method: 'deflated' },
    ]),
  ];
  reportClaims(wheels.flatMap((wheel) => claimsOf(wheel, small)));
} finally {
  rmSync(base, { recursive: true, force: true });
}

/** One file with most of the bytes, which cannot be made smaller, one that can, and some that are read whole. */
function shape(size: number): LargeMember[] {
  return [
    { path: 'large/weights.bin', size: size * MIB + 1, content: 'noise', method: 'stored' },
    { path: 'large/vocabulary.txt', size: Math.round((size / 4) * MIB) + 1, content: 'text', method: 'deflated' },
    { path: 'large/noise.bin', size: Math.round((size / 40) * MIB), content: 'noise', method: 'deflated' },
    { path: 'large/empty', size: 0, content: 'zeros', method: 'stored' },
  ];
}

interface Measured {
  readonly name: string;
  /** Of the archive and of all its files. */
  readonly wheelBytes: number;
  readonly treeBytes: number;
  readonly peakBytes: number;
  readonly seconds: number;
  /** Files whose bytes in the tree, or whose digest in the manifest, are not what was put in. */
  readonly differing: readonly string[];
}

async function measure(name: string, members: readonly LargeMember[]): Promise<Measured> {
  const directory = join(base, name);
  mkdirSync(directory);
  const wheel = await writeLargeWheel(directory, name, members);
  const began = performance.now();
  // zeros become two hundred times smaller, which the usual limits take for a bomb
  const limits = { ratio: MAX_DEFLATE_RATIO };
  const { manifest, peakBytes } = await buildAlone(wheel.path, join(directory, 'build'), limits);
  const seconds = (performance.now() - began) / 1000;
  const described = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
  // RECORD is written anew where it is not true of the tree
  const paths = [...wheel.sha256.keys()].filter((path) => !path.endsWith('/RECORD'));
  const found = await hashTree(treePath(join(directory, 'build')), paths);
  const isSame = (path: string): boolean =>
    [described, found].every((digests) => digests.get(path) === wheel.sha256.get(path));
  const measured = {
    name,
    wheelBytes: statSync(wheel.path).size,
    treeBytes: manifest.files.reduce((sum, { size }) => sum + size, 0),
    peakBytes,
    seconds,
    differing: paths.filter((path) => !isSame(path)),
  };
  rmSync(directory, { recursive: true });
  return measured;
}

function claimsOf(wheel: Measured, small: Measured): Claim[] {
  const { name, wheelBytes, treeBytes, peakBytes, seconds, differing } = wheel;
  const sizes = `${megabytes(wheelBytes)} MB to ${megabytes(treeBytes)} MB`;
  const smallSizes = `${megabytes(small.wheelBytes)} MB to ${megabytes(small.treeBytes)} MB`;
  return [
    {
      claim: `${name}: every file is what was put in`,
      seen: differing.length === 0 ? `${sizes} in ${seconds.toFixed(1)} s, nothing differs` : differing.join(', '),
      holds: differing.length === 0 && small.differing.length === 0,
    },
    {
      claim: `${name}: less than ${megabytes(MOST_BYTES)} MB of memory, and no more than a small wheel takes`,
      seen: `${megabytes(peakBytes)} MB; of ${smallSizes}: ${megabytes(small.peakBytes)} MB`,
      holds: peakBytes < MOST_BYTES && peakBytes - small.peakBytes < NOISE_BYTES,
    },
  ];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
