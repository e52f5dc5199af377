import { describe, expect, it } from 'vitest';
import type { FileStatus } from '../../../src/store/store.ts';
import { FILE_MODE, readAll, text } from './content.ts';
import type { StoreUnderTest } from './fixture.ts';

/** `renameFile` and `renameDirectory`: nothing is ever replaced, and one of many wins. A publish commits by them. */
export function describeRenames(tested: StoreUnderTest): void {
  describe('renameFile', () => {
    it('moves a file with its bytes and mode', async () => {
      await tested.store.makeDirectory('moved', 0o755);
      await tested.store.put('from', text('bytes'), { mode: 0o600 });
      const before = await tested.store.stat('from');
      expect(await tested.store.renameFile('from', 'moved/to')).toBe('renamed');
      expect(await tested.store.stat('from')).toBeUndefined();
      expect(await readAll(tested.store, 'moved/to')).toEqual(Buffer.from('bytes'));
      expect(await tested.store.stat('moved/to')).toEqual({ ...(before as FileStatus), name: 'to' });
    });

    it('never replaces a file', async () => {
      await tested.store.put('taken', text('first'), FILE_MODE);
      await tested.store.put('second', text('second'), FILE_MODE);
      expect(await tested.store.renameFile('second', 'taken')).toBe('exists');
      expect(await readAll(tested.store, 'taken')).toEqual(Buffer.from('first'));
      expect(await readAll(tested.store, 'second')).toEqual(Buffer.from('second'));
    });

    it('does not take its own name for free', async () => {
      await tested.store.put('itself', text('x'), FILE_MODE);
      expect(await tested.store.renameFile('itself', 'itself')).toBe('exists');
      expect(await readAll(tested.store, 'itself')).toEqual(Buffer.from('x'));
    });

    it('never moves into a directory', async () => {
      await tested.store.makeDirectory('directory-target', 0o755);
      await tested.store.put('loose', text('loose'), FILE_MODE);
      expect(await tested.store.renameFile('loose', 'directory-target')).toBe('exists');
      expect(await tested.store.list('directory-target')).toEqual([]);
      expect(await readAll(tested.store, 'loose')).toEqual(Buffer.from('loose'));
    });

    it('says when there is nothing to move', async () => {
      expect(await tested.store.renameFile('was-never-there', 'anywhere')).toBe('missing');
      expect(await tested.store.stat('anywhere')).toBeUndefined();
    });

    it('refuses a missing parent of the new name', async () => {
      await tested.store.put('homeless', text('x'), FILE_MODE);
      await expect(tested.store.renameFile('homeless', 'no-such-place/homeless')).rejects.toMatchObject({
        code: 'STORE_PARENT_MISSING',
        exit: 'conflict',
      });
      expect(await tested.store.stat('no-such-place')).toBeUndefined();
      expect(await readAll(tested.store, 'homeless')).toEqual(Buffer.from('x'));
    });

    it('refuses a directory', async () => {
      await tested.store.makeDirectory('not-a-file', 0o755);
      await expect(tested.store.renameFile('not-a-file', 'still-not-a-file')).rejects.toMatchObject({
        code: 'STORE_NOT_A_FILE',
      });
    });

    it('lets one of twenty have a name', async () => {
      await tested.store.makeDirectory('race', 0o755);
      const names = Array.from({ length: 20 }, (_, index) => `race/candidate-${index}`);
      await Promise.all(names.map((candidate) => tested.store.put(candidate, text(candidate), FILE_MODE)));
      const results = await Promise.all(names.map((candidate) => tested.store.renameFile(candidate, 'race/winner')));
      expect(results.filter((result) => result === 'renamed')).toHaveLength(1);
      expect(results.filter((result) => result === 'exists')).toHaveLength(19);
      const winner = names[results.indexOf('renamed')] ?? '';
      expect(await readAll(tested.store, 'race/winner')).toEqual(Buffer.from(winner));
      expect(await tested.store.list('race')).toHaveLength(20);
    });
  });

  describe('renameDirectory', () => {
    it('is exact here', () => {
      expect(tested.store.hasExactDirectoryRename).toBe(true);
    });

    it('moves a directory with all it holds', async () => {
      await tested.store.makeDirectory('tree', 0o750);
      await tested.store.makeDirectory('tree/inner', 0o755);
      await tested.store.put('tree/inner/file', text('x'), FILE_MODE);
      expect(await tested.store.renameDirectory('tree', 'grown')).toBe('renamed');
      expect(await tested.store.stat('tree')).toBeUndefined();
      expect(await tested.store.stat('grown')).toMatchObject({ type: 'directory', mode: 0o750 });
      expect(await readAll(tested.store, 'grown/inner/file')).toEqual(Buffer.from('x'));
      await expect(tested.store.put('tree/inner/late', text('x'), FILE_MODE)).rejects.toMatchObject({
        code: 'STORE_PARENT_MISSING',
      });
    });

    it('never moves into a directory, empty or full, nor onto a file', async () => {
      await tested.store.makeDirectory('mover', 0o755);
      await tested.store.makeDirectory('empty-target', 0o755);
      await tested.store.makeDirectory('full-target', 0o755);
      await tested.store.put('full-target/file', text('x'), FILE_MODE);
      await tested.store.put('file-target', text('x'), FILE_MODE);
      for (const target of ['empty-target', 'full-target', 'file-target']) {
        expect(await tested.store.renameDirectory('mover', target)).toBe('exists');
      }
      expect(await tested.store.list('empty-target')).toEqual([]);
      expect(await tested.store.list('full-target')).toHaveLength(1);
      expect(await tested.store.stat('file-target')).toMatchObject({ type: 'file' });
    });

    it('says when there is nothing to move', async () => {
      expect(await tested.store.renameDirectory('no-directory', 'elsewhere')).toBe('missing');
    });

    it('refuses a missing parent of the new name', async () => {
      await tested.store.makeDirectory('stays', 0o755);
      await expect(tested.store.renameDirectory('stays', 'no-such-place/stays')).rejects.toMatchObject({
        code: 'STORE_PARENT_MISSING',
      });
      expect(await tested.store.stat('stays')).toMatchObject({ type: 'directory' });
    });

    it('lets one of two take a directory', async () => {
      await tested.store.makeDirectory('adopted', 0o755);
      await tested.store.put('adopted/file', text('x'), FILE_MODE);
      const results = await Promise.all(
        ['a', 'b'].map((to) => tested.store.renameDirectory('adopted', `adopted-${to}`)),
      );
      expect(results.toSorted()).toEqual(['missing', 'renamed']);
    });
  });
}
