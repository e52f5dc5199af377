import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCurrentRelease, releaseNumbers } from '../../src/publish/releases.ts';
import { verify } from '../../src/publish/verify.ts';
import { intercept, ONE, PublishingPlace, TWO } from './publishing-place.ts';

const place = new PublishingPlace();

describe('the commit', () => {
  test('whose answer was lost is recognised', async () => {
    const lossy = intercept(place.store, 'renameFile', async (renameFile, from, to) => {
      const result = await renameFile(from, to);
      return to.startsWith('releases/') ? 'missing' : result;
    });
    expect(await place.publish(ONE, { store: lossy })).toMatchObject({ kind: 'published', current: { number: 1 } });
  });

  test('of several publishers of other contents gives each its own number', async () => {
    const contents = [1, 2, 3, 4, 5].map((value) => ({ ...ONE, 'app/main.py': `print(${value})\n` }));
    const results = await Promise.all(contents.map((files) => place.publish(files)));
    const numbers = results.map(({ current }) => current.number);
    expect(new Set(numbers)).toEqual(new Set([1, 2, 3, 4, 5]));
    for (const number of numbers)
      expect((await verify({ store: place.store, number, concurrency: 4 })).differences).toEqual([]);
  });

  test('of several publishers of one content makes one release, and no second tree stays', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => place.publish(ONE)));
    expect(results.map(({ kind }) => kind).filter((kind) => kind === 'published')).toHaveLength(1);
    expect(await releaseNumbers(place.store)).toEqual([1]);
    expect(await readdir(join(place.root, 'trees'))).toHaveLength(1);
    expect((await verify({ store: place.store, concurrency: 4 })).differences).toEqual([]);
  });

  test('goes past a directory that has the name of a release', async () => {
    await place.publish(ONE);
    await mkdir(join(place.root, 'releases', '000002.json'));
    expect(await place.publish(TWO)).toMatchObject({ kind: 'published', current: { number: 3 } });
  });

  test('is not hindered by an old release that cannot be read', async () => {
    await place.publish(ONE);
    await place.publish(TWO);
    await writeFile(join(place.root, 'releases', '000001.json'), '{}');
    const third = { ...ONE, 'six.py': 'six = 66\n' };
    expect(await place.publish(third)).toMatchObject({ kind: 'published', current: { number: 3 } });
  });

  test('does not happen after an interruption', async () => {
    const controller = new AbortController();
    const interrupting = intercept(place.store, 'put', async (put, path, content, options) => {
      await put(path, content, options);
      controller.abort();
    });
    await expect(place.publish(ONE, { store: interrupting, signal: controller.signal })).rejects.toThrow('aborted');
    expect(await readCurrentRelease(place.store)).toBeUndefined();
  });

  test('does not happen after an interruption at the last moment', async () => {
    const controller = new AbortController();
    const interrupting = intercept(place.store, 'put', async (put, path, content, options) => {
      await put(path, content, options);
      if (path.endsWith('release.json')) controller.abort();
    });
    const interrupted = place.publish(ONE, { store: interrupting, signal: controller.signal });
    await expect(interrupted).rejects.toThrow('aborted');
    expect(await readCurrentRelease(place.store)).toBeUndefined();
  });

  test('counts, whatever happens to the clean-up behind it', async () => {
    const failing = intercept(place.store, 'delete', () => Promise.reject(new Error('the network is gone')));
    const notes: string[] = [];
    const result = await place.publish(ONE, { store: failing, onNote: (note) => notes.push(note) });
    expect(result).toMatchObject({ kind: 'published', current: { number: 1 } });
    expect(notes.join('\n')).toMatch(/^The release stands, but \.incoming\/.* the network is gone$/);
    expect(await place.publish(ONE)).toMatchObject({ kind: 'already-published' });
  });
});
