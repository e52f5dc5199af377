import { expect, test } from 'vitest';
import { readMode } from '../../src/wheel/entry-mode.ts';
import { STRICT } from '../../src/wheel/rules.ts';
import { parseWheelName } from '../../src/wheel/wheel-name.ts';
import { WheelRules } from '../../src/wheel/wheel-rules.ts';

const rules = new WheelRules(parseWheelName('risk-1.0-py3-none-any.whl'), STRICT);

test.each([
  ['an ordinary file', 0o100644, false],
  ['a program', 0o100755, true],
  ['a program that its owner alone may run', 0o100700, true],
  ['a file of its owner alone', 0o100600, false],
  ['bits without a type, as protobuf 5.29.6 has them for every file: pip asks for the type', 0o777, false],
  ['no mode at all, as DOS makes it', 0, false],
])('%s', (_, mode, expected) => {
  // below the mode lie the attributes of DOS
  expect(readMode(rules, 'risk/run', ((mode << 16) | 0x20) >>> 0, false)).toBe(expected);
});
