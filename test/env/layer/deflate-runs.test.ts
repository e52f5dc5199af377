import { inflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { deflateRuns } from '../../../src/env/layer/deflate-runs.ts';

const runs = fc
  .array(fc.tuple(fc.nat(255), fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 1200 }))), {
    maxLength: 40,
  })
  .map((list) => Buffer.concat(list.map(([byte, length]) => Buffer.alloc(length, byte))));

test('zlib inflates it to what it was', () => {
  fc.assert(
    fc.property(runs, (bytes) => {
      expect(inflateRawSync(deflateRuns(bytes)).equals(bytes)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('every length of a run', () => {
  for (let length = 0; length <= 600; length++) {
    const bytes = Buffer.alloc(length, 7);
    expect(inflateRawSync(deflateRuns(bytes)).equals(bytes)).toBe(true);
  }
});

test('a block of zeros takes a few bytes, the same on every machine', () => {
  expect(deflateRuns(Buffer.alloc(1024)).toString('hex')).toBe('631805a360148c580000');
});
