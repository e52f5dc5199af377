import { mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCurrentRelease, releaseNumbers } from '../../src/publish/releases.ts';
import { verify } from '../../src/publish/verify.ts';
import type { Store } from '../../src/store/store.ts';
import { intercept, ONE, PublishingPlace, watch } from './publishing-place.ts';

const place = new PublishingPlace();

describe('an interrupted attempt', () => {
  /** Fails as a crash would: at the given call of a method, and everything after it. */
  const crashAt = async (method: 'put' | 'renameDirectory' | 'renameFile', count: number): Promise<void> => {
    let calls = 0;
    let crashed = false;
    const crashing = new Proxy(place.store, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (property === method) calls += 1;
          crashed ||= calls > count;
          if (crashed) throw new Error('crash');
          return Reflect.apply(value, target, args);
        };
      },
    });
    await expect(place.publish(ONE, { store: crashing, concurrency: 1 })).rejects.toThrow('crash');
    expect(await readCurrentRelease(place.store)).toBeUndefined();
  };

  test.each([
    ['among the files of the tree', 'put', 3, 1],
    ['before the tree gets its place', 'renameDirectory', 0, 0],
    ['between the place of the tree and the release', 'put', 6, 0],
    ['at the commit', 'renameFile', 3, 0],
  ] as const)('%s: only what is missing is sent', async (_, method, count, missing) => {
    await crashAt(method, count);
    const result = await place.publish(ONE);
    expect(result).toMatchObject({ kind: 'published', uploadedFiles: missing, reusedFiles: 3 - missing });
    expect((await verify({ store: place.store, concurrency: 4 })).differences).toEqual([]);
    expect(await readdir(join(place.root, 'trees'))).toHaveLength(1);
    expect(await readdir(join(place.root, '.incoming'))).toEqual([]);
  });

  test.each([
    ['its process lives', () => ({ pid: process.ppid })],
    ['it is of another machine', () => ({ host: 'elsewhere.example.invalid' })],
    ['it is of a container of its own', () => ({ processes: 'pid:[1]', pid: 2 ** 30 })],
  ])('is left alone while %s', async (_, owner) => {
    await crashAt('put', 3);
    await place.changeOwner(owner());
    expect(await place.publish(ONE)).toMatchObject({ kind: 'published', uploadedFiles: 3 });
    expect(await readdir(join(place.root, '.incoming'))).toHaveLength(1);
  });

  test('of another machine is gone on with when it was silent for ten minutes', async () => {
    await crashAt('put', 3);
    await place.changeOwner({ host: 'elsewhere.example.invalid' });
    const [name] = await readdir(join(place.root, '.incoming'));
    const eleven = new Date(Date.now() - 11 * 60_000);
    await utimes(join(place.root, '.incoming', name ?? '', 'attempt.json'), eleven, eleven);
    expect(await place.publish(ONE)).toMatchObject({ kind: 'published', uploadedFiles: 1, reusedFiles: 2 });
  });

  test('whose files were damaged meanwhile is not believed', async () => {
    await crashAt('put', 3);
    const [name] = await readdir(join(place.root, '.incoming'));
    const tree = join(place.root, '.incoming', name ?? '', 'tree');
    const sent = (await readdir(tree, { recursive: true })).find((path) => path.endsWith('.py'));
    await writeFile(join(tree, sent ?? ''), 'damaged!!\n');
    await writeFile(join(tree, 'planted.py'), '');
    await place.publish(ONE);
    expect((await verify({ store: place.store, concurrency: 4 })).differences).toEqual([]);
  });

  /** A store on which a publisher is taken for dead right when it calls `method` for `path`: another one publishes first. */
  const takenForDeadAt = (method: 'put' | 'renameFile', path: RegExp, base: Store): Store => {
    let taken = false;
    return new Proxy(base, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]): Promise<unknown> => {
          if (property === method && !taken && args.some((arg) => typeof arg === 'string' && path.test(arg))) {
            taken = true;
            const [name = ''] = await readdir(join(place.root, '.incoming'));
            await rename(join(place.root, '.incoming', name), join(place.root, 'fenced'));
            await rm(join(place.root, 'trees', name), { recursive: true, force: true });
            await rm(join(place.root, 'fenced'), { recursive: true });
          }
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
  };

  /** Hadoop before 2.8 makes missing parents of a file whatever it is told. */
  const makingParents = (): Store =>
    intercept(place.store, 'put', async (put, path, content, options) => {
      await mkdir(join(place.root, path, '..'), { recursive: true });
      await put(path, content, options);
    });

  test.each([
    ['while it uploads', 'put', /tree\/six\.py$/],
    ['while it stages a small file', 'renameFile', /^lists\//],
    ['before its release file is staged', 'put', /release\.json$/],
    ['right before the commit', 'renameFile', /^releases\//],
  ] as const)('that was taken for dead %s cannot commit', async (_, method, path) => {
    const { watched } = watch(takenForDeadAt(method, path, place.store));
    const fenced = place.publish(ONE, { store: watched, concurrency: 1 });
    await expect(fenced).rejects.toMatchObject({ code: 'PUBLISH_ATTEMPT_FENCED', exitCode: 7 });
    expect(await releaseNumbers(place.store)).toEqual([]);
  });

  test('that was taken for dead cannot commit where missing parents are made again', async () => {
    const taken = takenForDeadAt('put', /release\.json$/, makingParents());
    await expect(place.publish(ONE, { store: taken })).rejects.toMatchObject({ code: 'PUBLISH_ATTEMPT_FENCED' });
    expect(await releaseNumbers(place.store)).toEqual([]);
  });
});
