import { assert, asyncProperty, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reasonToRefuse } from '../../../src/store/store-path.ts';
import { expectEqualChecksum, FILE_MODE, readAll, text } from './content.ts';
import type { StoreUnderTest } from './fixture.ts';

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

/** Which names come back as they were given, and which are refused before anything is written. */
export function describeNames(tested: StoreUnderTest): void {
  describe('names', () => {
    it.each(ODD_NAMES)('keeps %j for files and directories', async (odd) => {
      await tested.store.makeDirectory('odd', 0o755);
      const directory = `odd/${odd}`;
      await tested.store.makeDirectory(directory, 0o755);
      await tested.store.put(`${directory}/${odd}`, text(odd), FILE_MODE);
      expect(((await tested.store.list(directory)) ?? []).map((entry) => entry.name)).toEqual([odd]);
      expect(await tested.store.stat(`${directory}/${odd}`)).toMatchObject({ name: odd, type: 'file' });
      expect(await readAll(tested.store, `${directory}/${odd}`)).toEqual(Buffer.from(odd));
      await expectEqualChecksum(tested.store, `${directory}/${odd}`, Buffer.from(odd));
      const moved = odd.replace(/^./u, 'x');
      expect(await tested.store.renameFile(`${directory}/${odd}`, `${directory}/${moved}`)).toBe(
        moved === odd ? 'exists' : 'renamed',
      );
      expect(await tested.store.delete(directory)).toBe(true);
    });

    it('keeps composed and decomposed names apart', async () => {
      await tested.store.makeDirectory('normal', 0o755);
      await tested.store.put('normal/\u00e9', text('composed'), FILE_MODE);
      await tested.store.put('normal/e\u0301', text('decomposed'), FILE_MODE);
      expect(await readAll(tested.store, 'normal/\u00e9')).toEqual(Buffer.from('composed'));
      expect(await readAll(tested.store, 'normal/e\u0301')).toEqual(Buffer.from('decomposed'));
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
      await expect(tested.store.put(bad, text('x'), FILE_MODE)).rejects.toMatchObject(refused);
      await expect(tested.store.makeDirectory(bad, 0o755)).rejects.toMatchObject(refused);
      await expect(tested.store.stat(bad)).rejects.toMatchObject(refused);
      await expect(tested.store.renameFile('bytes', bad)).rejects.toMatchObject(refused);
      await expect(tested.store.delete(bad)).rejects.toMatchObject(refused);
    });

    it('round-trips any name that it does not refuse', async () => {
      await tested.store.makeDirectory('any', 0o755);
      const anyName = string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter(
        (candidate) => !candidate.includes('/') && reasonToRefuse(candidate) === undefined,
      );
      await assert(
        asyncProperty(anyName, async (candidate) => {
          await tested.store.makeDirectory(`any/${candidate}`, 0o755);
          await tested.store.put(`any/${candidate}/${candidate}`, text(candidate), FILE_MODE);
          const listed = await tested.store.list(`any/${candidate}`);
          expect(listed?.map((entry) => entry.name)).toEqual([candidate]);
          expect(await readAll(tested.store, `any/${candidate}/${candidate}`)).toEqual(Buffer.from(candidate));
          await tested.store.delete(`any/${candidate}`);
        }),
        { numRuns: 20 },
      );
    });
  });
}
