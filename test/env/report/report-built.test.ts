import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reportBuilt } from '../../../src/env/report/report-built.ts';
import { makeElf } from '../../support/elf-maker.ts';
import { makeEnvironment, temporaryDirectories } from '../../support/environment-maker.ts';
import type { WheelOptions } from '../../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('report-built');

const BOOST: WheelOptions = {
  name: 'boost',
  version: '1.0',
  tag: 'py3-none-manylinux_2_17_x86_64',
  files: {
    'boost/lib_boost.so': makeElf({ needed: ['libgomp.so.1', 'libodd\x1b[31m.so', 'libGL.so.1', 'libc.so.6'] }),
    'boost/home.so': makeElf({ versions: { 'libc.so.6': ['GLIBC_2.34'] } }),
    'boost/home2.so': makeElf({ versions: { 'libc.so.6': ['GLIBC_2.34'] } }),
    'boost/arm.so': makeElf({ machine: 183 }),
    'boost/cut.so': makeElf({ needed: ['libgomp.so.1'] }).subarray(0, 150),
    'boost/script.so': 'INPUT(libc.so.6)\n',
    'boost.pth': 'boost/lib\nimport boost\n',
    'boost-nspkg.pth': "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('boost',))\n",
    'boost/inner.pth': 'import nothing\n',
    'boost-1.0.data/scripts/boost-tool': makeElf({ needed: ['libpython3.7m.so.1.0'] }),
    'boost-1.0.data/scripts/boost.sh': '#!/bin/sh\n',
  },
  distInfo: { 'entry_points.txt': '[console_scripts]\nboost = boost.cli:main\nboost2 = boost.cli:two\n' },
};

test('one line per kind, what stops a job first; the same when the build is used again', async () => {
  const base = newDirectory();
  const notes: string[] = [];
  await makeEnvironment(base, [BOOST], { onNote: (note) => notes.push(note) });
  const [more, pth] = [
    `"hdfs-venv inspect ${join(base, 'env')}" tells more.`,
    '.pth files have no effect in a Spark job: ',
  ];
  expect(notes).toEqual([
    `No wheel brings libgomp.so.1 (boost), "libodd\\u001b[31m.so" (boost): every node of the cluster must have it installed; ${more}`,
    `Not on every node: libGL.so.1 (boost), libpython3.7m.so.1.0 (boost); ${more}`,
    'boost/home.so of boost needs glibc 2.34, the target has 2.17 (2 such files): it cannot be loaded.',
    'boost/arm.so of boost is for aarch64, the target is x86_64: it cannot be loaded.',
    expect.stringMatching(/^boost\/cut\.so of boost is no whole library: it ends before byte \d+/),
    `${pth}boost.pth (boost) would add boost/lib to sys.path and would run code at the start of Python.`,
    `2 console scripts are not installed (boost, boost2); ${more}`,
  ]);
  const again: string[] = [];
  let reused = false;
  await makeEnvironment(base, [BOOST], { onNote: (note) => again.push(note), onReused: () => (reused = true) });
  expect(reused).toBe(true);
  expect(again).toEqual(notes);
});

test('nothing to tell, no line', async () => {
  const notes: string[] = [];
  const plain: WheelOptions = {
    name: 'plain',
    version: '1.0',
    files: { 'plain.so': makeElf({ needed: ['libc.so.6'] }) },
  };
  await makeEnvironment(newDirectory(), [plain], { onNote: (note) => notes.push(note) });
  expect(notes).toEqual([]);
});

test('namespace packages that were made importable are told', async () => {
  const notes: string[] = [];
  const wheels = ['zope_a', 'zope_b'].map((name): WheelOptions => ({
    name,
    version: '1.0',
    files: { [`zope/${name}.py`]: '' },
    distInfo: { 'namespace_packages.txt': 'zope\n' },
  }));
  const target = { python: '2.7.18', abi: 'cp27mu', platforms: ['linux_x86_64'], profile: null };
  await makeEnvironment(newDirectory(), wheels, { target, onNote: (note) => notes.push(note) });
  expect(notes).toEqual([
    'Python 2 needs an __init__.py in every namespace package: it was added to zope (zope-a, zope-b).',
  ]);
});

test('long lists are cut', async () => {
  const notes: string[] = [];
  const scripts = Array.from({ length: 12 }, (_, index) => `s${index} = m:f`).join('\n');
  const wheel: WheelOptions = {
    name: 'many',
    version: '1.0',
    distInfo: { 'entry_points.txt': `[console_scripts]\n${scripts}\n` },
  };
  await makeEnvironment(newDirectory(), [wheel], { onNote: (note) => notes.push(note) });
  expect(notes).toEqual([
    expect.stringMatching(/^12 console scripts are not installed \(s0, s1, s2, s3, s4 and 7 more\)/),
  ]);
});

test('every package with its files, its size and what is in it', async () => {
  const plain: WheelOptions = {
    name: 'Plain.Name',
    version: '2',
    files: { 'plain/odd,name.py': 'x = 1\n' },
    metadata: { License: 'MIT' },
  };
  const { directory, manifest } = await makeEnvironment(newDirectory(), [BOOST, plain]);
  const { packages } = await reportBuilt(directory, manifest);
  expect(packages.map(({ name, fileCount, binaryCount, glibc }) => [name, fileCount, binaryCount, glibc])).toEqual([
    ['boost', 15, 6, '2.34'],
    ['plain-name', 4, 0, null],
  ]);
  expect(packages.reduce((sum, { fileCount }) => sum + fileCount, 0)).toBe(manifest.files.length);
  expect(packages.reduce((sum, { byteCount }) => sum + byteCount, 0)).toBe(
    manifest.files.reduce((sum, { size }) => sum + size, 0),
  );
  expect(packages[1]).toMatchObject({ version: '2', licence: 'MIT', tags: 'py3-none-any', scripts: [], pathFiles: [] });
});

test('ENV_FILE_MISSING: a tree that is not the one of the manifest any more', async () => {
  const { directory, manifest } = await makeEnvironment(newDirectory(), [BOOST]);
  rmSync(join(directory, 'venv', 'boost', 'home.so'));
  await expect(reportBuilt(directory, manifest)).rejects.toMatchObject({
    code: 'ENV_FILE_MISSING',
    message: expect.stringContaining('boost/home.so'),
  });
});
