import { expect, it } from 'vitest';
import { parseChecksum } from '../../../src/store/webhdfs/checksum.ts';

const answer = (algorithm: string, bytes: string): string =>
  JSON.stringify({ FileChecksum: { algorithm, bytes, length: bytes.length / 2 } });

const MD5 = '15b79efd7f0bbe315cb458fbf98110ed';

it.each([
  ['MD5-of-0MD5-of-512CRC32C', `00000200${'0'.repeat(16)}${MD5}00000000`, 'CRC32C', 512, 0],
  ['MD5-of-2048MD5-of-512CRC32C', `00000200${'0'.repeat(13)}800${MD5}00000000`, 'CRC32C', 512, 2048],
  ['MD5-of-16384MD5-of-4096CRC32', `00001000${'0'.repeat(12)}4000${MD5}`, 'CRC32', 4096, 16_384],
  // An empty file, whose checksum does not depend on the size of its chunks.
  ['MD5-of-0MD5-of-0CRC32', `00000000${'0'.repeat(16)}${MD5}00000000`, 'CRC32C', 512, 0],
])('reads %s', (algorithm, bytes, crc, chunkBytes, chunksPerBlock) => {
  expect(parseChecksum(answer(algorithm, bytes))).toEqual({
    kind: 'md5-of-md5-of-crc',
    crc,
    chunkBytes,
    chunksPerBlock,
    hex: MD5,
  });
});

it.each([
  answer('COMPOSITE-CRC32C', '8a9136aa'),
  answer('MD5-of-0MD5-of-512CRC32C', '00000200'),
  answer('SHA-1', MD5),
  '{}',
])('leaves %s to be read back', (body) => {
  expect(parseChecksum(body)).toBeUndefined();
});
