import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { treePath } from '../../src/env/manifest-path.ts';
import { buildAlone, hashTree, type LargeMember, writeLargeWheel } from '../support/large-wheel.ts';
import { scratchDirectory } from '../support/scratch.ts';

const MIB = 2 ** 20;
const scratch = scratchDirectory('large-wheel');
afterAll(() => scratch.remove());

/** One file of almost all bytes, and one that is inflated piece by piece. */
function members(mebibytes: number): LargeMember[] {
  return [
    { path: 'model/weights.bin', size: mebibytes * MIB + 1, content: 'noise', method: 'stored' },
    { path: 'model/vocabulary.txt', size: (mebibytes / 10) * MIB + 1, content: 'text', method: 'deflated' },
    { path: 'model/__init__.py', size: 0, content: 'zeros', method: 'stored' },
  ];
}

async function build(name: string, mebibytes: number): Promise<{ peakBytes: number }> {
  const wheel = await writeLargeWheel(scratch.path, name, members(mebibytes));
  const directory = join(scratch.path, name);
  const { manifest, peakBytes } = await buildAlone(wheel.path, directory);
  const built = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
  // RECORD is written anew where it is not true of the tree
  const paths = [...wheel.sha256.keys()].filter((path) => !path.endsWith('/RECORD'));
  for (const path of paths) expect(built.get(path)).toBe(wheel.sha256.get(path));
  expect(await hashTree(treePath(directory), paths)).toEqual(new Map(paths.map((path) => [path, built.get(path)])));
  return { peakBytes };
}

test('a wheel of more than a gigabyte is unpacked in the memory that a small one takes', async () => {
  const small = await build('small', 40);
  const large = await build('large', 1100);
  expect(large.peakBytes).toBeLessThan(400e6);
  expect(large.peakBytes - small.peakBytes).toBeLessThan(100e6);
});
