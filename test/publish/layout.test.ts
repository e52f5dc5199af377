import { expect, test } from 'vitest';
import {
  attemptName,
  bootstrapPath,
  incomingPath,
  incomingTree,
  isAttemptAt,
  listPath,
  releaseNumber,
  releasePath,
  treePath,
} from '../../src/publish/layout.ts';

const DIGEST = '0123456789abcdef'.repeat(4);

test('names come from digests and numbers', () => {
  expect(releasePath(7)).toBe('releases/000007.json');
  expect(releasePath(1_234_567)).toBe('releases/1234567.json');
  expect(listPath(DIGEST)).toBe('lists/0123456789ab.json');
  expect(attemptName(DIGEST, 'f00')).toBe('0123456789ab-f00');
  expect(treePath('0123456789ab-f00')).toBe('trees/0123456789ab-f00');
  expect(incomingTree('0123456789ab-f00')).toBe('.incoming/0123456789ab-f00/tree');
  expect(bootstrapPath(DIGEST)).toBe('bootstrap/0123456789ab/activate_env.py');
  expect(incomingPath('f00')).toBe('.incoming/f00');
  expect(incomingPath('f00', 'release.json')).toBe('.incoming/f00/release.json');
});

test('a release number is read back from its name, and from no other name', () => {
  expect(releaseNumber('000007.json')).toBe(7);
  expect(releaseNumber('1234567.json')).toBe(1_234_567);
  for (const name of ['7.json', '000007.json.tmp', 'x000007.json', '000007', '-00007.json', '']) {
    expect(releaseNumber(name), name).toBeUndefined();
  }
});

test("an attempt's name tells its content", () => {
  expect(isAttemptAt('0123456789ab-f00', DIGEST)).toBe(true);
  expect(isAttemptAt('ffffffffffff-f00', DIGEST)).toBe(false);
  expect(isAttemptAt('0123456789abf00', DIGEST)).toBe(false);
});
