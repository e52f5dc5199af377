import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ContentDigester } from '../../src/digest/content-digest.ts';
import { HdfsChecksum } from '../../src/digest/hdfs-checksum.ts';
import { compareChecksum } from '../../src/publish/compare.ts';
import { bytesContent } from '../../src/publish/content.ts';
import type { FileChecksum, Store } from '../../src/store/store.ts';
import { intercept, PublishingPlace } from './publishing-place.ts';

const place = new PublishingPlace();

const BYTES = Buffer.from('x = 1\n'.repeat(1000));
const OTHER = Buffer.from('x = 2\n'.repeat(1000));

const expected = ((): ReturnType<ContentDigester['finish']> => {
  const digester = new ContentDigester();
  digester.update(BYTES);
  return digester.finish();
})();

type Blocks = Omit<Extract<FileChecksum, { kind: 'md5-of-md5-of-crc' }>, 'kind' | 'hex'>;

const ONE_BLOCK: Blocks = { crc: 'CRC32C', chunkBytes: 512, chunksPerBlock: 0 };
const SMALL_BLOCKS: Blocks = { crc: 'CRC32', chunkBytes: 512, chunksPerBlock: 2 };

function checksumOf(bytes: Buffer, blocks: Blocks): FileChecksum {
  const checksum = new HdfsChecksum(blocks);
  checksum.update(bytes);
  return { kind: 'md5-of-md5-of-crc', ...blocks, hex: checksum.finish() };
}

/** Holds `bytes`, says `checksum` of them, and counts how often they were read back. */
async function storeThatSays(
  bytes: Buffer,
  checksum: FileChecksum | undefined,
): Promise<{ store: Store; reads: () => number }> {
  await place.store.makeDirectory('', 0o755);
  await place.store.put('file', bytesContent(bytes), { mode: 0o644 });
  let reads = 0;
  const saying = intercept(place.store, 'checksum', () => Promise.resolve(checksum));
  const store = new Proxy(saying, {
    get: (target, property): unknown => {
      if (property === 'read') reads += 1;
      return Reflect.get(target, property);
    },
  });
  return { store, reads: () => reads };
}

test.each([
  ['its one block agrees', checksumOf(BYTES, ONE_BLOCK), 0],
  ['its blocks agree with the local bytes', checksumOf(BYTES, SMALL_BLOCKS), 0],
  ['its checksum means something else, as of an encrypted file', checksumOf(OTHER, ONE_BLOCK), 1],
  ['it says nothing', undefined, 1],
])('the same bytes are the same: %s', async (_, checksum, readBack) => {
  const { store, reads } = await storeThatSays(BYTES, checksum);
  expect(await compareChecksum(store, 'file', expected, bytesContent(BYTES))).toBeUndefined();
  expect(reads()).toBe(readBack);
});

test.each([
  ['one block', checksumOf(OTHER, ONE_BLOCK)],
  ['several blocks', checksumOf(OTHER, SMALL_BLOCKS)],
  ['nothing said', undefined],
])('other bytes are different: %s', async (_, checksum) => {
  const { store } = await storeThatSays(OTHER, checksum);
  expect(await compareChecksum(store, 'file', expected, bytesContent(BYTES))).toEqual({
    kind: 'sha256',
    expected: expected.sha256,
    found: hash('sha256', OTHER),
  });
});
