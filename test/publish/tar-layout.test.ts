import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ContentDigester } from '../../src/digest/content-digest.ts';
import { bytesContent } from '../../src/publish/content.ts';
import type { LayerSource } from '../../src/publish/layouts/tar-layout.ts';
import type { PublishOptions, PublishResult } from '../../src/publish/publish.ts';
import { readCurrentRelease, releaseNumbers } from '../../src/publish/releases.ts';
import { verify } from '../../src/publish/verify.ts';
import { type Files, intercept, ONE, PublishingPlace, TWO, watch } from './publishing-place.ts';

const place = new PublishingPlace();

/** One "archive" for each top-level name: publishing does not look inside. */
function layersOf(files: Files): LayerSource[] {
  const byName = new Map<string, string>();
  for (const [path, text] of Object.entries(files)) {
    const name = path.replace(/\W.*/, '');
    byName.set(name, `${byName.get(name) ?? 'archive '}${path}=${text};`);
  }
  return [...byName].map(([name, text]) => layer(`${name}-1.0`, text));
}

function layer(label: string, text: string): LayerSource {
  const bytes = Buffer.from(text);
  const digester = new ContentDigester();
  digester.update(bytes);
  return { label, ...digester.finish(), content: bytesContent(bytes) };
}

function publishTar(files: Files, options: Partial<PublishOptions> = {}): Promise<PublishResult> {
  const makeLayers = (): Promise<LayerSource[]> => Promise.resolve(layersOf(files));
  return place.publish(files, { source: { layout: 'tar', makeLayers }, ...options });
}

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

test('an archive that is there and differs is not used: PUBLISH_NAME_TAKEN', async () => {
  const { release } = (await publishTar(ONE)).current;
  const [first] = await layerFiles();
  await writeFile(join(place.root, 'layers', first ?? ''), 'edited');
  expect(await differences()).toMatchObject([{ kind: 'length', path: `layers/${first}` }]);
  await expect(publishTar(ONE)).rejects.toMatchObject({
    code: 'PUBLISH_NAME_TAKEN',
    exitCode: 4,
    message: expect.stringContaining(`layers/${first}`),
  });
  expect((await readCurrentRelease(place.store))?.release).toEqual(release);
});

test('an archive that was removed is uploaded again', async () => {
  await publishTar(ONE);
  const [first] = await layerFiles();
  await rm(join(place.root, 'layers', first ?? ''));
  expect(await differences()).toEqual([{ kind: 'missing', path: `layers/${first}` }]);
  expect(await publishTar(ONE)).toMatchObject({ uploadedFiles: 1, reusedFiles: 1 });
  expect(await differences()).toEqual([]);
});

test('what an interrupted attempt has uploaded is not sent again', async () => {
  const stopped = intercept(place.store, 'renameFile', (original, from, to) =>
    to.startsWith('layers/') ? Promise.reject(new Error('killed')) : original(from, to),
  );
  await expect(publishTar(ONE, { store: stopped })).rejects.toThrow('killed');
  expect(await releaseNumbers(place.store)).toEqual([]);
  await place.changeOwner({ pid: 2 ** 22 + 1 });
  const notes: string[] = [];
  const result = await publishTar(ONE, { onNote: (note) => notes.push(note) });
  expect(result).toMatchObject({ kind: 'published', uploadedFiles: 0, reusedFiles: 2 });
  expect(notes.join()).toContain('Going on with what an interrupted attempt');
  expect(await differences()).toEqual([]);
});

test('what an interrupted attempt has uploaded, and was damaged since, is sent again', async () => {
  const stopped = intercept(place.store, 'renameFile', (original, from, to) =>
    to.startsWith('layers/') ? Promise.reject(new Error('killed')) : original(from, to),
  );
  await expect(publishTar(ONE, { store: stopped })).rejects.toThrow('killed');
  await place.changeOwner({ pid: 2 ** 22 + 1 });
  const [attempt] = await readdir(join(place.root, '.incoming'));
  const staged = join(place.root, '.incoming', attempt ?? '', 'layers');
  for (const name of await readdir(staged)) await writeFile(join(staged, name), 'damaged');
  expect(await publishTar(ONE)).toMatchObject({ kind: 'published', uploadedFiles: 2, reusedFiles: 0 });
  expect(await differences()).toEqual([]);
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
    message: expect.stringMatching(/layers\/six-1\.0-\w+\.tar\.gz is gone/),
  });
  expect(await releaseNumbers(place.store)).toEqual([1]);
});
