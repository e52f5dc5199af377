import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { array, assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HdfsChecksum, type HdfsChecksumShape, SINGLE_BLOCK } from '../../src/digest/hdfs-checksum.ts';

function patterned(size: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) * 17) & 255));
}

function checksumOf(bytes: Uint8Array, shape?: HdfsChecksumShape): string {
  const checksum = new HdfsChecksum(shape);
  checksum.update(bytes);
  return checksum.finish();
}

describe('HdfsChecksum', () => {
  /** What GETFILECHECKSUM of Hadoop 2.7.7 and 3.4.3 answered for these bytes, written with blocks of 1 MiB. */
  it.each([
    [0, 0, '70bc8f4b72a86921468bf8e8441dce51'],
    [1, 0, 'dc236201841049096ad31b6213203a90'],
    [511, 0, '15b79efd7f0bbe315cb458fbf98110ed'],
    [512, 0, '7a8bbbd1b0581732cddd8b10ad5dc979'],
    [513, 0, '7504922c4ef2ad1876be408f724bcdb5'],
    [100_000, 0, 'b361cd15cb1abf46e2ae7efa02391dc6'],
    [1 << 20, 0, 'd6f0bb2c4d3c28a3b167525622a9abfb'],
    [(1 << 20) + 1, 2048, '1256d81d2fe91d4ba6044ebae8ee45d0'],
    [(3 << 20) + 700, 2048, 'b4a3d4de718d25bb652b3694d9fa231b'],
    [(5 << 20) + 1, 2048, '844c1cc15e70faa3dde55cf6056796ac'],
  ])('of %i bytes with %i chunks per block is what HDFS says', (size, chunksPerBlock, hex) => {
    expect(checksumOf(patterned(size), { ...SINGLE_BLOCK, chunksPerBlock })).toBe(hex);
  });

  it('hashes the CRC32 of every chunk, big-endian, where a cluster keeps that', () => {
    const bytes = patterned(70);
    const crcs = Buffer.alloc(12);
    [0, 32, 64].forEach((at, index) => crcs.writeUInt32BE(crc32(bytes.subarray(at, at + 32)), index * 4));
    const block = createHash('md5').update(crcs).digest();
    const expected = createHash('md5').update(block).update(Buffer.alloc(16)).digest('hex');
    expect(checksumOf(bytes, { crc: 'CRC32', chunkBytes: 32, chunksPerBlock: 0 })).toBe(expected);
  });

  it('does not depend on how the bytes come in', () => {
    const bytes = patterned(4000);
    const shapes = [SINGLE_BLOCK, { crc: 'CRC32C', chunkBytes: 512, chunksPerBlock: 2 }] as const;
    assert(
      property(constantFrom(...shapes), array(integer({ min: 0, max: 1500 })), (shape, lengths) => {
        const checksum = new HdfsChecksum(shape);
        let at = 0;
        for (const length of [...lengths, bytes.length]) {
          checksum.update(bytes.subarray(at, at + length));
          at = Math.min(bytes.length, at + length);
        }
        expect(checksum.finish()).toBe(checksumOf(bytes, shape));
      }),
    );
  });

  it('takes no chunks without bytes', () => {
    expect(() => new HdfsChecksum({ crc: 'CRC32C', chunkBytes: 0, chunksPerBlock: 0 })).toThrow(RangeError);
  });
});
