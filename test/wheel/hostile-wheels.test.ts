import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import { ArchiveFile } from '../../src/wheel/archive-file.ts';
import { readEntry } from '../../src/wheel/entry-content.ts';
import { openWheel } from '../../src/wheel/open-wheel.ts';
import type { HostileWheel, Stage } from '../support/hostile/hostile-wheel.ts';
import { hostileWheels } from '../support/hostile/hostile-wheels.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeWheel } from '../support/wheel-maker.ts';

const scratch = scratchDirectory('hostile-wheels');
const directory = scratch.path;
afterAll(() => scratch.remove());

const refusedWhen = (stage: Stage): HostileWheel[] =>
  [...hostileWheels()].filter((one) => (one.refusedWhen ?? 'opened') === stage);

function write({ wheel, bytes }: Pick<HostileWheel, 'wheel' | 'bytes'>): string {
  const made = makeWheel({ name: 'risk', version: '1.0', ...wheel });
  const path = join(directory, 'risk-1.0-py3-none-any.whl');
  writeFileSync(path, bytes === undefined ? made : bytes(made));
  return path;
}

/** @returns the most bytes that any entry handed out beyond what its headers say */
async function readAll(path: string): Promise<number> {
  const file = new ArchiveFile(path);
  let excess = 0;
  try {
    for (const entry of openWheel(path).entries) {
      let bytes = 0;
      await readEntry(file, entry, (chunk) => {
        bytes += chunk.length;
        excess = Math.max(excess, bytes - entry.size);
      });
    }
  } finally {
    expect(excess).toBeLessThanOrEqual(0);
    file.close();
  }
  return excess;
}

function expectRefusal(error: unknown, code: string): void {
  expect(error).toBeInstanceOf(HdfsVenvError);
  expect(error).toMatchObject({ code, exit: 'integrity' });
  const { message } = error as HdfsVenvError;
  expect(message).toContain('risk-1.0-py3-none-any.whl');
  expect(message).toMatch(/^[^\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]+$/u);
  expect(message.length).toBeLessThan(1200);
}

describe('refused before anything is unpacked', () => {
  test.each(refusedWhen('opened'))('$code: $what', (hostile) => {
    let caught: unknown;
    try {
      openWheel(write(hostile));
    } catch (error) {
      caught = error;
    }
    expectRefusal(caught, hostile.code);
  });
});

test('entries beyond those that the end record counts are not even looked at', () => {
  const hostile = [...hostileWheels()].find(({ what }) => what.startsWith('a hundred thousand empty files'))!;
  expect(() => openWheel(write(hostile))).toThrow(/holds more than 10 entries, its end record says 10$/);
});

test.each([
  [
    'an end record of another disk',
    /disk 1 with 3 of 3 entries, and the directory begins on disk 0, expected one disk, 0/,
  ],
  ['2^63 entries', /says 9223372036854775808 entries, the limit is 9007199254740991$/],
  ['patched data', /has flags 0x20, expected none of 0x/],
  ['an extra field twice', /has extra field 2313 twice: at byte 4 once more$/],
  ['extra fields that do not add up', /has 5 bytes of extra fields: at byte 0, 13 bytes of field 1 do not fit in$/],
  ['"c:x"', /begins with a slash, a backslash or a drive of Windows$/],
  ['no deflate stream', /cannot be inflated \(Z_DATA_ERROR\), expected 1000 bytes from 100$/],
])('both values of %s', async (what, message) => {
  const path = write([...hostileWheels()].find((one) => one.what === what)!);
  await expect(readAll(path)).rejects.toThrow(message);
});

describe('refused while it is read', () => {
  test.each(refusedWhen('read'))('$code: $what', async (hostile) => {
    const path = write(hostile);
    expect(() => openWheel(path)).not.toThrow();
    expectRefusal(await readAll(path).catch((error: unknown) => error), hostile.code);
  });
});

describe('read without complaint: each of these is refused only in its environment', () => {
  test.each(refusedWhen('built'))('$code: $what', async (hostile) => {
    await expect(readAll(write(hostile))).resolves.toBe(0);
  });
});

test('the wheel that all cases start from is accepted', async () => {
  const path = write({ wheel: { files: { 'risk/__init__.py': '', 'risk/data.txt': 'x' } } });
  await expect(readAll(path)).resolves.toBe(0);
});
