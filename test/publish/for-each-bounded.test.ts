import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { forEachBounded } from '../../src/publish/for-each-bounded.ts';

test('runs at most as many at once as it may', async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await forEachBounded([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await sleep(1);
    running -= 1;
    done.push(item);
  });
  expect(most).toBe(3);
  expect(new Set(done)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
  expect(done).toHaveLength(7);
});

test('a bound that is a function is asked again after each item', async () => {
  let running = 0;
  const most = [0, 0];
  let bound = 2;
  await forEachBounded(
    Array.from({ length: 40 }).keys(),
    () => bound,
    async (item) => {
      running += 1;
      const half = bound === 2 ? 0 : 1;
      most[half] = Math.max(most[half] ?? 0, running);
      await sleep(1);
      running -= 1;
      if (item === 10) bound = 5;
    },
  );
  expect(most).toEqual([2, 5]);
});

test('after a failure nothing new starts, what runs is waited for, and the first failure is thrown', async () => {
  const started: number[] = [];
  const finished: number[] = [];
  const work = forEachBounded([1, 2, 3, 4, 5], 2, async (item) => {
    started.push(item);
    if (item === 1) throw new Error('first');
    await sleep(5);
    finished.push(item);
    if (item === 2) throw new Error('second');
  });
  await expect(work).rejects.toThrow('first');
  expect(started).toEqual([1, 2]);
  expect(finished).toEqual([2]);
});
