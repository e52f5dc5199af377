import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PublishOptions, PublishResult } from '../../src/publish/publish.ts';
import { releaseNumbers } from '../../src/publish/releases.ts';
import { verify } from '../../src/publish/verify.ts';
import type { Store } from '../../src/store/store.ts';
import { type Files, intercept, ONE, PublishingPlace } from './publishing-place.ts';
import { publishTarTo } from './tar-archives.ts';

const place = new PublishingPlace();

const publishTar = (files: Files, options: Partial<PublishOptions> = {}): Promise<PublishResult> =>
  publishTarTo(place, files, options);

describe('an interrupted attempt', () => {
  /** Everything fails from the given moment on, as for a process that was killed. */
  const killedAt = (method: keyof Store, path: RegExp, after: boolean): Store => {
    let dead = false;
    return new Proxy(place.store, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]): Promise<unknown> => {
          const isMoment = property === method && args.some((arg) => typeof arg === 'string' && path.test(arg));
          if (dead || (isMoment && !after)) {
            dead = true;
            throw new Error('killed');
          }
          const result: unknown = await Reflect.apply(value, target, args);
          dead ||= isMoment;
          return result;
        };
      },
    });
  };

  const MOMENTS = [
    ['before an archive is sent', 'put', /layers\/six/, false, 1],
    ['before an archive is compared', 'checksum', /layers\/six/, false, 1],
    ['before an archive gets its name', 'renameFile', /^layers\/six/, false, 1],
    ['when an archive got its name', 'renameFile', /^layers\/six/, true, 0],
    ['before the list gets its name', 'renameFile', /^lists\//, false, 0],
    ['before the bootstrap gets its name', 'renameFile', /^bootstrap\//, false, 0],
    ['before the release is staged', 'put', /release\.json$/, false, 0],
    ['before the commit', 'renameFile', /^releases\//, false, 0],
  ] as const;

  describe.each([
    ['', true],
    [' over a gateway whose rename of directories is not exact', false],
  ])('%s', (__, hasExactDirectoryRename) => {
    const through = (store: Store): Store =>
      new Proxy(store, {
        get: (target, property): unknown => {
          if (property === 'hasExactDirectoryRename') return hasExactDirectoryRename;
          if (property === 'renameDirectory' && !hasExactDirectoryRename) throw new Error('not to be used');
          const value: unknown = Reflect.get(target, property);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });

    test.each(MOMENTS)(
      '%s: only what is missing is sent, of this content or another',
      async (_, method, path, after, missing) => {
        const killed = through(killedAt(method, path, after));
        await expect(publishTar(ONE, { store: killed, concurrency: 1 })).rejects.toThrow('killed');
        expect(await releaseNumbers(place.store)).toEqual([]);
        await place.changeOwner({ pid: 2 ** 22 + 1 });

        const other = { ...ONE, 'app/main.py': 'print(9)\n' };
        const second = await publishTar(other, { store: through(place.store) });
        expect(second).toMatchObject({ kind: 'published', uploadedFiles: missing + 1, reusedFiles: 1 - missing });
        // nobody has to publish the old content again
        expect(await readdir(join(place.root, '.incoming'))).toEqual([]);
        const third = await publishTar(ONE, { store: through(place.store) });
        expect(third).toMatchObject({ kind: 'published', uploadedFiles: 0, reusedFiles: 2 });
        for (const number of [1, 2]) {
          expect((await verify({ store: place.store, number, concurrency: 4 })).differences).toEqual([]);
        }
      },
    );
  });

  test('that may be alive is left alone', async () => {
    const killed = killedAt('put', /release\.json$/, false);
    await expect(publishTar(ONE, { store: killed })).rejects.toThrow('killed');
    await place.changeOwner({ pid: process.ppid });
    expect(await publishTar(ONE)).toMatchObject({ kind: 'published', uploadedFiles: 0 });
    expect(await readdir(join(place.root, '.incoming'))).toHaveLength(1);
  });

  test('that was taken for dead and is not cannot commit', async () => {
    const overtaken = intercept(place.store, 'put', async (put, path, content, options) => {
      if (path.endsWith('release.json')) {
        const [name = ''] = await readdir(join(place.root, '.incoming'));
        await rm(join(place.root, '.incoming', name), { recursive: true });
      }
      return put(path, content, options);
    });
    await expect(publishTar(ONE, { store: overtaken })).rejects.toMatchObject({ code: 'PUBLISH_ATTEMPT_FENCED' });
    expect(await releaseNumbers(place.store)).toEqual([]);
    expect(await publishTar(ONE)).toMatchObject({ kind: 'published', uploadedFiles: 0, reusedFiles: 2 });
  });

  test('of which the answer to a rename was lost goes on', async () => {
    const lossy = intercept(place.store, 'renameFile', async (renameFile, from, to) => {
      const result = await renameFile(from, to);
      return to.startsWith('layers/') ? 'missing' : result;
    });
    expect(await publishTar(ONE, { store: lossy })).toMatchObject({ kind: 'published', uploadedFiles: 2 });
    expect((await verify({ store: place.store, concurrency: 4 })).differences).toEqual([]);
  });
});
