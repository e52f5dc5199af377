import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ArchiveFile } from '../../src/wheel/archive-file.ts';
import { readEntry } from '../../src/wheel/entry-content.ts';
import { openWheel } from '../../src/wheel/open-wheel.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { writeWheel } from '../support/wheel-maker.ts';

const scratch = scratchDirectory('archive-file');
const directory = scratch.path;
afterAll(() => scratch.remove());

/** A name that is read as a wheel's. */
const place = (name: string): string => join(directory, `${name}-1.0-py3-none-any.whl`);

test('WHEEL_NOT_READABLE: there is no such file', () => {
  expect(() => openWheel(place('absent'))).toThrow(
    expect.objectContaining({ code: 'WHEEL_NOT_READABLE', exit: 'usage' }),
  );
});

test('WHEEL_NOT_READABLE: links that go in a circle', () => {
  symlinkSync(place('loop'), place('loop'));
  expect(() => openWheel(place('loop'))).toThrow(
    expect.objectContaining({ code: 'WHEEL_NOT_READABLE', message: expect.stringContaining('ELOOP') }),
  );
});

test.skipIf(process.platform === 'win32')('WHEEL_NOT_A_FILE: a directory, a pipe nobody writes into, a device', () => {
  mkdirSync(place('directory'));
  execFileSync('mkfifo', [place('pipe')]);
  symlinkSync('/dev/zero', place('device'));
  for (const [name, kind] of Object.entries({ directory: 'a directory', pipe: 'a pipe', device: 'a device' })) {
    expect(() => openWheel(place(name))).toThrow(
      expect.objectContaining({ code: 'WHEEL_NOT_A_FILE', exit: 'usage', message: expect.stringContaining(kind) }),
    );
  }
});

test('a link to a wheel is as good as the wheel', () => {
  const path = writeWheel(join(directory, 'elsewhere'), { name: 'linked', version: '1.0' });
  symlinkSync(path, place('linked'));
  expect(openWheel(place('linked')).name).toBe('linked');
});

test('WHEEL_TRUNCATED: the file has become shorter since it was opened', async () => {
  const path = writeWheel(directory, { name: 'shrinks', version: '1.0', files: { 'a.txt': 'a'.repeat(1000) } });
  const wheel = openWheel(path);
  const file = new ArchiveFile(path);
  try {
    expect(() => file.read(file.size - 10, 11)).toThrow(
      expect.objectContaining({ code: 'WHEEL_TRUNCATED', message: expect.stringContaining(`ends at ${file.size}`) }),
    );
    truncateSync(path, 20);
    await expect(readEntry(file, wheel.entries[0]!, () => undefined)).rejects.toMatchObject({
      code: 'WHEEL_TRUNCATED',
    });
  } finally {
    file.close();
  }
});

test('a file that has become longer since it was opened is read as it was', async () => {
  const path = writeWheel(directory, { name: 'grows', version: '1.0', files: { 'a.txt': 'a'.repeat(1000) } });
  const wheel = openWheel(path);
  appendFileSync(path, 'more');
  const file = new ArchiveFile(path);
  try {
    for (const entry of wheel.entries) await readEntry(file, entry, () => undefined);
  } finally {
    file.close();
  }
  expect(() => openWheel(path)).toThrow(expect.objectContaining({ code: 'WHEEL_ZIP_TRAILING_BYTES' }));
});
