import { expect, test } from 'vitest';
import { execFileSync } from 'node:child_process';
import {
  formatBytes,
  formatFiles,
  formatNumberOf,
  formatSeconds,
  formatTable,
  quoteForShell,
} from '../../src/cli/format.ts';
import { describeProgress } from '../../src/cli/progress.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_999, '1.0 MB'],
  [421_300_000, '421.3 MB'],
  [5e15, '5000.0 TB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [0.42, '0.4 s'],
  [9.99, '10 s'],
  [59.4, '59 s'],
  [59.9, '1:00 min'],
  [185, '3:05 min'],
  [Infinity, '?'],
])('%d seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

test('one file is singular', () => {
  expect([formatFiles(1), formatFiles(6765), formatNumberOf(0, 'package')]).toEqual([
    '1 file',
    '6,765 files',
    '0 packages',
  ]);
});

test('columns line up', () => {
  expect(
    formatTable([
      ['a', 'bb', 'c'],
      ['aaa', 'b', ''],
    ]),
  ).toBe('a    bb  c\naaa  b');
});

test('progress tells files, bytes, rate and the time left', () => {
  const half = { files: 50, totalFiles: 100, bytes: 5_000_000, totalBytes: 10_000_000 };
  expect(describeProgress(half, 10)).toBe('50/100 files  5.0 MB/10.0 MB  500.0 kB/s  10 s left');
  // Large files first: nearly all bytes are sent, and nearly all of the work is left.
  const early = { files: 21, totalFiles: 6598, bytes: 124_900_000, totalBytes: 251_900_000 };
  expect(describeProgress(early, 5)).toMatch(/ 1:1\d min left$/);
  expect(describeProgress({ files: 0, totalFiles: 0, bytes: 0, totalBytes: 0 }, 0)).toContain('? left');
});

test.each(['build/risk', 'hdfs:///user/alice/envs/risk-1.0_b', "it's $HOME `a` \\ *", 'a b', '', '~alice', 'é;'])(
  'a shell reads %j as one word',
  (word) => {
    expect(execFileSync('sh', ['-c', `printf %s ${quoteForShell(word)}`], { encoding: 'utf8' })).toBe(word);
  },
);

test('what needs no quotes has none', () => {
  expect(quoteForShell('hdfs:///user/alice/envs/risk')).toBe('hdfs:///user/alice/envs/risk');
});
