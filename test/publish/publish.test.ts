import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bytesContent } from '../../src/publish/content.ts';
import { readCurrentRelease, releaseNumbers } from '../../src/publish/releases.ts';
import { verify } from '../../src/publish/verify.ts';
import type { Release } from '../../src/publish/release.ts';
import type { Content, Store } from '../../src/store/store.ts';
import { bootstrap, intercept, ONE, PublishingPlace, treeOf, TWO, watch } from './publishing-place.ts';

const place = new PublishingPlace();

describe('publish', () => {
  test('makes a release that holds exactly the files of the manifest', async () => {
    const result = await place.publish(ONE);
    expect(result).toMatchObject({ kind: 'published', uploadedFiles: 3, reusedFiles: 0, current: { number: 1 } });
    const { release } = result.current;
    expect(await place.readTree(treeOf(release))).toEqual(ONE);
    expect(await readFile(join(place.root, release.bootstrap.path), 'utf8')).toBe('# bootstrap\n');
    expect(await readFile(join(place.root, 'activate_env.py'), 'utf8')).toBe('# bootstrap\n');
    expect(await readdir(join(place.root, '.incoming'))).toEqual([]);
    expect((await verify({ store: place.store, concurrency: 4 })).differences).toEqual([]);
  });

  test('the same again uploads nothing', async () => {
    await place.publish(ONE);
    const { watched, calls } = watch(place.store);
    const result = await place.publish(ONE, { store: watched });
    expect(result).toMatchObject({ kind: 'already-published', uploadedFiles: 0, current: { number: 1 } });
    expect(calls.filter(({ method }) => !['stat', 'list', 'read', 'checksum'].includes(method))).toEqual([]);
  });

  test('other content becomes the next release, and the first stays as it was', async () => {
    const first = await place.publish(ONE);
    const second = await place.publish(TWO);
    expect(second).toMatchObject({ kind: 'published', uploadedFiles: 3, current: { number: 2 } });
    expect(await place.readTree(treeOf(first.current.release))).toEqual(ONE);
    expect(await place.readTree(treeOf(second.current.release))).toEqual(TWO);
  });

  test('an older content becomes current again without an upload', async () => {
    const first = await place.publish(ONE);
    await place.publish(TWO);
    const third = await place.publish(ONE);
    expect(third).toMatchObject({ kind: 'published', uploadedFiles: 0, reusedFiles: 3, current: { number: 3 } });
    expect(treeOf(third.current.release)).toBe(treeOf(first.current.release));
  });

  test('a published tree that was damaged is not reused: a new one is uploaded', async () => {
    const first = await place.publish(ONE);
    await writeFile(join(place.root, treeOf(first.current.release), 'six.py'), 'six = 7\n');
    const notes: string[] = [];
    const second = await place.publish(ONE, { onNote: (note) => notes.push(note) });
    expect(second).toMatchObject({ kind: 'published', uploadedFiles: 3, current: { number: 2 } });
    expect((await verify({ store: place.store, concurrency: 4 })).differences).toEqual([]);
    expect(notes.join('\n')).toContain('1 differing');
  });

  test('"already published" puts back small files that were removed', async () => {
    const { release } = (await place.publish(ONE)).current;

    for (const path of ['activate_env.py', release.bootstrap.path, release.list.path]) await rm(join(place.root, path));
    expect(await place.publish(ONE)).toMatchObject({ kind: 'already-published', uploadedFiles: 0 });
    expect((await verify({ store: place.store, concurrency: 4 })).differences).toEqual([]);
    expect(await readFile(join(place.root, 'activate_env.py'), 'utf8')).toBe('# bootstrap\n');
  });

  test.each([
    ['activate_env.py', () => 'activate_env.py'],
    ['the bootstrap of the release', (release: Release) => release.bootstrap.path],
    ['the file list', (release: Release) => release.list.path],
  ])('"already published" notices that %s alone is gone', async (_, pathOf) => {
    const { release } = (await place.publish(ONE)).current;
    const path = join(place.root, pathOf(release));
    const before = await readFile(path, 'utf8');
    await rm(path);
    await place.publish(ONE);
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  test('asks a gateway for no more at once than it takes well, also about what is published already', async () => {
    let now = 0;
    let most = 0;
    const gateway = intercept(place.store, 'checksum', async (checksum, path) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
      return checksum(path);
    });
    let isKnown = false;
    const limited = new Proxy(gateway, {
      get: (target, property): unknown => {
        // What answers is known from the first file on.
        if (property === 'put' || property === 'read') isKnown = true;
        return property === 'mostRequests' ? (isKnown ? 2 : Number.POSITIVE_INFINITY) : Reflect.get(target, property);
      },
    });
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`app/m${index}.py`, `x = ${index}\n`]));
    await place.publish(files, { store: limited, concurrency: 8 });
    expect(most).toBeLessThanOrEqual(2);
    most = 0;
    isKnown = false;
    await place.publish(files, { store: limited, concurrency: 8 });
    expect(most).toBe(2);
    most = 0;
    isKnown = false;
    await verify({ store: limited, concurrency: 8 });
    expect(most).toBe(2);
  });

  test('a newest release that cannot be read stops everything before anything is compared', async () => {
    await place.publish(ONE);
    await writeFile(join(place.root, 'releases', '000002.json'), '{"schemaVersion": 2}');
    const { watched, calls } = watch(place.store);
    await expect(place.publish(ONE, { store: watched })).rejects.toMatchObject({ code: 'RELEASE_UNREADABLE' });
    expect(calls.filter(({ method }) => method === 'checksum')).toEqual([]);
  });

  test('a list whose bytes were changed is never relied on', async () => {
    const { release } = (await place.publish(ONE)).current;
    await writeFile(join(place.root, release.list.path), '{}');
    await expect(place.publish(ONE)).rejects.toMatchObject({ code: 'PUBLISH_NAME_TAKEN', exitCode: 4 });
    await expect(verify({ store: place.store, concurrency: 4 })).rejects.toMatchObject({ code: 'VERIFY_LIST_DAMAGED' });
  });

  test('activate_env.py at the top is made once, and replaced only on demand and never by an older one', async () => {
    const top = join(place.root, 'activate_env.py');
    await place.publish(ONE);
    await place.publish(ONE, { bootstrap: bootstrap('# version 2\n', 2) });
    expect(await readFile(top, 'utf8')).toBe('# bootstrap\n');
    await place.publish(ONE, { bootstrap: bootstrap('# version 2\n', 2), updateBootstrap: true });
    expect(await readFile(top, 'utf8')).toBe('# version 2\n');
    await place.publish(ONE, { bootstrap: bootstrap('# version 1\n', 1), updateBootstrap: true });
    expect(await readFile(top, 'utf8')).toBe('# version 2\n');
    await writeFile(top, '# mine\n');
    await place.publish(ONE, { bootstrap: bootstrap('# version 3\n', 3), updateBootstrap: true });
    expect(await readFile(top, 'utf8')).toBe('# mine\n');
  });
});

