import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
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

test('what is deflated here is the same on every machine: a published archive can be made again, byte for byte', () => {
  const root = newDirectory();
  const text = Array.from({ length: 4000 }, (_, index) => `${index} ${index % 97}\n`).join('');
  const bytes = Buffer.from(text);
  const wheel = { name: 'text', read: (start: number, length: number) => bytes.subarray(start, start + length) };
  const [size, crc] = [bytes.length, crc32(bytes)];
  const entry = { path: 'b', dataOffset: 0, compressedSize: size, size, method: 0, crc, recordHash: undefined };
  const files: LayerFile[] = [
    { path: 'own.txt', mode: '644', content: bytes },
    { path: 'stored.txt', mode: '644', content: entry },
  ];
  const archive = Buffer.concat([...layerBytes(wheel, files)]);
  execFileSync('tar', ['-xzf', '-'], { input: archive, cwd: root });
  for (const { path } of files) expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  const digest = createHash('sha256').update(archive).digest('hex');
  expect(digest).toBe('7d6a6a653f3ff0ecc2e87974d2688eed0759f09e76298bf55e3f630b2f135181');
});
