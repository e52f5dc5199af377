import { describe, expect, it } from 'vitest';
import { FILE_MODE, readAll, text } from './content.ts';
import type { StoreUnderTest } from './fixture.ts';

/** `makeDirectory`: what it makes, with which mode, and what it refuses. */
export function describeDirectories(tested: StoreUnderTest): void {
  describe('makeDirectory', () => {
    it('makes the root with its missing parents', async () => {
      const deep = tested.fixture.open('not/yet/there');
      expect(await deep.stat('')).toBeUndefined();
      expect(await deep.list('')).toBeUndefined();
      await deep.makeDirectory('', 0o750);
      expect(await deep.stat('')).toMatchObject({ name: '', type: 'directory', size: 0, mode: 0o750 });
      await deep.close();
    });

    it.each([0o700, 0o755, 0o775, 0o1777])('gives exactly the mode %o under an odd umask', async (mode) => {
      const before = process.umask(0o077);
      try {
        await tested.store.makeDirectory(`mode-${mode}`, mode);
      } finally {
        process.umask(before);
      }
      expect(await tested.store.stat(`mode-${mode}`)).toMatchObject({ type: 'directory', mode });
    });

    it('takes an existing directory as it is', async () => {
      await tested.store.makeDirectory('twice', 0o700);
      await tested.store.put('twice/kept', text('kept'), FILE_MODE);
      await tested.store.makeDirectory('twice', 0o755);
      expect(await tested.store.stat('twice')).toMatchObject({ mode: 0o700 });
      expect(await readAll(tested.store, 'twice/kept')).toEqual(Buffer.from('kept'));
    });

    it('refuses a missing parent', async () => {
      await expect(tested.store.makeDirectory('no-parent/child', 0o755)).rejects.toMatchObject({
        code: 'STORE_PARENT_MISSING',
        exit: 'conflict',
      });
      expect(await tested.store.stat('no-parent')).toBeUndefined();
    });

    it('refuses the name of a file', async () => {
      await tested.store.put('file-not-directory', text('x'), FILE_MODE);
      await expect(tested.store.makeDirectory('file-not-directory', 0o755)).rejects.toMatchObject({
        code: 'STORE_NOT_A_DIRECTORY',
        exit: 'conflict',
      });
    });
  });
}