describe('publish refuses', () => {
  test('a directory that holds something else, and leaves it alone', async () => {
    await mkdir(place.root);
    await writeFile(join(place.root, 'thesis.tex'), 'x');
    await expect(place.publish(ONE)).rejects.toMatchObject({ code: 'PUBLISH_DIRECTORY_NOT_OURS', exitCode: 7 });
    expect(await readdir(place.root)).toEqual(['thesis.tex']);
  });

  test('a file', async () => {
    await writeFile(place.root, 'x');
    await expect(place.publish(ONE)).rejects.toMatchObject({ code: 'PUBLISH_NOT_A_DIRECTORY', exitCode: 7 });
  });

  test('a directory that everybody may write to', async () => {
    await mkdir(place.root);
    await chmod(place.root, 0o777);
    await expect(place.publish(ONE)).rejects.toMatchObject({ code: 'PUBLISH_SHARED_WRITABLE', exitCode: 6 });
  });

  test('a local file that changed since the build', async () => {
    const content = ({ path }: { readonly path: string }): Content =>
      bytesContent(Buffer.from(path === 'six.py' ? 'six = 7\n' : (ONE[path as keyof typeof ONE] ?? '')));
    await expect(place.publish(ONE, { source: { layout: 'tree', content } })).rejects.toMatchObject({
      code: 'PUBLISH_SOURCE_CHANGED',
      exitCode: 4,
    });
    expect(await releaseNumbers(place.store)).toEqual([]);
  });

  test('a local file of another length than the manifest says, before anything of it is sent', async () => {
    const content = ({ path }: { readonly path: string }): Content =>
      bytesContent(Buffer.from(path === 'six.py' ? 'six' : (ONE[path as keyof typeof ONE] ?? '')));
    const { watched, calls } = watch(place.store);
    await expect(place.publish(ONE, { source: { layout: 'tree', content }, store: watched })).rejects.toMatchObject({
      code: 'PUBLISH_SOURCE_CHANGED',
    });
    expect(calls.filter(({ method, path }) => method === 'put' && String(path).endsWith('six.py'))).toEqual([]);
  });
});

describe('a store that does not keep what it was sent', () => {
  /** Damages the first `times` files that end in six.py, keeping their length. */
  const damage = (times: number): Store => {
    let left = times;
    return intercept(place.store, 'put', async (put, path, content, options) => {
      const damaged = path.endsWith('six.py') && left > 0;
      if (damaged) left -= 1;
      await put(path, damaged ? bytesContent(Buffer.alloc(content.size, 'x')) : content, options);
    });
  };

  test('once: the file is sent again', async () => {
    expect(await place.publish(ONE, { store: damage(1) })).toMatchObject({ kind: 'published' });
    expect((await verify({ store: place.store, concurrency: 4 })).differences).toEqual([]);
  });

  test('twice: nothing is published', async () => {
    await expect(place.publish(ONE, { store: damage(2) })).rejects.toMatchObject({
      code: 'PUBLISH_DATA_CORRUPTED',
      exitCode: 4,
    });
    expect(await readCurrentRelease(place.store)).toBeUndefined();
  });

  test('a file that is cut short afterwards is found before the commit', async () => {
    const cutting = intercept(place.store, 'checksum', async (checksum, path) => {
      const result = await checksum(path);
      if (path.endsWith('six.py')) await writeFile(join(place.root, path), 'six');
      return result;
    });
    await expect(place.publish(ONE, { store: cutting })).rejects.toMatchObject({ code: 'PUBLISH_TREE_CHANGED' });
    expect(await readCurrentRelease(place.store)).toBeUndefined();
  });
});

test('a late write to where the tree was uploaded does not reach the published one', async () => {
  const { watched, calls } = watch(place.store);
  const { release } = (await place.publish(ONE, { store: watched })).current;
  const sent = calls.filter(({ method, path }) => method === 'put' && String(path).endsWith('six.py'));
  expect(sent).toHaveLength(1);
  const late = place.store.put(String(sent[0]?.path), bytesContent(Buffer.from('six')), { mode: 0o644 });
  await expect(late).rejects.toMatchObject({ code: 'STORE_PARENT_MISSING' });
  expect(await place.readTree(treeOf(release))).toEqual(ONE);
});
