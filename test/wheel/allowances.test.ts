import { expect, test } from 'vitest';
import { Allowances, parseAllowance } from '../../src/wheel/allowances.ts';
import { wheelError } from '../../src/wheel/wheel-error.ts';

test('CODE=PACKAGE switches one check off for one package, in any spelling of its name', () => {
  const allowances = new Allowances([parseAllowance('WHEEL_RECORD_HASH=Risk_App'), parseAllowance('ENV_CONFLICT=b')]);
  expect(allowances.permit('WHEEL_RECORD_HASH', 'risk-app')).toBe(true);
  expect(allowances.permit('WHEEL_RECORD_SIZE', 'risk-app')).toBe(false);
  expect(allowances.permit('WHEEL_RECORD_HASH', 'b')).toBe(false);
});

test('the list does not depend on the order in which they were given, or how often', () => {
  const texts = ['WHEEL_RECORD_SIZE=b', 'WHEEL_RECORD_HASH=b', 'WHEEL_RECORD_SIZE=a', 'WHEEL_RECORD_SIZE=B'];
  expect(new Allowances(texts.map(parseAllowance)).list).toStrictEqual([
    { code: 'WHEEL_RECORD_SIZE', package: 'a' },
    { code: 'WHEEL_RECORD_HASH', package: 'b' },
    { code: 'WHEEL_RECORD_SIZE', package: 'b' },
  ]);
});

test.each([
  ['WHEEL_RECORD_HASH', 'CODE=PACKAGE'],
  ['WHEEL_RECORD_HASH=', 'CODE=PACKAGE'],
  ['=risk', 'CODE=PACKAGE'],
  ['wheel_record_hash=risk', 'CODE=PACKAGE'],
  ['WHEEL_RECORD_HASH=risk==1.0', 'CODE=PACKAGE'],
  ['WHEEL_RECORD_HASH=*', 'CODE=PACKAGE'],
  ['WHEEL_NAME_PARENT=risk', 'WHEEL_NAME_PARENT cannot be allowed'],
  ['WHEEL_ZIP_CRC=risk', 'WHEEL_ZIP_CRC cannot be allowed'],
])('WHEEL_ALLOWANCE: %s', (text, problem) => {
  expect(() => parseAllowance(text)).toThrow(
    expect.objectContaining({
      code: 'WHEEL_ALLOWANCE',
      exit: 'usage',
      message: expect.stringContaining(problem),
      hints: [expect.anything()],
    }),
  );
});

test('a refusal says how its check is switched off, where that is possible', () => {
  const { hints } = wheelError('Risk_App-1.0-py3-none-any.whl', 'WHEEL_RECORD_HASH', 'it lies');
  expect(hints.at(-1)).toContain('--allow WHEEL_RECORD_HASH=risk-app');
  const other = wheelError('Risk_App-1.0-py3-none-any.whl', 'WHEEL_NAME_PARENT', 'it lies');
  expect(other.hints.join()).not.toContain('--allow');
});
