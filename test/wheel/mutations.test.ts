import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planTree } from '../../src/env/plan/plan.ts';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import { ArchiveFile } from '../../src/wheel/archive-file.ts';
import { readEntry } from '../../src/wheel/entry-content.ts';
import { openWheel } from '../../src/wheel/open-wheel.ts';
import { type Oracle, startOracle } from '../corpus/oracle.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeWheel, type WheelOptions } from '../support/wheel-maker.ts';
import { mutation } from '../support/wheel-mutations.ts';
import type { ZipEntry } from '../support/zip-maker.ts';

/** How often each property is tried. The gate says the same twice; `HDFS_VENV_RUNS=8000` looks further, and elsewhere each time. */
const MORE_RUNS = process.env['HDFS_VENV_RUNS'];
const RUNS = Number(MORE_RUNS ?? 250);
const SEED = MORE_RUNS === undefined ? { seed: 1 } : {};
const TIMEOUT = 60_000 * Math.max(1, RUNS / 250);

const scratch = scratchDirectory('mutations');
const path = join(scratch.path, 'risk-1.0-py3-none-any.whl');
const tree = join(scratch.path, 'tree');
let oracle: Oracle;
beforeAll(async () => {
  oracle = await startOracle();
}, 300_000);
afterAll(() => {
  oracle.close();
  scratch.remove();
});

interface Reading {
  /** sha256 by name in the archive. */
  readonly archive: Record<string, string>;
  /** sha256 by path in the tree. */
  readonly tree: Record<string, string>;
  readonly distInfo: string;
}

/** What we make of the wheel; undefined when it is refused. Anything else but a refusal fails the test. */
async function read(pythonVersion: string): Promise<Reading | undefined> {
  try {
    const wheel = openWheel(path);
    const plan = await planTree([wheel], `${pythonVersion}.0`);
    const archive: Record<string, string> = {};
    const file = new ArchiveFile(path);
    try {
      for (const entry of wheel.entries) {
        archive[entry.path] = (await readEntry(file, entry, () => undefined)).sha256;
      }
    } finally {
      file.close();
    }
    const inTree = [...plan.files].map(([target, { entry }]) => [target, archive[entry.path] ?? 'absent']);
    return { archive, tree: Object.fromEntries(inTree), distInfo: wheel.directories.distInfo };
  } catch (error) {
    expect(error).toBeInstanceOf(HdfsVenvError);
    expect(error).toMatchObject({ code: expect.stringMatching(/^(?:WHEEL|ENV)_/) });
    return undefined;
  }
}

/** The same by `zipfile` and pip. */
async function readByPython({ distInfo }: Reading): Promise<Reading> {
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree);
  const archive = await oracle.archive(path);
  await oracle.install(path, tree, 'risk', `include/site/python${oracle.version}/risk`);
  const made = new Set([`${distInfo}/INSTALLER`, `${distInfo}/RECORD`]);
  for (const name of await oracle.scripts(tree, distInfo)) made.add(`bin/${name}`);
  const files = Object.entries(await oracle.tree(tree)).filter(([name]) => !made.has(name) && !name.endsWith('/'));
  return { archive, tree: Object.fromEntries(files.map(([name, { sha256 }]) => [name, sha256])), distInfo };
}

/** @returns whether it was accepted, and then by both alike */
async function compare(wheel: Buffer): Promise<boolean> {
  writeFileSync(path, wheel);
  const ours = await read(oracle.version);
  if (ours === undefined) return false;
  const isMade = (name: string): boolean => ['RECORD', 'INSTALLER'].some((one) => name === `${ours.distInfo}/${one}`);
  const kept = Object.entries(ours.tree).filter(([name]) => !isMade(name));
  expect({ ...ours, tree: Object.fromEntries(kept) }).toEqual(await readByPython(ours));
  return true;
}

