import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareUtf8, digestOfFileList, renderFileList } from '../../src/env/file-list.ts';
import { type FileEntry, fileListSchema } from '../../src/env/manifest.ts';

function file(path: string): FileEntry {
  return { path, size: 3, sha256: 'a'.repeat(64), mode: '644', hdfsChecksum: 'b'.repeat(32) };
}

test('equal files give equal bytes, whatever their order and the order of their keys', () => {
  const one = file('a/x.py');
  const two = Object.fromEntries(Object.entries(file('b.py')).toReversed()) as FileEntry;
  expect(renderFileList([two, one])).toEqual(renderFileList([file('a/x.py'), file('b.py')]));
});

test('files are sorted by UTF-8 bytes, not by UTF-16 units', () => {
  const list = fileListSchema.parse(
    JSON.parse(renderFileList([file('\u{1F40D}'), file('\uFF5E'), file('Z')]).toString()),
  );
  expect(list.files.map(({ path }) => path)).toEqual(['Z', '\uFF5E', '\u{1F40D}']);
});

test('the bytes are these, for ever: releases name them by digest', () => {
  const { hdfsChecksum, sha256 } = file('');
  expect(renderFileList([file('é".py'), file('a')]).toString()).toBe(
    `{"schemaVersion":1,"files":[\n` +
      `{"path":"a","size":3,"sha256":"${sha256}","mode":"644","hdfsChecksum":"${hdfsChecksum}"},\n` +
      `{"path":"é\\".py","size":3,"sha256":"${sha256}","mode":"644","hdfsChecksum":"${hdfsChecksum}"}\n]}\n`,
  );
});

test('an environment without files has a list too', () => {
  expect(fileListSchema.parse(JSON.parse(renderFileList([]).toString())).files).toEqual([]);
});

test('the order is the one of the encoded bytes', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '\u{7F}', 'é', '\u{FF5E}', '\u{E000}', '\u{1F40D}', '\u{10FFFF}'),
  });
  fc.assert(
    fc.property(text, text, (left, right) => {
      expect(Math.sign(compareUtf8(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
    }),
  );
});

test.each([0, 1, 3])('the digest of a list of %i is that of its bytes', (count) => {
  const files = ['a', 'b/"é".py', 'c'].slice(0, count).map(file);
  expect(digestOfFileList(files)).toBe(createHash('sha256').update(renderFileList(files)).digest('hex'));
});
