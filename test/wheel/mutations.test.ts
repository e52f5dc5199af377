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
import { oddDistInfo, oddEntry, oddRows } from '../support/odd-wheels.ts';
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

test('files of any name, mode and method are refused, or read as Python reads them', { timeout: TIMEOUT }, async () => {
  const toWheel = (more: readonly (ZipEntry & { name: string })[]): Buffer => {
    const contents = Object.fromEntries(more.map((one) => [one.name, one.data]));
    const change = (one: ZipEntry): ZipEntry => ({ ...one, ...more.find((other) => other.name === one.name) });
    const files = { 'risk/__init__.py': '', ...contents };
    return make({ files, entries: (entries) => entries.map(change) });
  };
  await compareAll(fc.array(oddEntry, { minLength: 1, maxLength: 3 }), toWheel, 2 * RUNS);
});

test('dist-info with any lines is refused, or read as Python reads it', { timeout: TIMEOUT }, async () => {
  const toWheel = ([files, rows]: readonly [Readonly<Record<string, string>>, string | null]): Buffer => {
    const change = (one: ZipEntry): ZipEntry =>
      String(one.name).endsWith('/RECORD') ? { ...one, data: Buffer.concat([one.data, Buffer.from(rows ?? '')]) } : one;
    return make({ distInfo: files, entries: (entries) => entries.map(change) });
  };
  await compareAll(fc.tuple(oddDistInfo, fc.option(oddRows)), toWheel, RUNS);
});