/** Some must be accepted and some refused: else nothing was tried. */
async function compareAll<T>(values: fc.Arbitrary<T>, toWheel: (value: T) => Buffer, numRuns: number): Promise<void> {
  const count = { accepted: 0, refused: 0 };
  const property = fc.asyncProperty(values, async (value) => {
    count[(await compare(toWheel(value))) ? 'accepted' : 'refused'] += 1;
  });
  await fc.assert(property, { numRuns, ...SEED });
  expect(Math.min(count.accepted, count.refused)).toBeGreaterThan(numRuns / 100);
}

const FILES = {
  'risk/__init__.py': '',
  'risk/data.txt': 'some data, repeated '.repeat(20),
  'risk/ü €.txt': 'non-ASCII',
  'risk-1.0.data/scripts/risk.sh': '#!/bin/sh\nexit 0\n',
  'risk-1.0.data/headers/risk.h': '#pragma once\n',
  'risk-1.0.data/data/share/risk.txt': 'shared',
};
const every = (change: (entry: ZipEntry) => Partial<ZipEntry>): Partial<WheelOptions> => ({
  entries: (entries) => entries.map((entry) => ({ ...entry, ...change(entry) })),
});
const make = (options: Partial<WheelOptions>): Buffer =>
  makeWheel({ name: 'risk', version: '1.0', files: FILES, ...options });

const BASES: readonly (readonly [string, Buffer])[] = [
  ['deflated', make({})],
  ['stored', make(every(() => ({ method: 0 })))],
  ['with data descriptors', make(every(() => ({ descriptor: {} })))],
  ['with ZIP64', make({ ...every(() => ({ zip64: true })), zip: { zip64End: true } })],
  [
    'with directories and comments',
    make({
      entries: (entries) => [
        { name: 'risk/', data: Buffer.alloc(0), mode: 0o40755, method: 0 },
        { name: 'risk/empty/', data: Buffer.alloc(0), mode: 0o40755 },
        ...entries.map((entry) => ({ ...entry, comment: 'a comment' })),
      ],
    }),
  ],
];

describe.each(BASES)('a wheel %s', (_, valid) => {
  test('is read as Python reads it, whole', async () => {
    await expect(compare(valid)).resolves.toBe(true);
  });

  test('that was changed is refused, or read as Python reads it', { timeout: TIMEOUT }, async () => {
    await compareAll(mutation(), (mutate) => mutate(valid), RUNS);
  });
});

