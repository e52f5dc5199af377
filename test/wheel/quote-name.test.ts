import { expect, test } from 'vitest';
import { quoteName } from '../../src/wheel/quote-name.ts';

test.each([
  ['risk/data file.txt', '"risk/data file.txt"'],
  ['ü€𝔘', '"ü€𝔘"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['a\nb\x1b[2J', '"a\\nb\\u001b[2J"'],
  ['\x7f\x9b', '"\\u{7f}\\u{9b}"'],
  ['\u202Ea\u200Bb\uFEFF', '"\\u{202e}a\\u{200b}b\\u{feff}"'],
  ['\u3164\u115F\u1160\uFFA0\u2800\uFE0F', '"\\u{3164}\\u{115f}\\u{1160}\\u{ffa0}\\u{2800}\\u{fe0f}"'],
  ['\u00A0\u3000', '"\\u{a0}\\u{3000}"'],
  ['\uE000\u{10FFFD}\u{E0041}\u0378', '"\\u{e000}\\u{10fffd}\\u{e0041}\\u{378}"'],
  ['\uD800', '"\\ud800"'],
  ['a'.repeat(1000), `"${'a'.repeat(200)}…"`],
])('%j', (name, quoted) => {
  expect(quoteName(name)).toBe(quoted);
});
