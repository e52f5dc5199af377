import { describe, expect, it } from 'vitest';
import type { Goal } from '../../../scripts/bench/results/result.ts';
import { fastestOf, isMet, median, medianOf, summarise } from '../../../scripts/bench/results/summarise.ts';

const ROWS = [
  { peer: 'ours', setting: 'default', seconds: [4, 1, 2] },
  { peer: 'theirs', setting: 'default', seconds: [8, 9, 1] },
  { peer: 'theirs', setting: '64', seconds: [3] },
  { peer: 'ours', setting: '64', seconds: [6] },
];

describe('summarise', () => {
  it('divides by the reference of the same setting, wherever it stands', () => {
    const summaries = summarise(ROWS, 'ours');
    expect(summaries.map(({ median: seconds, ratio }) => [seconds, ratio])).toEqual([
      [2, 1],
      [8, 4],
      [3, 0.5],
      [6, 1],
    ]);
  });

  it('keeps the order of the rows and what they have of their own', () => {
    const rows = [
      { peer: 'b', seconds: [1], columns: { bytes: '7' } },
      { peer: 'a', seconds: [2] },
    ];
    expect(summarise(rows, 'a')).toEqual([
      { ...rows[0], median: 1, ratio: 0.5 },
      { ...rows[1], median: 2, ratio: 1 },
    ]);
  });

  it('knows no ratio where the reference was not measured', () => {
    expect(summarise(ROWS, 'nobody').map(({ ratio }) => ratio)).toEqual([NaN, NaN, NaN, NaN]);
  });

  it('refuses two rows of one peer and setting', () => {
    expect(() => summarise([...ROWS, { peer: 'ours', setting: '64', seconds: [1] }], 'ours')).toThrow(
      'two rows of ours, 64',
    );
  });
});

describe('median', () => {
  it.each([
    [[], NaN],
    [[7], 7],
    [[9, 1, 5], 5],
    [[10, 2, 4, 9], 6.5],
    [[2, 10, 9], 9],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

it('finds the median of a peer, and the fastest of several that were measured', () => {
  expect(medianOf(ROWS, 'theirs', 'default')).toBe(8);
  expect(medianOf(ROWS, 'theirs')).toBeNaN();
  expect(fastestOf(ROWS, ['theirs', 'ours', 'nobody'], 'default')).toBe(2);
  expect(fastestOf(ROWS, ['nobody'], 'default')).toBeNaN();
});

describe('isMet', () => {
  const goal = (measured: number, aim: Goal['aim']): Goal => ({ what: 'x', measured, unit: 's', aim });
  it.each([
    [goal(1.5, { atMost: 1.5 }), true],
    [goal(1.51, { atMost: 1.5 }), false],
    [goal(20, { atLeast: 20 }), true],
    [goal(19.9, { atLeast: 20 }), false],
    [goal(Number.NaN, { atLeast: 20 }), undefined],
  ])('%j: %s', (one, expected) => {
    expect(isMet(one)).toBe(expected);
  });
});
