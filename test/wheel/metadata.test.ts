import { expect, test } from 'vitest';
import { parseHeaderFields, readMetadata } from '../../src/wheel/metadata.ts';

const licenceOf = (text: string): string | null => readMetadata(parseHeaderFields(text)).licence;

test('headers as Python reads them: any case, continued lines, repeated names, body left alone', () => {
  const fields = parseHeaderFields(
    'Name: risk\r\nREQUIRES-DIST: a\r\nRequires-Dist:b\r\nSummary: one\r\n  two\r\n\r\nName: body\r\n',
  );
  expect(fields.get('name')).toEqual(['risk']);
  expect(fields.get('requires-dist')).toEqual(['a', 'b']);
  expect(fields.get('summary')).toEqual(['one\ntwo']);
});

test.each([
  ['License-Expression: MIT AND 0BSD\nLicense: other\n', 'MIT AND 0BSD'],
  ['License: BSD\nClassifier: License :: OSI Approved :: MIT License\n', 'BSD'],
  ['License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License\n', 'MIT License'],
  [`License: Copyright\n  the whole text\nClassifier: License :: OSI Approved :: BSD License\n`, 'BSD License'],
  [`License: ${'x'.repeat(101)}\n`, null],
  [
    'Classifier: License :: OSI Approved :: A\nClassifier: Topic :: B\nClassifier: License :: Public Domain\n',
    'A, Public Domain',
  ],
  ['Name: risk\n', null],
])('licence of %j', (text, licence) => {
  expect(licenceOf(text)).toBe(licence);
});

test.each([
  ['an expression that just fits', `License-Expression: ${'x'.repeat(200)}\n`, 'x'.repeat(200)],
  ['a longer one', `License-Expression: ${'MIT OR '.repeat(1_000_000)}MIT\n`, `${'MIT OR '.repeat(28)}MIT…`],
  [
    'two hundred characters of two units each',
    `License-Expression: ${'\u{1F600}'.repeat(200)}\n`,
    '\u{1F600}'.repeat(200),
  ],
  ['one more', `License-Expression: ${'\u{1F600}'.repeat(201)}\n`, `${'\u{1F600}'.repeat(199)}…`],
  ['classifiers', 'Classifier: License :: A\n'.repeat(100_000), `${'A, '.repeat(66)}A…`],
])('a long licence is cut: %s', (_, text, licence) => {
  expect(licenceOf(text)).toBe(licence);
});
