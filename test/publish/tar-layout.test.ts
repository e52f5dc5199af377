import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import type { LayerSource } from '../../src/publish/layouts/layouts.ts';
import type { PublishOptions, PublishResult } from '../../src/publish/publish.ts';
import { readCurrentRelease, releaseNumbers } from '../../src/publish/releases.ts';
import { verify } from '../../src/publish/verify.ts';
import { type Files, intercept, ONE, PublishingPlace, TWO, watch } from './publishing-place.ts';
import { layersOf, publishTarTo } from './tar-archives.ts';

const place = new PublishingPlace();

const publishTar = (files: Files, options: Partial<PublishOptions> = {}): Promise<PublishResult> =>
  publishTarTo(place, files, options);

async function differences(): Promise<unknown[]> {
  return [...(await verify({ store: place.store, concurrency: 4 })).differences];
}

const layerFiles = (): Promise<string[]> => readdir(join(place.root, 'layers'));

test('a release names every archive by its digest, and nothing else is left', async () => {
  const result = await publishTar(ONE);
  expect(result).toMatchObject({ kind: 'published', uploadedFiles: 2, reusedFiles: 0, current: { number: 1 } });
  const { release } = result.current;
  const expected = layersOf(ONE).map(({ label, sha256, size, hdfsChecksum }) => {
    return { path: `layers/${label}-${sha256.slice(0, 12)}.tar.gz`, sha256, size, hdfsChecksum };
  });
  expect(release).toMatchObject({ layout: 'tar', layers: expected, fileCount: 3 });
  expect(await layerFiles()).toHaveLength(2);
  expect(await readdir(join(place.root, '.incoming'))).toEqual([]);
  expect((await readCurrentRelease(place.store))?.release).toEqual(release);
  expect(await differences()).toEqual([]);
});

