import type * as fs from 'node:fs';
import type * as promises from 'node:fs/promises';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkDiskNames } from '../../../src/env/plan/disk-names.ts';
import { planTree } from '../../../src/env/plan/plan.ts';
import { readManifest } from '../../../src/env/read-manifest.ts';
import { openWheel } from '../../../src/wheel/open-wheel.ts';
import { makeEnvironment, readTree, temporaryDirectories } from '../../support/environment-maker.ts';
import { FOLDING, type FoldingDisk } from '../../support/folding-disk.ts';
import { type WheelOptions, writeWheel } from '../../support/wheel-maker.ts';

const newDirectory = temporaryDirectories(FOLDING);
const newPlainDirectory = temporaryDirectories('disk-names');

const DISKS = {
  'of Windows': { fold: (name) => name.toUpperCase() },
  'of macOS': { fold: (name) => name.normalize('NFD').toLowerCase().toUpperCase() },
  'with accents alone': { fold: (name) => name.normalize('NFC') },
  'that decomposes accents': { fold: (name) => name.normalize('NFD'), store: (name) => name.normalize('NFD') },
} satisfies Record<string, FoldingDisk>;
type DiskName = keyof typeof DISKS;

const state = vi.hoisted(() => ({ disk: undefined as FoldingDisk | undefined }));
vi.mock('node:fs', async (importOriginal) => {
  const { onFoldingDisk } = await import('../../support/folding-disk.ts');
  const original = await importOriginal<typeof fs>();
  return onFoldingDisk(original, original, () => state.disk ?? { fold: (name) => name });
});
vi.mock('node:fs/promises', async (importOriginal) => {
  const { onFoldingDisk } = await import('../../support/folding-disk.ts');
  const { default: original } = await vi.importActual<{ default: typeof fs }>('node:fs');
  const module = await importOriginal<typeof promises>();
  return onFoldingDisk(module, original, () => state.disk ?? { fold: (name) => name });
});
afterEach(() => {
  state.disk = undefined;
});

const COMPOSED = 'n\u00E9e';
const DECOMPOSED = 'ne\u0301e';

function wheel(name: string, ...paths: readonly string[]): WheelOptions {
  return { name, version: '1', files: Object.fromEntries(paths.map((path) => [path, `${name} ${path}`])) };
}

const HARMLESS = [
  wheel('a', 'pkg/Name.py', `pkg/${COMPOSED}/x.py`, 'pkg/\u00DF.py', 'Top/x.py'),
  wheel('b', 'pkg/other.py', `pkg/deep/${DECOMPOSED}.py`, 'pkg/s.py', 'pkg/NAMES.py'),
];

test('the disks are what they are called', () => {
  const seen = Object.entries(DISKS).map(([name, disk]) => {
    state.disk = disk;
    const directory = newDirectory();
    writeFileSync(join(directory, 'a'), '');
    writeFileSync(join(directory, COMPOSED), '');
    return [name, existsSync(join(directory, 'A')), existsSync(join(directory, DECOMPOSED)), readdirSync(directory)[1]];
  });
  expect(seen).toEqual([
    ['of Windows', true, false, COMPOSED],
    ['of macOS', true, true, COMPOSED],
    ['with accents alone', false, true, COMPOSED],
    ['that decomposes accents', false, true, DECOMPOSED],
  ]);
});

const CASE: readonly DiskName[] = ['of Windows', 'of macOS'];
const ACCENTS: readonly DiskName[] = ['of macOS', 'with accents alone', 'that decomposes accents'];

