import { expect, test } from 'vitest';
import { allows } from '../../../src/resolve/failure/blocked.ts';

test.each([
  ['pandas>=2,<3', '2.2.3', true],
  ['pandas (>=2,<3)', '3.0', false],
  ['pandas[plots] >=2', '1.5', false],
  ['pandas', '1.5', true],
])('%s and %s: %s', (requirement, version, expected) => {
  expect(allows(requirement, version)).toBe(expected);
});

test('a requirement that nobody would write is read in no time', () => {
  expect(allows(`a${' '.repeat(200_000)}(>=1) b`, '1.0')).toBe(true);
});
