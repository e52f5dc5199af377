import { setTimeout as sleep } from 'node:timers/promises';
import { assert, asyncProperty, string } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ContentDigester } from '../../src/digest/content-digest.ts';
import { HdfsChecksum } from '../../src/digest/hdfs-checksum.ts';
import { reasonToRefuse } from '../../src/store/store-path.ts';
import type { Content, FileStatus, Store } from '../../src/store/store.ts';

export interface StoreFixture {
  /** A store at this path below a directory of the fixture's own. Nothing is there before the first test writes. */
  open(path: string): Store;
  /** The same as another user, who may read and not write; absent where users cannot be had. */
  readonly openAsStranger?: (path: string) => Store;
  /** What the store keeps in one piece; a larger file has several blocks. */
  readonly blockBytes: number;
}

const FILE_MODE = { mode: 0o644 };

const ODD_NAMES = [
  'with space',
  ' leading and trailing ',
  'a+b',
  '100%',
  '%41',
  'a#b',
  'a?b',
  'a&b=c',
  '(x)[y]{z}',
  'user@host,other',
  'it\'s "quoted"',
  'a\\b',
  'a|b<c>d^e`f~!$*',
  'Grüße',
  'Grüße'.normalize('NFD'),
  '日本語',
  '🐍.py',
  '不上.py',
  'Ā',
  `${'x'.repeat(251)}.txt`,
  'é'.repeat(127),
  '...',
  '-rf',
];

