import { expect, it } from 'vitest';
import { normaliseRequirement } from '../../src/resolve/normalise-requirement.ts';

it.each([
  ['Typing_Extensions', 'typing-extensions'],
  ['lib == 1.0', 'lib==1.0'],
  ['lib (>=1.0, <2)', 'lib<2,>=1.0'],
  ['lib>=1.0,<2', 'lib<2,>=1.0'],
  ['Lib [B_b, a,a] ~= 1.0', 'lib[a,b-b]~=1.0'],
  ["lib>=1;python_version<'3.8'", 'lib>=1; python_version < "3.8"'],
  ['lib>=1 ; python_version  <  "3.8"', 'lib>=1; python_version < "3.8"'],
  ['lib==1 --hash=sha256:bb --hash sha256:aa', 'lib==1 --hash=sha256:aa --hash=sha256:bb'],
  ["lib==1 ; extra == 'x' --hash=sha256:aa", 'lib==1; extra == "x" --hash=sha256:aa'],
  [
    'Lib@https://example.invalid/a;b/lib-1-py3-none-any.whl',
    'lib @ https://example.invalid/a;b/lib-1-py3-none-any.whl',
  ],
  ['lib @ file:///x/lib.whl ; os_name=="nt"', 'lib @ file:///x/lib.whl ; os_name == "nt"'],
  ['./dist/Lib-1.0-py3-none-any.whl', './dist/Lib-1.0-py3-none-any.whl'],
  ['dist/Lib-1.0-py3-none-any.whl', 'dist/Lib-1.0-py3-none-any.whl'],
  ['git+https://example.invalid/a.git#egg=a', 'git+https://example.invalid/a.git#egg=a'],
])('writes %j as %j, and that as itself', (given, expected) => {
  expect(normaliseRequirement(given)).toBe(expected);
  expect(normaliseRequirement(expected)).toBe(expected);
});
