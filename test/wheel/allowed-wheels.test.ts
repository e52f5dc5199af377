import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import { ALLOWABLE, Allowances, type AllowableCode } from '../../src/wheel/allowances.ts';
import { ArchiveFile } from '../../src/wheel/archive-file.ts';
import { readEntry } from '../../src/wheel/entry-content.ts';
import { openWheel, type Wheel } from '../../src/wheel/open-wheel.ts';
import { STRICT } from '../../src/wheel/rules.ts';
import type { HostileWheel } from '../support/hostile/hostile-wheel.ts';
import { hostileWheels } from '../support/hostile/hostile-wheels.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeWheel } from '../support/wheel-maker.ts';

const scratch = scratchDirectory('allowed-wheels');
const path = join(scratch.path, 'risk-1.0-py3-none-any.whl');
afterAll(() => scratch.remove());

const codes = (Object.keys(ALLOWABLE) as AllowableCode[]).filter((code) => code.startsWith('WHEEL_'));
const isAllowed = (code: string): code is AllowableCode => Object.hasOwn(ALLOWABLE, code);
const hostile = [...hostileWheels()].filter(({ code }) => isAllowed(code));

function write({ wheel, bytes }: HostileWheel): void {
  const made = makeWheel({ name: 'risk', version: '1.0', ...wheel });
  writeFileSync(path, bytes === undefined ? made : bytes(made));
}

function open(...list: (readonly [AllowableCode, string])[]): Wheel {
  const allowances = new Allowances(list.map(([code, name]) => ({ code, package: name })));
  return openWheel(path, { ...STRICT, allowances });
}

async function readAll(wheel: Wheel): Promise<void> {
  const file = new ArchiveFile(wheel.path);
  try {
    for (const entry of wheel.entries) await readEntry(file, entry, () => undefined);
  } finally {
    file.close();
  }
}

/** The code of the refusal, or undefined. */
async function refusal(...list: (readonly [AllowableCode, string])[]): Promise<string | undefined> {
  try {
    await readAll(open(...list));
    return undefined;
  } catch (error) {
    if (error instanceof HdfsVenvError) return error.code;
    throw error;
  }
}

test('there is a hostile wheel for each of them', () => {
  expect([...new Set(hostile.map(({ code }) => code).filter((code) => code.startsWith('WHEEL_')))].toSorted()).toEqual(
    codes.toSorted(),
  );
});

describe.each(hostile.filter(({ code }) => code.startsWith('WHEEL_')))('$code: $what', (one) => {
  const code = one.code as AllowableCode;

  test('is accepted when it is allowed for this package, and then only', async () => {
    write(one);
    await expect(refusal()).resolves.toBe(code);
    await expect(refusal([code, 'other'])).resolves.toBe(code);
    const others = codes.filter((other) => other !== code);
    await expect(refusal(...others.map((other) => [other, 'risk'] as const))).resolves.toBe(code);
    await expect(refusal([code, 'risk'])).resolves.toBeUndefined();
    expect([...open([code, 'risk']).allowed]).toEqual([code]);
  });
});

test('a CRC is checked whatever is allowed', async () => {
  const crc = [...hostileWheels()].find(({ code }) => code === 'WHEEL_ZIP_CRC')!;
  write(crc);
  await expect(refusal(...codes.map((code) => [code, 'risk'] as const))).resolves.toBe('WHEEL_ZIP_CRC');
});

test('an allowed name does not hide what else is wrong with it', async () => {
  write({ code: '', what: '', wheel: { files: { '../\u202Ex': '1' } } });
  await expect(refusal(['WHEEL_NAME_INVISIBLE', 'risk'])).resolves.toBe('WHEEL_NAME_PARENT');
});

test('where hashes are not checked, workers get none', () => {
  write(hostile.find(({ code, refusedWhen }) => code === 'WHEEL_RECORD_HASH' && refusedWhen === 'read')!);
  expect(
    open()
      .entries.filter(({ recordHash }) => recordHash === undefined)
      .map((entry) => entry.path),
  ).toEqual(['risk-1.0.dist-info/RECORD']);
  expect(open(['WHEEL_RECORD_HASH', 'risk']).entries.every(({ recordHash }) => recordHash === undefined)).toBe(true);
});

test('twins that are allowed are both there, and a file among them is still no directory', () => {
  write({ code: '', what: '', wheel: { files: { '\u00e9': '1', 'e\u0301': '2' } } });
  const paths = open(['WHEEL_NAME_TWINS', 'risk']).entries.map((entry) => entry.path);
  expect(paths.slice(0, 2)).toEqual(['\u00e9', 'e\u0301']);
  write({ code: '', what: '', wheel: { files: { '\u00e9': '1', 'e\u0301': '2', 'e\u0301/x': '3' } } });
  expect(() => open(['WHEEL_NAME_TWINS', 'risk'])).toThrow(expect.objectContaining({ code: 'WHEEL_NAME_CLASH' }));
});

test('a file that loses its set-user-ID bit keeps its x bit', () => {
  write({
    code: '',
    what: '',
    wheel: {
      files: { run: '1' },
      entries: (entries) => entries.map((entry) => (entry.name === 'run' ? { ...entry, mode: 0o104755 } : entry)),
    },
  });
  expect(open(['WHEEL_MODE_SETUID', 'risk']).entries.find((entry) => entry.path === 'run')?.executable).toBe(true);
});