function contentOf(bytes: Uint8Array, chunkBytes = 64 * 1024): Content {
  return {
    size: bytes.byteLength,
    async *open() {
      for (let at = 0; at < bytes.byteLength; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  };
}

const text = (value: string): Content => contentOf(Buffer.from(value));

async function readAll(store: Store, path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(path)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Bytes that no compression or repetition makes equal by accident. */
function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = 2_463_534_242;
  for (let at = 0; at < size; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
  return bytes;
}

async function expectEqualChecksum(store: Store, path: string, bytes: Uint8Array): Promise<void> {
  const checksum = await store.checksum(path);
  if (checksum === undefined) throw new Error(`${path} has no checksum`);
  if (checksum.kind === 'sha256') {
    const digester = new ContentDigester();
    digester.update(bytes);
    expect(checksum.hex).toBe(digester.finish().sha256);
  } else {
    const own = new HdfsChecksum(checksum);
    own.update(bytes);
    expect(checksum.hex).toBe(own.finish());
  }
}

/** What every store must do. The tests of one store share a root and use names of their own. */
export function describeStoreContract(name: string, makeFixture: () => Promise<StoreFixture>): void {
  describe(`store contract: ${name}`, () => {
    let fixture: StoreFixture;
    let store: Store;
    beforeAll(async () => {
      fixture = await makeFixture();
      store = fixture.open('envs/risk');
      await store.makeDirectory('', 0o755);
      return () => store.close();
    });

    describe('makeDirectory', () => {
      it('makes the root with its missing parents', async () => {
        const deep = fixture.open('not/yet/there');
        expect(await deep.stat('')).toBeUndefined();
        expect(await deep.list('')).toBeUndefined();
        await deep.makeDirectory('', 0o750);
        expect(await deep.stat('')).toMatchObject({ name: '', type: 'directory', size: 0, mode: 0o750 });
        await deep.close();
      });

      it.each([0o700, 0o755, 0o775, 0o1777])('gives exactly the mode %o under an odd umask', async (mode) => {
        const before = process.umask(0o077);
        try {
          await store.makeDirectory(`mode-${mode}`, mode);
        } finally {
          process.umask(before);
        }
        expect(await store.stat(`mode-${mode}`)).toMatchObject({ type: 'directory', mode });
      });

      it('takes an existing directory as it is', async () => {
        await store.makeDirectory('twice', 0o700);
        await store.put('twice/kept', text('kept'), FILE_MODE);
        await store.makeDirectory('twice', 0o755);
        expect(await store.stat('twice')).toMatchObject({ mode: 0o700 });
        expect(await readAll(store, 'twice/kept')).toEqual(Buffer.from('kept'));
      });

      it('refuses a missing parent', async () => {
        await expect(store.makeDirectory('no-parent/child', 0o755)).rejects.toMatchObject({
          code: 'STORE_PARENT_MISSING',
          exit: 'conflict',
        });
        expect(await store.stat('no-parent')).toBeUndefined();
      });

      it('refuses the name of a file', async () => {
        await store.put('file-not-directory', text('x'), FILE_MODE);
        await expect(store.makeDirectory('file-not-directory', 0o755)).rejects.toMatchObject({
          code: 'STORE_NOT_A_DIRECTORY',
          exit: 'conflict',
        });
      });
    });

    describe('put, read, stat', () => {
      it('keeps the bytes, the length and the mode', async () => {
        const bytes = noise(200_000);
        const earliest = await store.now();
        await store.put('bytes', contentOf(bytes, 7001), { mode: 0o755 });
        const status = await store.stat('bytes');
        expect(status).toMatchObject({ name: 'bytes', type: 'file', size: bytes.length, mode: 0o755 });
        expect(status?.owner).not.toBe('');
        expect(Math.abs((status?.modifiedAt ?? 0) - earliest)).toBeLessThan(60_000);
        expect(await readAll(store, 'bytes')).toEqual(bytes);
        await expectEqualChecksum(store, 'bytes', bytes);
      });

      it.each([0, 1, 511, 512, 513, 1024, 65_537])('keeps %i bytes', async (size) => {
        const bytes = noise(size);
        await store.put(`size-${size}`, contentOf(bytes, 100), FILE_MODE);
        expect(await store.stat(`size-${size}`)).toMatchObject({ type: 'file', size });
        expect(await readAll(store, `size-${size}`)).toEqual(bytes);
        await expectEqualChecksum(store, `size-${size}`, bytes);
      });

      it('keeps a file of several blocks', async () => {
        const bytes = noise(fixture.blockBytes * 2 + 12_345);
        await store.put('several-blocks', contentOf(bytes), FILE_MODE);
        expect(await store.stat('several-blocks')).toMatchObject({ size: bytes.length });
        expect((await readAll(store, 'several-blocks')).equals(bytes)).toBe(true);
        await expectEqualChecksum(store, 'several-blocks', bytes);
      });

      it('keeps a file of exactly one block', async () => {
        const bytes = noise(fixture.blockBytes);
        await store.put('one-block', contentOf(bytes), FILE_MODE);
        await expectEqualChecksum(store, 'one-block', bytes);
      });

      it.each([0o600, 0o444, 0o755])('gives exactly the mode %o under an odd umask', async (mode) => {
        const before = process.umask(0o077);
        try {
          await store.put(`file-mode-${mode}`, text('x'), { mode });
        } finally {
          process.umask(before);
        }
        expect(await store.stat(`file-mode-${mode}`)).toMatchObject({ mode });
      });

      it('replaces the whole file', async () => {
        await store.put('replaced', contentOf(noise(5000)), { mode: 0o755 });
        await store.put('replaced', text('short'), FILE_MODE);
        expect(await readAll(store, 'replaced')).toEqual(Buffer.from('short'));
        expect(await store.stat('replaced')).toMatchObject({ size: 5, mode: 0o644 });
      });

      it('tells how many bytes it sent', async () => {
        let sent = 0;
        await store.put('progress', contentOf(noise(100_000), 1000), {
          mode: 0o644,
          onProgress: (bytes) => {
            sent += bytes;
          },
        });
        expect(sent).toBe(100_000);
      });

      it('never makes the parent', async () => {
        await expect(store.put('absent/file', text('x'), FILE_MODE)).rejects.toMatchObject({
          code: 'STORE_PARENT_MISSING',
          exit: 'conflict',
        });
        expect(await store.stat('absent')).toBeUndefined();
      });

      it('refuses content of another size than it says', async () => {
        for (const size of [3, 5]) {
          await expect(store.put('lies', { ...text('1234'), size }, FILE_MODE)).rejects.toMatchObject({
            code: 'STORE_CONTENT_SIZE',
            exit: 'integrity',
          });
        }
      });

      it('passes on what the source of the bytes throws', async () => {
        const content: Content = {
          size: 4,
          async *open() {
            yield Buffer.from('12');
            throw new RangeError('the disk fell off');
          },
        };
        await expect(store.put('broken-source', content, FILE_MODE)).rejects.toThrow('the disk fell off');
      });

      it('refuses to replace a directory', async () => {
        await store.makeDirectory('put-directory', 0o755);
        await expect(store.put('put-directory', text('x'), FILE_MODE)).rejects.toMatchObject({
          code: 'STORE_NOT_A_FILE',
          exit: 'conflict',
        });
      });

      it('finds nothing where nothing is', async () => {
        expect(await store.stat('nothing')).toBeUndefined();
        await store.put('a-file', text('x'), FILE_MODE);
        expect(await store.stat('a-file/below')).toBeUndefined();
        await expect(readAll(store, 'nothing')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
        await expect(store.checksum('nothing')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
      });

      it('can stop reading in the middle', async () => {
        await store.put('stopped', contentOf(noise(1_000_000)), FILE_MODE);
        for await (const chunk of store.read('stopped')) {
          expect(chunk.byteLength).toBeGreaterThan(0);
          break;
        }
        expect(await readAll(store, 'stopped')).toHaveLength(1_000_000);
      });

      it('puts many files at once', async () => {
        await store.makeDirectory('many', 0o755);
        const names = Array.from({ length: 100 }, (_, index) => `file-${String(index).padStart(3, '0')}`);
        await Promise.all(names.map((file) => store.put(`many/${file}`, text(file), FILE_MODE)));
        const listed = (await store.list('many')) ?? [];
        expect(listed.map((entry) => entry.name)).toEqual(names);
        expect(listed.every((entry) => entry.size === 8)).toBe(true);
      });
    });

    describe('names', () => {
      it.each(ODD_NAMES)('keeps %j for files and directories', async (odd) => {
        await store.makeDirectory('odd', 0o755);
        const directory = `odd/${odd}`;
        await store.makeDirectory(directory, 0o755);
        await store.put(`${directory}/${odd}`, text(odd), FILE_MODE);
        expect(((await store.list(directory)) ?? []).map((entry) => entry.name)).toEqual([odd]);
        expect(await store.stat(`${directory}/${odd}`)).toMatchObject({ name: odd, type: 'file' });
        expect(await readAll(store, `${directory}/${odd}`)).toEqual(Buffer.from(odd));
        await expectEqualChecksum(store, `${directory}/${odd}`, Buffer.from(odd));
        const moved = odd.replace(/^./u, 'x');
        expect(await store.renameFile(`${directory}/${odd}`, `${directory}/${moved}`)).toBe(
          moved === odd ? 'exists' : 'renamed',
        );
        expect(await store.delete(directory)).toBe(true);
      });

      it('keeps composed and decomposed names apart', async () => {
        await store.makeDirectory('normal', 0o755);
        await store.put('normal/\u00e9', text('composed'), FILE_MODE);
        await store.put('normal/e\u0301', text('decomposed'), FILE_MODE);
        expect(await readAll(store, 'normal/\u00e9')).toEqual(Buffer.from('composed'));
        expect(await readAll(store, 'normal/e\u0301')).toEqual(Buffer.from('decomposed'));
      });

      it.each([
        'a:b',
        'a;b',
        'a\nb',
        'a\0b',
        'a\u007fb',
        '..',
        '../escape',
        'a/../b',
        'a/./b',
        'a//b',
        '/absolute',
        'trailing/',
        '\ud800',
        'x'.repeat(256),
        'é'.repeat(128),
      ])('refuses %j before anything is written', async (bad) => {
        const refused = { code: 'STORE_NAME_REFUSED', exit: 'usage' };
        await expect(store.put(bad, text('x'), FILE_MODE)).rejects.toMatchObject(refused);
        await expect(store.makeDirectory(bad, 0o755)).rejects.toMatchObject(refused);
        await expect(store.stat(bad)).rejects.toMatchObject(refused);
        await expect(store.renameFile('bytes', bad)).rejects.toMatchObject(refused);
        await expect(store.delete(bad)).rejects.toMatchObject(refused);
      });

      it('round-trips any name that it does not refuse', async () => {
        await store.makeDirectory('any', 0o755);
        const anyName = string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter(
          (candidate) => !candidate.includes('/') && reasonToRefuse(candidate) === undefined,
        );
        await assert(
          asyncProperty(anyName, async (candidate) => {
            await store.makeDirectory(`any/${candidate}`, 0o755);
            await store.put(`any/${candidate}/${candidate}`, text(candidate), FILE_MODE);
            const listed = await store.list(`any/${candidate}`);
            expect(listed?.map((entry) => entry.name)).toEqual([candidate]);
            expect(await readAll(store, `any/${candidate}/${candidate}`)).toEqual(Buffer.from(candidate));
            await store.delete(`any/${candidate}`);
          }),
          { numRuns: 20 },
        );
      });
    });

    describe('list', () => {
      it('sorts by the bytes of the names in UTF-8', async () => {
        await store.makeDirectory('sorted', 0o755);
        // U+FFFD comes before U+1F40D in UTF-8 and after it in UTF-16
        for (const file of ['\u{1F40D}', 'b', '\uFFFD', 'a', 'B', 'é', 'a0'])
          await store.put(`sorted/${file}`, text('x'), FILE_MODE);
        await store.makeDirectory('sorted/aa', 0o755);
        const listed = (await store.list('sorted')) ?? [];
        expect(listed.map((entry) => entry.name)).toEqual(['B', 'a', 'a0', 'aa', 'b', 'é', '\uFFFD', '\u{1F40D}']);
        expect(listed.find((entry) => entry.name === 'aa')?.type).toBe('directory');
        for (const entry of listed) expect(entry).toEqual(await store.stat(`sorted/${entry.name}`));
      });

      it('tells an empty directory from a missing one and refuses a file', async () => {
        await store.makeDirectory('empty', 0o755);
        expect(await store.list('empty')).toEqual([]);
        expect(await store.list('missing')).toBeUndefined();
        await store.put('listed-file', text('x'), FILE_MODE);
        await expect(store.list('listed-file')).rejects.toMatchObject({ code: 'STORE_NOT_A_DIRECTORY' });
      });
    });

    describe('renameFile', () => {
      it('moves a file with its bytes and mode', async () => {
        await store.makeDirectory('moved', 0o755);
        await store.put('from', text('bytes'), { mode: 0o600 });
        const before = await store.stat('from');
        expect(await store.renameFile('from', 'moved/to')).toBe('renamed');
        expect(await store.stat('from')).toBeUndefined();
        expect(await readAll(store, 'moved/to')).toEqual(Buffer.from('bytes'));
        expect(await store.stat('moved/to')).toEqual({ ...(before as FileStatus), name: 'to' });
      });

      it('never replaces a file', async () => {
        await store.put('taken', text('first'), FILE_MODE);
        await store.put('second', text('second'), FILE_MODE);
        expect(await store.renameFile('second', 'taken')).toBe('exists');
        expect(await readAll(store, 'taken')).toEqual(Buffer.from('first'));
        expect(await readAll(store, 'second')).toEqual(Buffer.from('second'));
      });

      it('does not take its own name for free', async () => {
        await store.put('itself', text('x'), FILE_MODE);
        expect(await store.renameFile('itself', 'itself')).toBe('exists');
        expect(await readAll(store, 'itself')).toEqual(Buffer.from('x'));
      });

      it('never moves into a directory', async () => {
        await store.makeDirectory('directory-target', 0o755);
        await store.put('loose', text('loose'), FILE_MODE);
        expect(await store.renameFile('loose', 'directory-target')).toBe('exists');
        expect(await store.list('directory-target')).toEqual([]);
        expect(await readAll(store, 'loose')).toEqual(Buffer.from('loose'));
      });

      it('says when there is nothing to move', async () => {
        expect(await store.renameFile('was-never-there', 'anywhere')).toBe('missing');
        expect(await store.stat('anywhere')).toBeUndefined();
      });

      it('refuses a missing parent of the new name', async () => {
        await store.put('homeless', text('x'), FILE_MODE);
        await expect(store.renameFile('homeless', 'no-such-place/homeless')).rejects.toMatchObject({
          code: 'STORE_PARENT_MISSING',
          exit: 'conflict',
        });
        expect(await store.stat('no-such-place')).toBeUndefined();
        expect(await readAll(store, 'homeless')).toEqual(Buffer.from('x'));
      });

      it('refuses a directory', async () => {
        await store.makeDirectory('not-a-file', 0o755);
        await expect(store.renameFile('not-a-file', 'still-not-a-file')).rejects.toMatchObject({
          code: 'STORE_NOT_A_FILE',
        });
      });

      it('lets one of twenty have a name', async () => {
        await store.makeDirectory('race', 0o755);
        const names = Array.from({ length: 20 }, (_, index) => `race/candidate-${index}`);
        await Promise.all(names.map((candidate) => store.put(candidate, text(candidate), FILE_MODE)));
        const results = await Promise.all(names.map((candidate) => store.renameFile(candidate, 'race/winner')));
        expect(results.filter((result) => result === 'renamed')).toHaveLength(1);
        expect(results.filter((result) => result === 'exists')).toHaveLength(19);
        const winner = names[results.indexOf('renamed')] ?? '';
        expect(await readAll(store, 'race/winner')).toEqual(Buffer.from(winner));
        expect(await store.list('race')).toHaveLength(20);
      });
    });

    describe('renameDirectory', () => {
      it('is exact here', () => {
        expect(store.hasExactDirectoryRename).toBe(true);
      });

      it('moves a directory with all it holds', async () => {
        await store.makeDirectory('tree', 0o750);
        await store.makeDirectory('tree/inner', 0o755);
        await store.put('tree/inner/file', text('x'), FILE_MODE);
        expect(await store.renameDirectory('tree', 'grown')).toBe('renamed');
        expect(await store.stat('tree')).toBeUndefined();
        expect(await store.stat('grown')).toMatchObject({ type: 'directory', mode: 0o750 });
        expect(await readAll(store, 'grown/inner/file')).toEqual(Buffer.from('x'));
        await expect(store.put('tree/inner/late', text('x'), FILE_MODE)).rejects.toMatchObject({
          code: 'STORE_PARENT_MISSING',
        });
      });

      it('never moves into a directory, empty or full, nor onto a file', async () => {
        await store.makeDirectory('mover', 0o755);
        await store.makeDirectory('empty-target', 0o755);
        await store.makeDirectory('full-target', 0o755);
        await store.put('full-target/file', text('x'), FILE_MODE);
        await store.put('file-target', text('x'), FILE_MODE);
        for (const target of ['empty-target', 'full-target', 'file-target']) {
          expect(await store.renameDirectory('mover', target)).toBe('exists');
        }
        expect(await store.list('empty-target')).toEqual([]);
        expect(await store.list('full-target')).toHaveLength(1);
        expect(await store.stat('file-target')).toMatchObject({ type: 'file' });
      });

      it('says when there is nothing to move', async () => {
        expect(await store.renameDirectory('no-directory', 'elsewhere')).toBe('missing');
      });

      it('refuses a missing parent of the new name', async () => {
        await store.makeDirectory('stays', 0o755);
        await expect(store.renameDirectory('stays', 'no-such-place/stays')).rejects.toMatchObject({
          code: 'STORE_PARENT_MISSING',
        });
        expect(await store.stat('stays')).toMatchObject({ type: 'directory' });
      });

      it('lets one of two take a directory', async () => {
        await store.makeDirectory('adopted', 0o755);
        await store.put('adopted/file', text('x'), FILE_MODE);
        const results = await Promise.all(['a', 'b'].map((to) => store.renameDirectory('adopted', `adopted-${to}`)));
        expect(results.toSorted()).toEqual(['missing', 'renamed']);
      });
    });

    describe('delete, touch, now', () => {
      it('deletes a file, and a directory with all it holds', async () => {
        await store.makeDirectory('doomed', 0o755);
        await store.makeDirectory('doomed/inner', 0o755);
        await store.put('doomed/inner/file', text('x'), FILE_MODE);
        expect(await store.delete('doomed/inner/file')).toBe(true);
        expect(await store.delete('doomed/inner/file')).toBe(false);
        expect(await store.delete('doomed')).toBe(true);
        expect(await store.stat('doomed')).toBeUndefined();
        expect(await store.delete('doomed')).toBe(false);
      });

      it('sets the modification time to the present', async () => {
        await store.put('touched', text('x'), FILE_MODE);
        const before = (await store.stat('touched'))?.modifiedAt ?? 0;
        await sleep(2100); // the clock may count whole seconds
        await store.touch('touched');
        const after = (await store.stat('touched'))?.modifiedAt ?? 0;
        expect(after).toBeGreaterThan(before);
        expect(Math.abs(after - (await store.now()))).toBeLessThan(60_000);
        await expect(store.touch('never-there')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
      });
    });

    it('tells a stranger what is missing', async (context) => {
      const openAsStranger = fixture.openAsStranger;
      if (openAsStranger === undefined) return context.skip('this store has no users');
      await store.makeDirectory('closed', 0o755);
      await store.put('closed/file', text('x'), { mode: 0o600 });
      const stranger = openAsStranger('envs/risk');
      const denied = { code: 'STORE_PERMISSION', exit: 'permission' };
      await expect(stranger.put('closed/mine', text('x'), FILE_MODE)).rejects.toMatchObject(denied);
      await expect(stranger.put('closed/mine', text('x'), FILE_MODE)).rejects.toThrow(/bob.*WRITE.*closed.*rwxr-xr-x/);
      await expect(stranger.makeDirectory('closed/mine', 0o755)).rejects.toMatchObject(denied);
      await expect(stranger.renameFile('closed/file', 'closed/other')).rejects.toMatchObject(denied);
      await expect(stranger.delete('closed/file')).rejects.toMatchObject(denied);
      await expect(readAll(stranger, 'closed/file')).rejects.toMatchObject(denied);
      expect(await stranger.stat('closed/file')).toMatchObject({ size: 1 });
      await stranger.close();
      return undefined;
    });
  });
}
