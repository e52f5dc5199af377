import type * as fs from 'node:fs';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { BuildDirectory } from '../../../src/env/build/build-directory.ts';
import { readManifest } from '../../../src/env/read-manifest.ts';
import type { Manifest } from '../../../src/env/manifest.ts';
import { makeEnvironment, readTree, temporaryDirectories } from '../../support/environment-maker.ts';

// A disk that refuses: full while a file is written, or from some rename on.
const disk = vi.hoisted(() => ({
  isFullFor: (_path: string): boolean => false,
  refusesRename: (_count: number): boolean => false,
  renames: 0,
  onRenamed: (): void => {},
}));

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof fs>();
  const refuse = (code: string, syscall: string): never => {
    throw Object.assign(new Error(`${code}: refused, ${syscall}`), { code, syscall });
  };
  return {
    ...original,
    writeFileSync: (...[path, ...rest]: Parameters<typeof fs.writeFileSync>): void => {
      if (disk.isFullFor(String(path))) refuse('ENOSPC', 'write');
      original.writeFileSync(path, ...rest);
    },
    renameSync: (...paths: Parameters<typeof fs.renameSync>): void => {
      disk.renames += 1;
      if (disk.refusesRename(disk.renames)) refuse('EIO', 'rename');
      original.renameSync(...paths);
      disk.onRenamed();
    },
  };
});

const newDirectory = temporaryDirectories('build-directory-commit');
const OLD = { name: 'risk', version: '1', files: { 'risk.py': 'old\n' } };
const NEW = { name: 'risk', version: '2', files: { 'risk.py': 'new\n', 'more.py': '' } };
const MARK = '.hdfs-venv-build';
const WHOLE = ['activate_env.py', 'manifest.json', 'venv'];

const build = (
  base: string,
  wheel: typeof OLD,
  layout: Manifest['layout'] = 'tree',
): ReturnType<typeof makeEnvironment> =>
  makeEnvironment(base, [wheel], { bootstrap: Buffer.from(wheel.version), layout });

function behave(): void {
  disk.isFullFor = () => false;
  disk.refusesRename = () => false;
  disk.renames = 0;
  disk.onRenamed = () => {};
}
beforeEach(behave);

/** Old manifest, tree and wheels leave (one of the latter is not there), new ones come, then the bootstrap. */
const RENAMES = [1, 2, 3, 4, 5, 6];

test('the renames are as many as the tests below count', async () => {
  const base = newDirectory();
  await build(base, OLD);
  disk.renames = 0;
  await build(base, NEW);
  expect(disk.renames).toBe(RENAMES.length);
});

describe('a disk that is full', () => {
  test.each(['manifest.json', 'activate_env.py'])('for %s: the last build stays as it was', async (name) => {
    const base = newDirectory();
    const { directory } = await build(base, OLD);
    const before = readTree(directory);
    disk.isFullFor = (path) => path.endsWith(name);
    await expect(build(base, NEW)).rejects.toMatchObject({ code: 'ENV_DISK_FULL' });
    expect(readTree(directory)).toEqual(before);
  });

  test.each(['manifest.json', 'activate_env.py'])('for %s of a first build: DIR is empty', async (name) => {
    const base = newDirectory();
    disk.isFullFor = (path) => path.endsWith(name);
    await expect(build(base, OLD)).rejects.toMatchObject({ code: 'ENV_DISK_FULL' });
    expect(readdirSync(join(base, 'env'))).toEqual([]);
  });

  test('for the bootstrap beside a tree that is used again: all stays', async () => {
    const base = newDirectory();
    const { directory } = await build(base, OLD);
    writeFileSync(join(directory, 'activate_env.py'), 'edited');
    const before = readTree(directory);
    disk.isFullFor = (path) => path.endsWith('activate_env.py');
    const notes: string[] = [];
    const building = makeEnvironment(base, [OLD], { bootstrap: Buffer.from('1'), onNote: (note) => notes.push(note) });
    await expect(building).rejects.toMatchObject({ code: 'ENV_DISK_FULL' });
    expect(readTree(directory)).toEqual(before);
    expect(notes).toEqual([]);
  });
});

