import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bytesContent } from '../../../src/publish/content.ts';
import { openLocalStore } from '../../../src/store/local/local-store.ts';
import { scratchDirectory } from '../../support/scratch.ts';

let scratch: ReturnType<typeof scratchDirectory>;

beforeEach(() => {
  scratch = scratchDirectory('local-directory');
});
afterEach(() => {
  vi.restoreAllMocks();
  scratch.remove();
});

const makeRoot = (root: string): Promise<void> => openLocalStore(root).makeDirectory('', 0o755);

/** The inodes of what is written to the disk from now on. */
async function watchSyncs(): Promise<ReadonlySet<number>> {
  const synced = new Set<number>();
  const handle = await open(scratch.path);
  await handle.close();
  const spy = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'sync');
  spy.mockImplementation(async function (this: FileHandle) {
    synced.add((await this.stat()).ino);
  });
  return synced;
}

it('every directory that got an entry is on the disk before anything is committed', async () => {
  const synced = await watchSyncs();
  const root = join(scratch.path, 'srv', 'team', 'env');
  const store = openLocalStore(root);
  await store.makeDirectory('', 0o755);
  await store.makeDirectory('staged', 0o755);
  await store.renameDirectory('staged', 'committed');
  const places = [scratch.path, join(scratch.path, 'srv'), dirname(root), root];
  expect(places.filter((place) => !synced.has(statSync(place).ino))).toEqual([]);
});

it.skipIf(process.getuid?.() === 0)('a root whose parent may be entered and not listed is written to', async () => {
  const root = join(scratch.path, 'home', 'env');
  mkdirSync(root, { recursive: true });
  chmodSync(dirname(root), 0o311);
  const store = openLocalStore(root);
  await store.makeDirectory('', 0o755);
  await store.makeDirectory('staged', 0o755);
  const renamed = store.renameDirectory('staged', 'committed').finally(() => chmodSync(dirname(root), 0o755));
  expect(await renamed).toBe('renamed');
});

describe('an address below a file', () => {
  it.each(['env', 'team/env', 'team/risk/env'])('names the file: afile/%s', async (below) => {
    const file = join(scratch.path, 'afile');
    writeFileSync(file, '');
    await expect(makeRoot(join(file, below))).rejects.toMatchObject({
      code: 'STORE_NOT_A_DIRECTORY',
      exit: 'conflict',
      message: `Cannot use ${file} as a directory: a file or a link stands there.`,
      hints: [expect.any(String)],
    });
  });
});

it('a link that leads nowhere is not taken for a directory', async () => {
  const link = join(scratch.path, 'link');
  symlinkSync(join(scratch.path, 'nowhere'), link);
  const refused = { code: 'STORE_NOT_A_DIRECTORY', message: expect.stringContaining(link) };
  await expect(makeRoot(link)).rejects.toMatchObject(refused);
  await expect(makeRoot(join(link, 'env'))).rejects.toMatchObject(refused);
});

it('several may make the same ancestors at once', async () => {
  const roots = ['a', 'b', 'c', 'd'].map((name) => join(scratch.path, 'deep', 'er', name));
  await Promise.all(roots.map((root) => makeRoot(root)));
  expect(roots.filter((root) => !existsSync(root))).toEqual([]);
});

describe.skipIf(!existsSync('/proc/self'))('where the system takes no directories', () => {
  it.each(['/proc/hdfs-venv', '/proc/hdfs-venv/team/env'])('the root %s is refused', async (root) => {
    await expect(makeRoot(root)).rejects.toMatchObject({
      code: 'STORE_PERMISSION',
      exit: 'permission',
      message: 'Cannot make the directory /proc/hdfs-venv: /proc takes no new directories.',
      hints: [expect.any(String)],
    });
  });

  it('a directory in an existing root is refused', async () => {
    await expect(openLocalStore('/proc').makeDirectory('hdfs-venv', 0o755)).rejects.toMatchObject({
      code: 'STORE_PERMISSION',
    });
  });

  it('a parent that is missing is still said to be missing', async () => {
    const root = join(scratch.path, 'env');
    mkdirSync(root);
    await expect(openLocalStore(root).makeDirectory('no/child', 0o755)).rejects.toMatchObject({
      code: 'STORE_PARENT_MISSING',
    });
  });
});

it('a name that could not be brought to the disk is taken back', async () => {
  const store = openLocalStore(join(scratch.path, 'env'));
  await store.makeDirectory('', 0o755);
  await store.makeDirectory('releases', 0o755);
  await store.put('staged', bytesContent(Buffer.from('release')), { mode: 0o644 });
  const handle = await open(scratch.path, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const target = statSync(join(scratch.path, 'env', 'releases')).ino;
  let isLinked = false;
  vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
    isLinked = existsSync(join(scratch.path, 'env', 'releases', '000001.json'));
    if (isLinked && (await this.stat()).ino === target)
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
  });
  await expect(store.renameFile('staged', 'releases/000001.json')).rejects.toMatchObject({ code: 'STORE_LOCAL_IO' });
  expect(isLinked).toBe(true);
  vi.restoreAllMocks();
  expect(await store.stat('releases/000001.json')).toBeUndefined();
  expect(await store.renameFile('staged', 'releases/000001.json')).toBe('renamed');
});
