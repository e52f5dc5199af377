import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verify } from '../../src/publish/verify.ts';
import { ONE, PublishingPlace, treeOf } from './publishing-place.ts';

const place = new PublishingPlace();

describe('verify', () => {
  test('names every file that is missing, extra, cut short or changed', async () => {
    const { release } = (await place.publish(ONE)).current;
    const tree = join(place.root, treeOf(release));

    await rm(join(tree, 'app/__init__.py'));
    await writeFile(join(tree, 'app/main.py'), 'print(7)\n');
    await writeFile(join(tree, 'app/planted.py'), '');
    await writeFile(join(tree, 'six.py'), 'six');
    await writeFile(join(place.root, release.bootstrap.path), '# other\n');
    const { differences } = await verify({ store: place.store, concurrency: 4 });
    expect(differences.map(({ kind, path }) => [kind, path.replace(treeOf(release), 'tree')])).toEqual([
      ['checksum', release.bootstrap.path],
      ['missing', 'tree/app/__init__.py'],
      ['checksum', 'tree/app/main.py'],
      ['extra', 'tree/app/planted.py'],
      ['length', 'tree/six.py'],
    ]);
  });

  test('finds a release file that does not agree with its list', async () => {
    await place.publish(ONE);
    const path = join(place.root, 'releases', '000001.json');
    const release = JSON.parse(await readFile(path, 'utf8')) as { topLevel: object[]; digest: string };
    await writeFile(path, JSON.stringify({ ...release, fileCount: 9, topLevel: release.topLevel.slice(1) }));
    const { differences } = await verify({ store: place.store, concurrency: 4 });
    expect(differences).toMatchObject([{ algorithm: 'fileCount' }, { algorithm: 'topLevel' }]);
    await writeFile(path, JSON.stringify({ ...release, digest: 'f'.repeat(64) }));
    await expect(verify({ store: place.store, concurrency: 4 })).rejects.toMatchObject({ code: 'RELEASE_UNREADABLE' });
  });

  test('without a release says so', async () => {
    await expect(verify({ store: place.store, concurrency: 4 })).rejects.toMatchObject({
      code: 'RELEASE_NONE',
      exitCode: 2,
    });
    await place.publish(ONE);
    await expect(verify({ store: place.store, number: 5, concurrency: 4 })).rejects.toMatchObject({
      code: 'RELEASE_NONE',
    });
  });
});
