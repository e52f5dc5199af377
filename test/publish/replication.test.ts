import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bytesContent } from '../../src/publish/content.ts';
import type { PublishOptions, PublishResult } from '../../src/publish/publish.ts';
import { type Files, intercept, ONE, PublishingPlace } from './publishing-place.ts';
import { publishTarTo } from './tar-archives.ts';

const place = new PublishingPlace();

const publishTar = (files: Files, options: Partial<PublishOptions> = {}): Promise<PublishResult> =>
  publishTarTo(place, files, options);

describe('replication', () => {
  const replications = async (options: Partial<PublishOptions>, replicas?: number | Error): Promise<unknown[]> => {
    const counting = intercept(place.store, 'countReplicas', () =>
      replicas instanceof Error ? Promise.reject(replicas) : Promise.resolve(replicas),
    );
    const found: unknown[] = [];
    const store = intercept(counting, 'put', (put, path, content, putOptions) => {
      if (/layers|tree/.test(path)) found.push(putOptions.replication);
      return put(path, content, putOptions);
    });
    await publishTar(ONE, { store, ...options });
    return found;
  };

  test.each([
    ['as many as there are DataNodes', 7, [7, 7]],
    ["on a cluster of three, the cluster's own", 3, [undefined, undefined]],
    ["where nobody knows, the store's own", undefined, [undefined, undefined]],
    ["where it cannot be found out, the store's own", new Error('no room'), [undefined, undefined]],
  ])('of archives: %s', async (_, replicas, expected) => {
    expect(await replications({}, replicas)).toEqual(expected);
  });

  test('is what the user says, and then nobody is asked', async () => {
    expect(await replications({ replication: 2 }, new Error('asked'))).toEqual([2, 2]);
  });

  test('is not looked for when no archive is missing', async () => {
    await publishTar(ONE);
    await rm(join(place.root, 'releases', '000001.json'));
    let asked = false;
    const store = intercept(place.store, 'countReplicas', () => {
      asked = true;
      return Promise.resolve(7);
    });
    expect(await publishTar(ONE, { store })).toMatchObject({ kind: 'published', uploadedFiles: 0, reusedFiles: 2 });
    expect(asked).toBe(false);
  });

  test("of a tree is the store's own unless told", async () => {
    const source = { layout: 'tree', content: () => bytesContent(Buffer.alloc(0)) } as const;
    const empty = { 'app/__init__.py': '' };
    const found = async (options: Partial<PublishOptions>): Promise<unknown[]> => {
      const puts: unknown[] = [];
      const store = intercept(place.store, 'put', (put, path, content, putOptions) => {
        if (path.includes('/tree/')) puts.push(putOptions.replication);
        return put(path, content, putOptions);
      });
      await place.publish(empty, { store, source, ...options });
      return puts;
    };
    expect(await found({})).toEqual([undefined]);
    await rm(place.root, { recursive: true });
    expect(await found({ replication: 5 })).toEqual([5]);
  });
});
