import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { differenceOf, findTwins, foldName } from '../../../src/env/plan/twin-names.ts';

test.each([
  ['Name', 'nAME'],
  ['stra\u00DFe', 'STRASSE'],
  ['stra\u1E9Ee', 'strasse'],
  ['\u017Fum', 'SUM'],
  ['\u212Aelvin', 'kelvin'],
  ['\u00E9', 'e\u0301'],
  ['\u00C9', 'e\u0301'],
  ['\u03C3\u03C2', '\u03A3\u03A3'],
  ['\uFB01le', 'FILE'],
  ['\u0130', 'i\u0307'],
  ['a\u200Db', 'ab'],
  ['a\uFE0F', 'A'],
  ['\uAC00', '\u1100\u1161'],
  ['\u03B1\u0345\u0301', '\u1FB4'],
])('%j and %j are one on some disk', (left, right) => {
  expect(foldName(left)).toBe(foldName(right));
});

test.each([
  ['a', 'b'],
  ['a.py', 'a_py'],
  ['\u00E9', 'e'],
  ['', 'a'],
  ['a1', 'a\u00B9'],
])('%j and %j are two everywhere', (left, right) => {
  expect(foldName(left)).not.toBe(foldName(right));
});

test('whatever a disk does to a name, it folds to the same', () => {
  // in this order (D145): capitals of marks that are not in order are not in order either
  const changes: readonly ((name: string) => string)[] = [
    (name) => name.normalize('NFD').toUpperCase(),
    (name) => name.normalize('NFD').toLowerCase(),
    (name) => name.normalize('NFC'),
    (name) => name.normalize('NFD'),
    (name) => name.normalize('NFD').toUpperCase().normalize('NFC'),
  ];
  const names = fc.string({
    unit: fc.oneof(
      fc.constantFrom(...Array.from('aAßẞſsSİiıIéÉ\u0301σςΣǅﬁK')),
      fc.integer({ min: 0x20, max: 0x2fff }).map((code) => String.fromCodePoint(code)),
    ),
  });
  fc.assert(
    fc.property(names, fc.constantFrom(...changes), (name, change) => {
      expect(foldName(change(name))).toBe(foldName(name));
    }),
    { numRuns: 2000 },
  );
});

test('names of one directory are compared, directories too, each pair once', () => {
  const paths = ['a/b/x.py', 'a/B/x.py', 'a/B/y.py', 'A.py', 'a.py', 'b/a.py', 'a/b/X.py'];
  expect(findTwins(paths)).toEqual([
    { parent: 'a', names: ['b', 'B'] },
    { parent: '', names: ['A.py', 'a.py'] },
    { parent: 'a/b', names: ['x.py', 'X.py'] },
  ]);
  expect(findTwins(['a/x.py', 'a/y.py', 'b/x.py', 'c'])).toEqual([]);
});

test('how two names differ', () => {
  expect(differenceOf(['a', 'A'])).toBe('differ only in case');
  expect(differenceOf(['\u00E9', 'e\u0301'])).toBe('differ only in how accents are composed');
  expect(differenceOf(['\u00E9', 'E\u0301'])).toBe('look alike');
});
