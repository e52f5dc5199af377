import { expect, test } from 'vitest';
import { parseLimit } from '../../src/wheel/limits.ts';

test.each([
  ['entries=200000', { entries: 200_000 }],
  ['file-bytes=12G', { fileBytes: 12 * 2 ** 30 }],
  ['total-bytes=1T', { totalBytes: 2 ** 40 }],
  ['total-bytes=10K', { totalBytes: 10_240 }],
  ['file-bytes=3M', { fileBytes: 3 * 2 ** 20 }],
  ['ratio=1000', { ratio: 1000 }],
])('%s', (text, limits) => {
  expect(parseLimit(text)).toStrictEqual(limits);
});

test.each([
  'entries',
  'entries=',
  'entries=0',
  'entries=-1',
  'entries=1.5',
  'entries=1k',
  'size=3',
  'ratioFromBytes=1',
  'total-bytes=99999999999T',
])('WHEEL_LIMIT_VALUE: %s', (text) => {
  expect(() => parseLimit(text)).toThrow(
    expect.objectContaining({ code: 'WHEEL_LIMIT_VALUE', exit: 'usage', message: expect.stringContaining(text) }),
  );
});
