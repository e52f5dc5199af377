import { crc32 } from 'node:zlib';
import { assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CrcKind, crcFunction } from '../../src/digest/crc32.ts';

function crcOf(kind: CrcKind, bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return crcFunction(kind)(view, 0, bytes.byteLength, 0) >>> 0;
}

describe('CRC32C', () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);
  /** RFC 3720, appendix B.4, whose CRCs are given as bytes on the wire; and the usual check value. */
  it.each([
    ['no bytes', new Uint8Array(0), 0],
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['ascending', ascending, 0x46dd794e],
    ['descending', ascending.toReversed(), 0x113fdb5c],
    ['123456789', Buffer.from('123456789'), 0xe3069283],
  ])('%s', (_name, bytes, crc) => {
    expect(crcOf('CRC32C', bytes)).toBe(crc);
  });
});

describe('both CRCs', () => {
  it('CRC32 equals that of zlib', () => {
    assert(
      property(uint8Array({ maxLength: 100 }), (bytes) => {
        expect(crcOf('CRC32', bytes)).toBe(crc32(bytes));
      }),
    );
  });

  it.each(['CRC32', 'CRC32C'] as const)('%s goes on where it stopped, at any alignment', (kind) => {
    const crc = crcFunction(kind);
    assert(
      property(uint8Array({ minLength: 20, maxLength: 60 }), (bytes) => {
        const view = new DataView(bytes.buffer);
        const whole = crc(view, 0, bytes.length, 0);
        for (let cut = 0; cut <= 17; cut += 1) {
          expect(crc(view, cut, bytes.length, crc(view, 0, cut, 0))).toBe(whole);
        }
      }),
    );
  });
});
