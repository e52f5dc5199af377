import { describe, expect, it } from 'vitest';
import { publishGoals } from '../../scripts/bench/publish-goals.ts';
import { isMet } from '../../scripts/bench/results/summarise.ts';
import { scaleGoals } from '../../scripts/bench/scale-goals.ts';

describe('publishGoals', () => {
  const setting = 'default threads';
  const row = (peer: string, ...seconds: number[]): { peer: string; setting: string; seconds: number[] } => ({
    peer,
    setting,
    seconds,
  });

  it('compares medians: archives with the fastest other tree, the tree with put -t 16 and npm webhdfs', () => {
    const rows = [row('hdfs-venv', 40, 50, 60), row('hdfs-venv-tar', 2), row('hdfs-put', 80), row('hdfs-put-t16', 40)];
    const goals = publishGoals([...rows, row('npm-webhdfs-16', 100), row('npm-webhdfs-128', 200)]);
    expect(goals.map((goal) => [goal.measured, goal.aim, isMet(goal)])).toEqual([
      [20, { atLeast: 20 }, true],
      [Number.NaN, { atLeast: 20 }, undefined],
      [1.25, { atMost: 1.5 }, true],
      [0.5, { atMost: 0.4 }, false],
      [0.25, { atMost: 0.4 }, true],
    ]);
  });

  it('asks for more where there are 64 threads, and nothing of put where nobody knows what to ask for', () => {
    const aims = (name: string): unknown[] =>
      publishGoals([{ peer: 'hdfs-venv', setting: name, seconds: [1] }]).map(({ aim }) => aim);
    expect(aims('64 threads')).toEqual([
      { atLeast: 20 },
      { atLeast: 20 },
      { atMost: 0.7 },
      { atMost: 0.4 },
      { atMost: 0.4 },
    ]);
    expect(aims('16 threads')).toEqual([{ atLeast: 20 }, { atLeast: 20 }, { atMost: 0.4 }, { atMost: 0.4 }]);
  });
});

describe('scaleGoals', () => {
  const usage = (seconds: number, megabytes: number): ReadonlyMap<string, ReturnType<typeof usageOf>> =>
    new Map([['build', usageOf(seconds, megabytes)]]);

  it('judges the largest by the most memory of any run, and by its time per file beside the next smaller one', () => {
    const goals = scaleGoals([
      { files: 1000, rounds: [usage(1, 50)] },
      { files: 100_000, rounds: [usage(30, 399), usage(90, 401), usage(33, 100)] },
      { files: 10_000, rounds: [usage(3, 100)] },
    ]);
    expect(goals.map((goal) => [goal.what, goal.measured, isMet(goal)])).toEqual([
      ['memory of build, 100,000 files', 401, false],
      ['time per file of build, 100,000 files beside 10,000', expect.closeTo(1.1), true],
    ]);
  });

  it('compares one size alone with nothing', () => {
    expect(scaleGoals([{ files: 1000, rounds: [usage(1, 50)] }])).toHaveLength(1);
  });
});

function usageOf(
  seconds: number,
  megabytes: number,
): { seconds: number; user: number; system: number; peakBytes: number } {
  return { seconds, user: 0, system: 0, peakBytes: megabytes * 1e6 };
}