describe.each([
  ['files', CASE, 'pkg/Name.py', 'pkg/name.py', 'differ only in case'],
  ['directories', CASE, 'Pkg/x.py', 'pkg/y.py', '"Pkg" and "pkg" differ only in case'],
  ['a file and a directory', CASE, 'pkg/Name', 'pkg/name/x.py', '"pkg/Name" and "pkg/name" differ'],
  ['directories of which one holds the other', CASE, 'Pkg/x.py', 'pkg/Pkg/y.py', '"Pkg" and "pkg" differ'],
  ['sharp s', ['of Windows', 'of macOS'], 'pkg/stra\u00DFe.py', 'pkg/STRASSE.py', 'differ only in case'],
  ['long s', CASE, 'pkg/\u017Fum.py', 'pkg/sum.py', 'differ only in case'],
  ['accents', ACCENTS, `pkg/${COMPOSED}.py`, `pkg/${DECOMPOSED}.py`, 'differ only in how accents are composed'],
  ['accents of directories', ACCENTS, `pkg/${COMPOSED}/x.py`, `pkg/${DECOMPOSED}/y.py`, 'how accents are composed'],
  ['accents and case', ['of macOS'], `pkg/${COMPOSED}.py`, `pkg/${DECOMPOSED.toUpperCase()}.py`, 'look alike'],
] as const)('%s', (_, disks, one, other, difference) => {
  const wheels = [wheel('a', one), wheel('b', other)];

  test.each(Object.keys(DISKS) as DiskName[])('on a disk %s', async (name) => {
    state.disk = DISKS[name];
    const base = newDirectory();
    const notes: string[] = [];
    const building = makeEnvironment(base, wheels, { onNote: (note) => notes.push(note) });
    if ((disks as readonly DiskName[]).includes(name)) {
      await expect(building).rejects.toMatchObject({
        code: 'ENV_CASE_CLASH',
        exit: 'conflict',
        message: expect.stringContaining(difference),
      });
      expect(readdirSync(join(base, 'env'))).toEqual([]);
    } else {
      const { manifest } = await building;
      expect(manifest.files.map(({ path }) => path)).toEqual(expect.arrayContaining([one, other]));
      expect(notes).toContainEqual(expect.stringContaining(difference));
    }
  });

  test('on a disk of Linux both are kept, and it is told', async () => {
    const notes: string[] = [];
    const { directory } = await makeEnvironment(newPlainDirectory(), wheels, { onNote: (note) => notes.push(note) });
    const tree = readTree(join(directory, 'venv'));
    expect([tree[one]?.text, tree[other]?.text]).toEqual([`a ${one}`, `b ${other}`]);
    expect(notes).toEqual([expect.stringContaining(difference)]);
  });
});

describe.each(Object.keys(DISKS) as DiskName[])('a disk %s', (name) => {
  test('holds a harmless tree, twice, and its digest is that of any disk', async () => {
    const { manifest: expected } = await makeEnvironment(newPlainDirectory(), HARMLESS);
    state.disk = DISKS[name];
    const base = newDirectory();
    let reused = 0;
    for (const _ of ['built', 'reused']) {
      const { manifest } = await makeEnvironment(base, HARMLESS, { onReused: () => (reused += 1) });
      expect(manifest).toEqual(expected);
    }
    expect(reused).toBe(1);
  });

  test('keeps the last build when the next one is refused', async () => {
    state.disk = DISKS[name];
    const base = newDirectory();
    const first = await makeEnvironment(base, HARMLESS);
    const clash = wheel('c', 'pkg/name.py', `pkg/deep/${COMPOSED}.py`);
    await expect(makeEnvironment(base, [...HARMLESS, clash])).rejects.toMatchObject({ code: 'ENV_CASE_CLASH' });
    expect(await readManifest(first.directory)).toEqual(first.manifest);
    expect(readdirSync(first.directory).sort()).toEqual(['manifest.json', 'venv']);
  });
});

describe('names that Windows cannot hold', () => {
  async function check(path: string, platform: NodeJS.Platform): Promise<void> {
    const opened = openWheel(writeWheel(newPlainDirectory(), wheel('risk', 'risk/placeholder.py')));
    // not packed under that name: some of them are refused in any wheel
    const entries = opened.entries.map((entry) => (entry.path === 'risk/placeholder.py' ? { ...entry, path } : entry));
    const place = { directory: 'DIR', takesForOne: () => false };
    checkDiskNames(await planTree([{ ...opened, entries }], '3.7.16'), place, undefined, platform);
  }

  test.each([
    ['risk/aux.py', '"aux.py"'],
    ['risk/NUL/x.py', '"NUL"'],
    ['risk/a?.py', '"a?.py"'],
    ['risk/trailing./x.py', '"trailing."'],
    ['con.py', '"con.py"'],
  ])('ENV_WINDOWS_NAME: %s', async (path, segment) => {
    await expect(check(path, 'win32')).rejects.toMatchObject({
      code: 'ENV_WINDOWS_NAME',
      exit: 'conflict',
      message: expect.stringMatching(
        new RegExp(`${segment.replace('?', '\\?')} in "${path.replace('?', '\\?')}" of risk-1-py3-none-any\\.whl `),
      ),
    });
    await expect(check(path, 'linux')).resolves.toBeUndefined();
    await expect(check(path, 'darwin')).resolves.toBeUndefined();
  });

  test('others are fine there', async () => {
    await expect(check('risk/auxiliary.py', 'win32')).resolves.toBeUndefined();
  });

  test('a build asks on which system it runs, before it writes', async () => {
    const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
    const base = newPlainDirectory();
    mkdirSync(join(base, 'env'));
    try {
      await expect(makeEnvironment(base, [wheel('risk', 'risk/aux.py')])).rejects.toMatchObject({
        code: 'ENV_WINDOWS_NAME',
      });
    } finally {
      platform.mockRestore();
    }
    expect(readdirSync(join(base, 'env'))).toEqual([]);
  });
});
