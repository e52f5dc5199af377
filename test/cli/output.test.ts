import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput } from '../../src/cli/output.ts';

const HOSTILE = 'MIT\u001b[2J\u009b31m\r\u202Egnp.exe\u200b\u0007\u2028\u0000';

function written(write: (output: ReturnType<typeof createOutput>) => void): [string, string] {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  write(createOutput(stdout, stderr, false));
  return [String(stdout.read() ?? ''), String(stderr.read() ?? '')];
}

test('what strangers wrote cannot steer the terminal, on neither stream', () => {
  const shown = String.raw`MIT\u{1b}[2J\u{9b}31m\u{d}\u{202e}gnp.exe\u{200b}\u{7}\u{2028}\u{0}`;
  expect(written(({ print }) => print(HOSTILE))).toStrictEqual([`${shown}\n`, '']);
  expect(written(({ note }) => note(HOSTILE))).toStrictEqual(['', `${shown}\n`]);
});

test('what strangers wrote is the same in JSON, without a raw byte that steers', () => {
  const stdout = new PassThrough();
  const tag = '\u{E0001}';
  createOutput(stdout, new PassThrough(), true).printJson({ licence: HOSTILE + tag });
  const json = String(stdout.read());
  expect(json).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(json)).toStrictEqual({ licence: HOSTILE + tag });
});

test('lines, tabs and all that can be seen stay as they are', () => {
  const text = 'one\n\ttwo  Zoë 漢字 😀 e\u0301 a\u00a0b';
  expect(written(({ print }) => print(text))[0]).toBe(`${text}\n`);
});