describe('a rename that fails', () => {
  test.each(RENAMES)('number %i: the last build is put back', async (failing) => {
    const base = newDirectory();
    const { directory } = await build(base, OLD);
    const before = readTree(directory);
    disk.renames = 0;
    disk.refusesRename = (count) => count === failing;
    await expect(build(base, NEW)).rejects.toMatchObject({ code: 'ENV_WRITE', message: expect.stringMatching(/EIO/) });
    expect(readTree(directory)).toEqual(before);
  });

  test.each(RENAMES)(
    'number %i, when wheels take the place of a tree or a tree theirs: the last build is put back',
    async (failing) => {
      for (const [from, to] of [
        ['tree', 'tar'],
        ['tar', 'tree'],
      ] as const) {
        const base = newDirectory();
        const { directory } = await build(base, OLD, from);
        const before = readTree(directory);
        disk.renames = 0;
        disk.refusesRename = (number) => number === failing;
        await expect(build(base, NEW, to)).rejects.toMatchObject({ code: 'ENV_WRITE' });
        behave();
        expect(readTree(directory)).toEqual(before);
        await build(base, NEW, to);
      }
    },
  );

  test.each(RENAMES)('number %i of a first build: DIR is empty', async (failing) => {
    const base = newDirectory();
    disk.refusesRename = (count) => count === failing;
    await expect(build(base, OLD)).rejects.toMatchObject({ code: 'ENV_WRITE' });
    expect(readdirSync(join(base, 'env'))).toEqual([]);
  });

  test.each(RENAMES)(
    'number %i and all after it, so nothing is put back: what was there is kept, and DIR takes the next build',
    async (failing) => {
      for (const first of [OLD, undefined]) {
        const base = newDirectory();
        if (first !== undefined) await build(base, first);
        disk.renames = 0;
        disk.refusesRename = (count) => count >= failing;
        await expect(build(base, NEW)).rejects.toMatchObject(
          first === undefined || failing === 1
            ? { code: expect.stringMatching(/^ENV_(WRITE|NOT_PUT_BACK)$/) }
            : { code: 'ENV_NOT_PUT_BACK', hints: [expect.stringContaining(join(base, 'env', '.hdfs-venv-build'))] },
        );
        behave();
        if (first !== undefined)
          expect(Object.values(readTree(join(base, 'env'))).map(({ text }) => text)).toContain('old\n');
        const { directory, manifest } = await build(base, NEW);
        expect(readdirSync(directory).sort()).toEqual(WHOLE);
        expect(await readManifest(directory)).toEqual(manifest);
      }
    },
  );

  test('a directory stands where the bootstrap goes: the last build is put back', async () => {
    const base = newDirectory();
    const { directory } = await build(base, OLD);
    rmSync(join(directory, 'activate_env.py'));
    mkdirSync(join(directory, 'activate_env.py'));
    const before = readTree(directory);
    await expect(build(base, NEW)).rejects.toMatchObject({ code: 'ENV_PATH', exit: 'conflict' });
    expect(readTree(directory)).toEqual(before);
  });
});

test('at no moment is there a manifest beside another tree, nor anything without a sign of a build', async () => {
  const base = newDirectory();
  const { directory } = await build(base, OLD);
  const seen: string[] = [];
  disk.onRenamed = () => {
    const manifest = join(directory, 'manifest.json');
    const tree = join(directory, 'venv', 'risk.py');
    const names = readdirSync(directory);
    expect(names).toContain(MARK);
    seen.push(`${existsSync(manifest) ? /"version": "(.)"/.exec(readFileSync(manifest, 'utf8'))?.[1] : 'none'} `);
    seen.push(existsSync(tree) ? readFileSync(tree, 'utf8') : 'none\n');
  };
  await build(base, NEW);
  expect(seen.join('')).toBe('none old\nnone none\nnone new\n2 new\n2 new\n');
});

test('a manifest that cannot be written moves nothing', async () => {
  const base = newDirectory();
  const { directory, manifest } = await build(base, OLD);
  const before = readTree(directory);
  const place = await BuildDirectory.claim(directory);
  expect(place.existing).toEqual(manifest);
  writeFileSync(join(place.tree, 'new.py'), '');
  const unwritable = {
    ...manifest,
    toJSON: () => {
      throw new Error('unwritable');
    },
  };
  expect(() => place.commit(unwritable)).toThrow('unwritable');
  place.release();
  expect(readTree(directory)).toEqual(before);
});
