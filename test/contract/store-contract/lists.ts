import { describe, expect, it } from 'vitest';
import { FILE_MODE, text } from './content.ts';
import type { StoreUnderTest } from './fixture.ts';

/** `list`: its order, and what is no directory. */
export function describeLists(tested: StoreUnderTest): void {
  describe('list', () => {
    it('sorts by the bytes of the names in UTF-8', async () => {
      await tested.store.makeDirectory('sorted', 0o755);
      // U+FFFD comes before U+1F40D in UTF-8 and after it in UTF-16
      for (const file of ['\u{1F40D}', 'b', '\uFFFD', 'a', 'B', 'é', 'a0'])
        await tested.store.put(`sorted/${file}`, text('x'), FILE_MODE);
      await tested.store.makeDirectory('sorted/aa', 0o755);
      const listed = (await tested.store.list('sorted')) ?? [];
      expect(listed.map((entry) => entry.name)).toEqual(['B', 'a', 'a0', 'aa', 'b', 'é', '\uFFFD', '\u{1F40D}']);
      expect(listed.find((entry) => entry.name === 'aa')?.type).toBe('directory');
      for (const entry of listed) expect(entry).toEqual(await tested.store.stat(`sorted/${entry.name}`));
    });

    it('tells an empty directory from a missing one and refuses a file', async () => {
      await tested.store.makeDirectory('empty', 0o755);
      expect(await tested.store.list('empty')).toEqual([]);
      expect(await tested.store.list('missing')).toBeUndefined();
      await tested.store.put('listed-file', text('x'), FILE_MODE);
      await expect(tested.store.list('listed-file')).rejects.toMatchObject({ code: 'STORE_NOT_A_DIRECTORY' });
    });
  });
}