test('a quarter of the most at once, until more bring more', async () => {
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}/m.py`, `x = ${index}`]));
  let [now, most] = [0, 0];
  const store = intercept(place.store, 'put', async (put, path, content, options) => {
    now += 1;
    if (path.includes('/layers/')) most = Math.max(most, now);
    await setTimeout(5);
    await put(path, content, options);
    now -= 1;
  });
  expect(await publishTar(files, { store, concurrency: 32 })).toMatchObject({ uploadedFiles: 20 });
  expect(most).toBe(8);
});

test('the same again makes no archive and uploads nothing', async () => {
  await publishTar(ONE);
  const { watched, calls } = watch(place.store);
  const makeLayers = (): Promise<never> => Promise.reject(new Error('not needed'));
  const result = await publishTar(ONE, { store: watched, source: { layout: 'tar', makeLayers } });
  expect(result).toMatchObject({ kind: 'already-published', uploadedFiles: 0, reusedFiles: 2, current: { number: 1 } });
  expect(calls.filter(({ method }) => !['stat', 'list', 'read', 'checksum'].includes(method))).toEqual([]);
});

test('another content uploads the archives that are new, and refreshes the time of those that it uses', async () => {
  await publishTar(ONE);
  const before = await layerFiles();
  const { watched, calls } = watch(place.store);
  const second = await publishTar(TWO, { store: watched });
  expect(second).toMatchObject({ kind: 'published', uploadedFiles: 1, reusedFiles: 1, current: { number: 2 } });
  expect(await layerFiles()).toEqual(expect.arrayContaining(before));
  const six = layersOf(TWO)
    .find(({ label }) => label === 'six-1.0')
    ?.sha256.slice(0, 12);
  expect(calls.filter(({ method }) => method === 'touch').map(({ path }) => path)).toContain(
    `layers/six-1.0-${six}.tar.gz`,
  );
  expect(await differences()).toEqual([]);
});

test('the other layout of the same content is another release', async () => {
  await publishTar(ONE);
  expect(await place.publish(ONE)).toMatchObject({ kind: 'published', uploadedFiles: 3, current: { number: 2 } });
  const third = await publishTar(ONE);
  expect(third).toMatchObject({ kind: 'published', uploadedFiles: 0, reusedFiles: 2, current: { number: 3 } });
  expect(await differences()).toEqual([]);
});

describe('an archive that is no longer what its name says', () => {
  const damage = async (text: string): Promise<string> => {
    const first = (await layerFiles()).find((name) => name.startsWith('app-')) ?? '';
    await writeFile(join(place.root, 'layers', first), text);
    return `layers/${first}`;
  };
  const SAME_LENGTH = 'x'.repeat(layersOf(ONE)[0]?.size ?? 0);

  test.each([
    ['shorter', 'edited', 'length'],
    ['of the same length', SAME_LENGTH, 'checksum'],
  ])('%s stays as it is; the right one gets another name in the next release', async (_, text, kind) => {
    await publishTar(ONE);
    const damaged = await damage(text);
    expect(await differences()).toMatchObject([{ kind, path: damaged }]);
    const notes: string[] = [];
    const result = await publishTar(ONE, { onNote: (note) => notes.push(note) });
    expect(result).toMatchObject({ kind: 'published', uploadedFiles: 1, reusedFiles: 1, current: { number: 2 } });
    expect(notes.join('\n')).toContain(`${damaged} is named after its content but holds other bytes`);
    expect(await readFile(join(place.root, damaged), 'utf8')).toBe(text);
    expect(await differences()).toEqual([]);
    expect(await publishTar(ONE)).toMatchObject({ kind: 'already-published', current: { number: 2 } });
  });

  test('is put right once, for all contents that need it', async () => {
    await publishTar(ONE);
    const six = (await layerFiles()).find((name) => name.startsWith('six-')) ?? '';
    await writeFile(join(place.root, 'layers', six), 'edited');
    expect(await publishTar(TWO)).toMatchObject({ uploadedFiles: 2, reusedFiles: 0, current: { number: 2 } });
    const third = { ...ONE, 'app/main.py': 'print(3)\n' };
    expect(await publishTar(third)).toMatchObject({ uploadedFiles: 1, reusedFiles: 1, current: { number: 3 } });
    expect(await differences()).toEqual([]);
  });

  test('as a directory is no archive', async () => {
    const [app] = layersOf(ONE);
    await mkdir(join(place.root, 'layers', `app-1.0-${app?.sha256.slice(0, 12)}.tar.gz`), { recursive: true });
    expect(await publishTar(ONE)).toMatchObject({ kind: 'published', uploadedFiles: 2 });
    expect(await differences()).toEqual([]);
  });
});

test('archives of two wheels with equal bytes have two names', async () => {
  const [app] = layersOf(ONE);
  const makeLayers = (): Promise<LayerSource[]> =>
    Promise.resolve(['one-1.0', 'two-1.0'].flatMap((label) => (app === undefined ? [] : { ...app, label })));
  await publishTar(ONE, { source: { layout: 'tar', makeLayers } });
  await rm(join(place.root, 'releases'), { recursive: true });
  expect(await publishTar(ONE, { source: { layout: 'tar', makeLayers } })).toMatchObject({ reusedFiles: 2 });
  expect(await differences()).toEqual([]);
});

test('an archive that was removed is uploaded again', async () => {
  await publishTar(ONE);
  const [first] = await layerFiles();
  await rm(join(place.root, 'layers', first ?? ''));
  expect(await differences()).toEqual([{ kind: 'missing', path: `layers/${first}` }]);
  expect(await publishTar(ONE)).toMatchObject({ uploadedFiles: 1, reusedFiles: 1 });
  expect(await differences()).toEqual([]);
});

describe('what was there already', () => {
  test('is refreshed before the last look, also when a whole release is used again', async () => {
    await publishTar(ONE);
    await publishTar(TWO);
    const { watched, calls } = watch(place.store);
    expect(await publishTar(ONE, { store: watched })).toMatchObject({ kind: 'published', uploadedFiles: 0 });
    const { release } = (await readCurrentRelease(place.store)) ?? {};
    const named = release?.layout === 'tar' ? release.layers.map(({ path }) => path) : [];
    const touched = calls.filter(({ method }) => method === 'touch').map(({ path }) => path);
    expect(touched).toEqual(expect.arrayContaining([...named, release?.list.path, release?.bootstrap.path]));
    const lastLook = calls.findLastIndex(({ method, path }) => method === 'list' && path === 'layers');
    expect(lastLook).toBeGreaterThan(calls.findLastIndex(({ method }) => method === 'touch'));
  });

  test('and belongs to somebody else is used, though it cannot be refreshed', async () => {
    await publishTar(ONE);
    const refusing = intercept(place.store, 'touch', (touch, path) =>
      path.startsWith('.incoming')
        ? touch(path)
        : Promise.reject(new HdfsVenvError({ code: 'STORE_PERMISSION', exit: 'permission', message: 'no' })),
    );
    expect(await publishTar(TWO, { store: refusing })).toMatchObject({ kind: 'published', reusedFiles: 1 });
    const broken = intercept(place.store, 'touch', () => Promise.reject(new Error('the network is gone')));
    await expect(publishTar(ONE, { store: broken })).rejects.toThrow('the network is gone');
  });
});

test('two publishers of archives that both need: both succeed', async () => {
  const results = await Promise.all([publishTar(ONE), publishTar(TWO), publishTar(ONE), publishTar(TWO)]);
  expect(results.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['published']));
  for (const number of await releaseNumbers(place.store)) {
    expect((await verify({ store: place.store, number, concurrency: 4 })).differences).toEqual([]);
  }
});

test('an archive that vanishes before the commit stops it: nothing is released', async () => {
  const removing = intercept(place.store, 'put', async (original, path, content, options) => {
    if (path.endsWith('/release.json')) throw new Error('too late');
    if (path.endsWith('activate_env.py'))
      for (const name of await layerFiles()) await rm(join(place.root, 'layers', name));
    return original(path, content, options);
  });
  await publishTar(TWO);
  await rm(join(place.root, 'bootstrap'), { recursive: true });
  await expect(publishTar(ONE, { store: removing })).rejects.toMatchObject({
    code: 'PUBLISH_TREE_CHANGED',
    exitCode: 7,
    message: expect.stringMatching(/layers\/(app|six)-1\.0-\w+\.tar\.gz is gone/),
  });
  expect(await releaseNumbers(place.store)).toEqual([1]);
});
