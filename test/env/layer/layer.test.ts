import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { type LayerFile, layerBytes } from '../../../src/env/layer/layer.ts';
import { BLOCK_BYTES } from '../../../src/env/layer/tar-header.ts';
import { temporaryDirectories } from '../../support/environment-maker.ts';

const newDirectory = temporaryDirectories('layer');

const NO_WHEEL = {
  name: '',
  read: () => {
    throw new Error('no file of these layers lies in a wheel');
  },
};

/** As many modules without a byte, one after the other. */
const emptyFiles = (count: number): LayerFile[] =>
  Array.from({ length: count }, (_, index) => ({
    path: `empty/${String(index).padStart(5, '0')}.py`,
    mode: '644',
    content: Buffer.alloc(0),
  }));

test('GNU tar unpacks thousands of empty files in a row', () => {
  const root = newDirectory();
  const last: LayerFile = { path: 'empty/last.py', mode: '644', content: Buffer.from('x = 1\n') };
  const archive = Buffer.concat([...layerBytes(NO_WHEEL, [...emptyFiles(5000), last])]);
  const listed = execFileSync('tar', ['-tzf', '-'], { input: archive, encoding: 'utf8', maxBuffer: 2 ** 24 });
  expect(listed.trim().split('\n')).toEqual([...emptyFiles(5000), last].map(({ path }) => path));
  execFileSync('tar', ['-xzf', '-'], { input: archive, cwd: root });
  expect(readdirSync(join(root, 'empty'))).toHaveLength(5001);
});

test('the header of an empty file is not copied again for every one that follows it', () => {
  const concat = vi.spyOn(Buffer, 'concat');
  try {
    const count = 20_000;
    for (const piece of layerBytes(NO_WHEEL, emptyFiles(count))) expect(piece.length).toBeLessThan(2 ** 20);
    const copied = concat.mock.results.reduce((sum, { value }) => sum + (value as Buffer).length, 0);
    expect(copied).toBeLessThanOrEqual(2 * BLOCK_BYTES * (count + 2));
  } finally {
    concat.mockRestore();
  }
});
