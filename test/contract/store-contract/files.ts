import { describe, expect, it } from 'vitest';
import type { Content } from '../../../src/store/store.ts';
import { contentOf, expectEqualChecksum, FILE_MODE, noise, readAll, text } from './content.ts';
import type { StoreUnderTest } from './fixture.ts';

/** `put`, `read`, `stat` and `checksum`: bytes, lengths, modes, and what is not there. */
export function describeFiles(tested: StoreUnderTest): void {
  describe('put, read, stat', () => {
    it('keeps the bytes, the length and the mode', async () => {
      const bytes = noise(200_000);
      const earliest = await tested.store.now();
      await tested.store.put('bytes', contentOf(bytes, 7001), { mode: 0o755 });
      const status = await tested.store.stat('bytes');
      expect(status).toMatchObject({ name: 'bytes', type: 'file', size: bytes.length, mode: 0o755 });
      expect(status?.owner).not.toBe('');
      expect(Math.abs((status?.modifiedAt ?? 0) - earliest)).toBeLessThan(60_000);
      expect(await readAll(tested.store, 'bytes')).toEqual(bytes);
      await expectEqualChecksum(tested.store, 'bytes', bytes);
    });

    it.each([0, 1, 511, 512, 513, 1024, 65_537])('keeps %i bytes', async (size) => {
      const bytes = noise(size);
      await tested.store.put(`size-${size}`, contentOf(bytes, 100), FILE_MODE);
      expect(await tested.store.stat(`size-${size}`)).toMatchObject({ type: 'file', size });
      expect(await readAll(tested.store, `size-${size}`)).toEqual(bytes);
      await expectEqualChecksum(tested.store, `size-${size}`, bytes);
    });

    it('keeps a file of several blocks', async () => {
      const bytes = noise(tested.fixture.blockBytes * 2 + 12_345);
      await tested.store.put('several-blocks', contentOf(bytes), FILE_MODE);
      expect(await tested.store.stat('several-blocks')).toMatchObject({ size: bytes.length });
      expect((await readAll(tested.store, 'several-blocks')).equals(bytes)).toBe(true);
      await expectEqualChecksum(tested.store, 'several-blocks', bytes);
    });

    it('keeps a file of exactly one block', async () => {
      const bytes = noise(tested.fixture.blockBytes);
      await tested.store.put('one-block', contentOf(bytes), FILE_MODE);
      await expectEqualChecksum(tested.store, 'one-block', bytes);
    });

    it.each([0o600, 0o444, 0o755])('gives exactly the mode %o under an odd umask', async (mode) => {
      const before = process.umask(0o077);
      try {
        await tested.store.put(`file-mode-${mode}`, text('x'), { mode });
      } finally {
        process.umask(before);
      }
      expect(await tested.store.stat(`file-mode-${mode}`)).toMatchObject({ mode });
    });

    it('replaces the whole file', async () => {
      await tested.store.put('replaced', contentOf(noise(5000)), { mode: 0o755 });
      await tested.store.put('replaced', text('short'), FILE_MODE);
      expect(await readAll(tested.store, 'replaced')).toEqual(Buffer.from('short'));
      expect(await tested.store.stat('replaced')).toMatchObject({ size: 5, mode: 0o644 });
    });

    it('tells how many bytes it sent', async () => {
      let sent = 0;
      await tested.store.put('progress', contentOf(noise(100_000), 1000), {
        mode: 0o644,
        onProgress: (bytes) => {
          sent += bytes;
        },
      });
      expect(sent).toBe(100_000);
    });

    it('never makes the parent', async () => {
      await expect(tested.store.put('absent/file', text('x'), FILE_MODE)).rejects.toMatchObject({
        code: 'STORE_PARENT_MISSING',
        exit: 'conflict',
      });
      expect(await tested.store.stat('absent')).toBeUndefined();
    });

    it('refuses content of another size than it says', async () => {
      for (const size of [3, 5]) {
        await expect(tested.store.put('lies', { ...text('1234'), size }, FILE_MODE)).rejects.toMatchObject({
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
      await expect(tested.store.put('broken-source', content, FILE_MODE)).rejects.toThrow('the disk fell off');
    });

    it('refuses to replace a directory', async () => {
      await tested.store.makeDirectory('put-directory', 0o755);
      await expect(tested.store.put('put-directory', text('x'), FILE_MODE)).rejects.toMatchObject({
        code: 'STORE_NOT_A_FILE',
        exit: 'conflict',
      });
    });

    it('finds nothing where nothing is', async () => {
      expect(await tested.store.stat('nothing')).toBeUndefined();
      await tested.store.put('a-file', text('x'), FILE_MODE);
      expect(await tested.store.stat('a-file/below')).toBeUndefined();
      await expect(readAll(tested.store, 'nothing')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
      await expect(tested.store.checksum('nothing')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
    });

    it('can stop reading in the middle', async () => {
      await tested.store.put('stopped', contentOf(noise(1_000_000)), FILE_MODE);
      for await (const chunk of tested.store.read('stopped')) {
        expect(chunk.byteLength).toBeGreaterThan(0);
        break;
      }
      expect(await readAll(tested.store, 'stopped')).toHaveLength(1_000_000);
    });

    it('puts many files at once', async () => {
      await tested.store.makeDirectory('many', 0o755);
      const names = Array.from({ length: 100 }, (_, index) => `file-${String(index).padStart(3, '0')}`);
      await Promise.all(names.map((file) => tested.store.put(`many/${file}`, text(file), FILE_MODE)));
      const listed = (await tested.store.list('many')) ?? [];
      expect(listed.map((entry) => entry.name)).toEqual(names);
      expect(listed.every((entry) => entry.size === 8)).toBe(true);
    });
  });
}
