import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FILE_MODE, text } from './content.ts';
import type { StoreUnderTest } from './fixture.ts';

/** `delete`, `touch` and `now`. */
export function describeRemovalAndTime(tested: StoreUnderTest): void {
  describe('delete, touch, now', () => {
    it('deletes a file, and a directory with all it holds', async () => {
      await tested.store.makeDirectory('doomed', 0o755);
      await tested.store.makeDirectory('doomed/inner', 0o755);
      await tested.store.put('doomed/inner/file', text('x'), FILE_MODE);
      expect(await tested.store.delete('doomed/inner/file')).toBe(true);
      expect(await tested.store.delete('doomed/inner/file')).toBe(false);
      expect(await tested.store.delete('doomed')).toBe(true);
      expect(await tested.store.stat('doomed')).toBeUndefined();
      expect(await tested.store.delete('doomed')).toBe(false);
    });

    it('sets the modification time to the present', async () => {
      await tested.store.put('touched', text('x'), FILE_MODE);
      const before = (await tested.store.stat('touched'))?.modifiedAt ?? 0;
      await sleep(2100); // the clock may count whole seconds
      await tested.store.touch('touched');
      const after = (await tested.store.stat('touched'))?.modifiedAt ?? 0;
      expect(after).toBeGreaterThan(before);
      expect(Math.abs(after - (await tested.store.now()))).toBeLessThan(60_000);
      await expect(tested.store.touch('never-there')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
    });
  });
}
