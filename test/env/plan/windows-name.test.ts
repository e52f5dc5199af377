import { expect, test } from 'vitest';
import { windowsProblem } from '../../../src/env/plan/windows-name.ts';

test.each([
  ...['a<b', 'a>b', 'a:b', 'a"b', 'a|b', 'a?b', 'a*b', 'a\\b', 'a/b', 'a\u0001b', 'C:', 'file.txt:stream'].map(
    (name) => [name, 'character'],
  ),
  ...['a.', 'a ', '...', '.', '..', 'a. '].map((name) => [name, 'ends in']),
  ...[
    'CON',
    'con',
    'aux.py',
    'nul.txt',
    'NUL.tar.gz',
    'COM1',
    'com9.log',
    'LPT\u00B9',
    'prn .txt',
    'CONIN$',
    'com0',
  ].map((name) => [name, 'device']),
  ['a'.repeat(256), '256 characters'],
  ['\u{1F600}'.repeat(128), '256 characters'],
])('%j cannot be on Windows', (name, problem) => {
  expect(windowsProblem(name)).toContain(problem);
});

test.each([
  'a.py',
  'console.py',
  'auxiliary',
  'nul_',
  'COM10',
  'COM',
  'xcon',
  '.gitignore',
  '..a',
  'GMT+0',
  'a b (c) [d] #e @f',
  '\u00E9',
  'a'.repeat(255),
])('%j can', (name) => {
  expect(windowsProblem(name)).toBeUndefined();
});
