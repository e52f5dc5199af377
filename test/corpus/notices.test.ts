import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWheel } from '../../src/wheel/open-wheel.ts';
import { runSuccessfully } from '../support/daemon.ts';
import { pipInstalled } from '../support/python.ts';
import { type ScratchDirectory, scratchDirectory } from '../support/scratch.ts';
import { readArchive } from './compare-wheel.ts';
import { type Difference, recordDifferences, treeDifferences } from './compare-tree.ts';
import { useMemoryDisk } from './memory-disk.ts';
import { type Oracle, PIP_VERSION, startOracle, type TreeFile } from './oracle.ts';
import { cachedDirectories, prepareCorpus } from './prepare.ts';
import { findWheels } from './wheels.ts';

useMemoryDisk();
await prepareCorpus(findWheels(cachedDirectories()).length);

/** Plain files, scripts with `#!python` and files of `.data/data`: what pip treats in ways of its own. */
const INSTALLED = ['cmake', 'jupyterlab', 'awscli', 'mleap'] as const;

let oracle: Oracle;
let scratch: ScratchDirectory;
beforeAll(async () => {
  oracle = await startOracle();
  scratch = scratchDirectory('notices');
});
afterAll(() => {
  oracle?.close();
  scratch?.remove();
});

const wheels = findWheels(cachedDirectories());

describe('pip asked from inside lays a wheel out as its command does', () => {
  it.for(INSTALLED)('%s', async (name, { skip }) => {
    const wheel = wheels.findLast((one) => one.name.distribution === name)?.path;
    if (wheel === undefined) return skip('its wheel was not to be had');
    const { distInfo } = openWheel(wheel).directories;
    const [inside, command] = [join(scratch.path, `${name}-inside`), join(scratch.path, `${name}-command`)];
    mkdirSync(inside);
    await oracle.install(wheel, inside, name, 'include');
    await runSuccessfully({
      command: oracle.python,
      args: ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-compile', '--no-index', '--target', command, wheel],
      env: { ...process.env, PYTHONPATH: await pipInstalled('pip', PIP_VERSION) },
      timeout: 600_000,
    });
    const [one, other] = [await oracle.tree(inside), await oracle.tree(command)];
    // what a command is asked for by name, and from where; RECORD names the two
    for (const added of ['REQUESTED', 'direct_url.json']) delete other[`${distInfo}/${added}`];
    for (const tree of [one, other]) delete tree[`${distInfo}/RECORD`];
    expect(one).toEqual(other);
  });
});

it('a byte that was changed in a wheel is noticed by both', async () => {
  const wheel = wheels[0]?.path ?? '';
  const broken = join(scratch.path, basename(wheel));
  copyFileSync(wheel, broken);
  const bytes = readFileSync(broken);
  const { dataOffset = 0, compressedSize = 0 } = openWheel(wheel).entries.find(({ size }) => size > 1000) ?? {};
  bytes[dataOffset + Math.floor(compressedSize / 2)]! ^= 1;
  writeFileSync(broken, bytes);
  await expect(readArchive(broken)).rejects.toMatchObject({ code: expect.stringMatching(/^WHEEL_ZIP_/) });
  await expect(oracle.archive(broken)).rejects.toThrow(/BadZipFile|error/);
});

const FACTS = {
  distInfo: 'risk-1.0.dist-info',
  ownScripts: new Set(['bin/own']),
  entryPoints: ['risk', 'pip'],
  namespaceFiles: new Set(['zope/__init__.py']),
  python: '/python',
  pythonVersion: '3.11',
};
const FILE: TreeFile = { sha256: 'a'.repeat(64), executable: false };
const OTHER: TreeFile = { sha256: 'b'.repeat(64), executable: false };
const OUR_SCRIPT: TreeFile = { ...FILE, firstLine: '#!/usr/bin/env python\n', rest: 'c' };
const PIPS_SCRIPT: TreeFile = { ...OTHER, firstLine: '#!/python\n', rest: 'c' };

function unmeant(differences: readonly Difference[]): string[] {
  return differences.filter(({ meant }) => meant === undefined).map(({ path }) => path);
}

describe('a difference between two trees', () => {
  it.each([
    ['bytes', { 'a.py': FILE }, { 'a.py': OTHER }],
    ['an x bit of ours', { 'a.py': { ...FILE, executable: true } }, { 'a.py': FILE }],
    ["an x bit of pip's", { 'a.py': FILE }, { 'a.py': { ...FILE, executable: true } }],
    ['a file of ours', { 'a.py': FILE }, {}],
    ["a file of pip's", {}, { 'a.py': FILE }],
    ['a program that no entry point names', {}, { 'bin/other': FILE }],
    ['a program of ours for an entry point', { 'bin/risk': FILE }, { 'bin/risk': OTHER }],
    ['a program outside bin', {}, { 'lib/risk': FILE }],
    ['a first line of a script that is none of the wheel', { 'bin/not': OUR_SCRIPT }, { 'bin/not': PIPS_SCRIPT }],
    ['what follows the first line', { 'bin/own': OUR_SCRIPT }, { 'bin/own': { ...PIPS_SCRIPT, rest: 'd' } }],
    ['another first line', { 'bin/own': { ...OUR_SCRIPT, firstLine: '#!/bin/sh\n' } }, { 'bin/own': PIPS_SCRIPT }],
    ['INSTALLER of ours', { 'risk-1.0.dist-info/INSTALLER': FILE }, {}],
    ["METADATA of pip's", {}, { 'risk-1.0.dist-info/METADATA': FILE }],
    [
      'an x bit on METADATA',
      { 'risk-1.0.dist-info/METADATA': { ...FILE, executable: true } },
      { 'risk-1.0.dist-info/METADATA': FILE },
    ],
    ['__init__.py of no namespace', { 'risk/__init__.py': FILE }, {}],
  ])('is noticed: %s', (_, ours, pips) => {
    expect(unmeant(treeDifferences(ours, pips, FACTS))).toEqual(Object.keys({ ...ours, ...pips }));
  });

  it.each([
    ['program', {}, { 'bin/risk': FILE }],
    ['program', {}, { 'bin/pip3.11': FILE }],
    ['installer', {}, { 'risk-1.0.dist-info/INSTALLER': FILE }],
    ['record', { 'risk-1.0.dist-info/RECORD': FILE }, { 'risk-1.0.dist-info/RECORD': OTHER }],
    ['firstLine', { 'bin/own': OUR_SCRIPT }, { 'bin/own': PIPS_SCRIPT }],
    ['namespace', { 'zope/__init__.py': FILE }, {}],
  ] as const)('is meant: %s', (kind, ours, pips) => {
    expect(treeDifferences(ours, pips, FACTS).map(({ meant }) => meant)).toEqual([kind]);
  });
});

describe('a RECORD', () => {
  const row = `sha256=${Buffer.from(FILE.sha256, 'hex').toString('base64url')}`;

  it.each([
    ['names too little', {}],
    ['names too much', { 'a.py': row, 'b.py': row }],
    ['has a wrong hash', { 'a.py': row.replace('q', 'r') }],
    ['has no hash', { 'a.py': '' }],
  ])('is untrue when it %s', (_, record) => {
    expect(recordDifferences({ 'a.py': FILE }, record, FACTS)).toHaveLength(1);
  });

  it('is true when it names every file with its hash', () => {
    const name = 'risk-1.0.dist-info/RECORD';
    const tree = { 'a.py': FILE, [name]: OTHER, 'zope/__init__.py': FILE };
    expect(recordDifferences(tree, { 'a.py': row, [name]: '' }, FACTS)).toEqual([]);
  });
});