/** Parts of which names are made that mean something to somebody. */
const SEGMENTS = [
  'risk',
  'a',
  'A',
  '.',
  '..',
  '',
  ' ',
  'a ',
  'a.',
  'bin',
  'python',
  'python3',
  'risk-1.0.data',
  'risk-1.0.dist-info',
  'Risk-1.0.dist-info',
  'risk-1.0.DIST-INFO',
  'other-1.0.dist-info',
  'other-1.0.data',
  'x.egg-info',
  'purelib',
  'platlib',
  'scripts',
  'headers',
  'data',
  'nonsense',
  'RECORD',
  'RECORD.jws',
  'WHEEL',
  'METADATA',
  'INSTALLER',
  'direct_url.json',
  'entry_points.txt',
  'top_level.txt',
  '__pycache__',
  'x.cpython-311.pyc',
  'x.pth',
  'a\\b',
  'c:',
  'é',
  'e\u0301',
  '\u3164',
  '€',
  'con',
  'x\0',
  '__proto__',
  'constructor',
  'toString',
];
const name = fc
  .array(fc.constantFrom(...SEGMENTS), { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join('/'))
  // pip writes a file of this name; a directory in its place makes it fail
  .filter((one) => !one.includes('INSTALLER/'));
const mode = fc.constantFrom(0o100644, 0o100755, 0o100666, 0o100777, 0o104755, 0o120777, 0o010644, 0, 0o644, 0o40755);
const entry = fc.record({
  name,
  data: fc.constantFrom('', 'x', '#!/bin/sh\n', '\n').map((text) => Buffer.from(text)),
  mode,
  method: fc.constantFrom(0, 8),
  createSystem: fc.constantFrom(0, 3, 19),
});

test('files of any name, mode and method are refused, or read as Python reads them', { timeout: TIMEOUT }, async () => {
  const toWheel = (more: readonly (ZipEntry & { name: string })[]): Buffer => {
    const contents = Object.fromEntries(more.map((one) => [one.name, one.data]));
    const change = (one: ZipEntry): ZipEntry => ({ ...one, ...more.find((other) => other.name === one.name) });
    const files = { 'risk/__init__.py': '', ...contents };
    return make({ files, entries: (entries) => entries.map(change) });
  };
  await compareAll(fc.array(entry, { minLength: 1, maxLength: 3 }), toWheel, 2 * RUNS);
});

const LINES: Readonly<Record<string, readonly string[]>> = {
  METADATA: [
    'Metadata-Version: 2.1',
    'Name: risk',
    'Version: 1.0',
    'Name: evil',
    'name: Risk',
    'Version: 1.0.0',
    'Requires-Dist: a',
    ' b',
    '\tc',
    '',
    'no header',
    ': d',
    'A b: c',
    'From x',
    'Name : risk',
    '\uFEFFName: risk',
    'Summary: \x1b[2J',
    'Name:risk',
    'Name: ri\0sk',
    'Name: risk\u00a0',
    'Name: risk\r',
    'Metadata-Version: 9.9',
    'Description: x\u2028Name: evil',
    'Requires-Python: >=99',
  ],
  WHEEL: [
    'Wheel-Version: 1.0',
    'Wheel-Version: 1.9',
    'Wheel-Version: 2.0',
    'Wheel-Version: 1',
    'Wheel-Version: 1.0.0',
    'Wheel-Version:1.0 ',
    'Root-Is-Purelib: true',
    'Root-Is-Purelib: maybe',
    'Tag: py3-none-any',
    '',
    ' folded',
    'no header',
    'Wheel-Version: 0.9',
    '\uFEFFx: y',
  ],
  'entry_points.txt': [
    '[console_scripts]',
    '[gui_scripts]',
    'a = risk:main',
    'a = risk',
    'a=risk:main [x]',
    '../a = risk:main',
    ';a = risk:b',
    '#a',
    'a',
    'python = risk:main',
    '[x',
    '= b',
    'a = ',
    ' a = b:c',
    'a = b c:d',
    'é = b:c',
    '[ console_scripts ]',
    'a/b = c:d',
    '\uFEFFa = b:c',
  ],
  RECORD: [
    'risk/__init__.py,,',
    ',,',
    'a',
    'a,b',
    '"a',
    '"risk/x"",,',
    '',
    '\uFEFF',
    'risk/__init__.py,,,',
    'x\0,,',
    'risk\\x,,',
  ],
};
const text = (file: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(fc.constantFrom(...LINES[file]!), { maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\r'))
    .map(([lines, end]) => lines.map((line) => line + end).join(''));
const right = { METADATA: 'Metadata-Version: 2.1\nName: risk\nVersion: 1.0\n', WHEEL: 'Wheel-Version: 1.0\n' };
const distInfo = fc.oneof(
  fc.tuple(text('METADATA'), fc.boolean()).map(([more, first]) => ({
    METADATA: first ? right.METADATA + more : more + right.METADATA,
  })),
  fc
    .tuple(text('WHEEL'), fc.boolean())
    .map(([more, first]) => ({ WHEEL: first ? right.WHEEL + more : more + right.WHEEL })),
  text('entry_points.txt').map((points) => ({ 'entry_points.txt': points })),
);

test('dist-info with any lines is refused, or read as Python reads it', { timeout: TIMEOUT }, async () => {
  const toWheel = ([files, rows]: readonly [Readonly<Record<string, string>>, string | null]): Buffer => {
    const change = (one: ZipEntry): ZipEntry =>
      String(one.name).endsWith('/RECORD') ? { ...one, data: Buffer.concat([one.data, Buffer.from(rows ?? '')]) } : one;
    return make({ distInfo: files, entries: (entries) => entries.map(change) });
  };
  await compareAll(fc.tuple(distInfo, fc.option(text('RECORD'))), toWheel, RUNS);
});
