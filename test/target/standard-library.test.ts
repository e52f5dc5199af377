import { expect, it } from 'vitest';
import { isStandardModule } from '../../src/target/standard-library.ts';

it.each([
  ['json', '2.7.18', true],
  ['logging', '3.11.9', true],
  ['Queue', '2.7.18', true],
  ['Queue', '3.7.16', false],
  ['user', '3.7.16', false],
  ['dataclasses', '3.6.15', false],
  ['dataclasses', '3.7.16', true],
  ['tomllib', '3.10.13', false],
  ['tomllib', '3.11.0', true],
  ['distutils', '3.11.0', true],
  ['distutils', '3.12.0', false],
  ['telnetlib', '3.13.0', false],
  ['constructor', '3.11.0', false],
  ['', '3.11.0', false],
])('%s in Python %s: %s', (name, python, expected) => {
  expect(isStandardModule(name, python)).toBe(expected);
});
