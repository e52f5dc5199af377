import { describe, expect, it } from 'vitest';
import { inTurn } from '../../../scripts/bench/results/in-turn.ts';
import { commandLine } from '../../../scripts/bench/results/machine.ts';
import { parseRuns, pick } from '../../../scripts/bench/results/options.ts';

it('measures every second round the other way round', async () => {
  const asked: string[] = [];
  const measured = await inTurn(
    [
      ['a', 1],
      ['b', 2],
    ],
    3,
    async (name, peer, run) => {
      asked.push(`${name}${run}`);
      return peer * run;
    },
  );
  expect(asked).toEqual(['a1', 'b1', 'b2', 'a2', 'a3', 'b3']);
  expect([...measured]).toEqual([
    ['a', [1, 2, 3]],
    ['b', [2, 4, 6]],
  ]);
});

it('measures in the first round only what takes too long', async () => {
  const peers = ['slow', 'quick'].map((name) => [name, name] as const);
  const measured = await inTurn(peers, 3, (_, __, run) => Promise.resolve(run), ['slow']);
  expect([...measured]).toEqual([
    ['slow', [1]],
    ['quick', [1, 2, 3]],
  ]);
});

describe('commandLine', () => {
  it.each([
    [[], 'npm run bench:x'],
    [['--runs', '5', '--write'], 'npm run bench:x -- --runs 5'],
    [['--json', '--directory', '/somewhere/else'], 'npm run bench:x -- --directory DIR'],
    [['--directory=/somewhere/else'], 'npm run bench:x -- --directory=DIR'],
    [['--peers', 'pip;uv, cold cache'], 'npm run bench:x -- --peers "pip;uv, cold cache"'],
  ])('of %j is %s', (args, expected) => {
    expect(commandLine('bench:x', args)).toBe(expected);
  });
});

describe('parseRuns', () => {
  it.each(['0', '-1', '1.5', 'many', ''])('refuses %j', (text) => {
    expect(() => parseRuns(text)).toThrow('--runs must be a whole number from 1 on');
  });

  it('takes a number from 1 on', () => {
    expect(parseRuns('5')).toBe(5);
  });
});

describe('pick', () => {
  const known = { a: 1, b: 2 };

  it('takes them in the order asked for', () => {
    expect(pick('--peers', 'b,a', known)).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
  });

  it.each(['c', '', 'toString'])('refuses %j', (text) => {
    expect(() => pick('--peers', text, known)).toThrow(`--peers knows a, b, not ${text}`);
  });
});
