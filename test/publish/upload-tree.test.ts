import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { type Files, intercept, PublishingPlace } from './publishing-place.ts';

const place = new PublishingPlace();
const FILES: Files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`m${index}.py`, `x = ${index}\n`]));

/** Sees how many files of a tree are sent at once. */
function counting(
  base: Store,
  beforePut: (onStrain: (() => void) | undefined) => void,
): { store: Store; most: number[] } {
  const most: number[] = [];
  let running = 0;
  const store = intercept(base, 'put', async (put, path, content, options) => {
    if (!path.includes('/tree/')) return put(path, content, options);
    running += 1;
    most.push(running);
    beforePut(options.onStrain);
    await sleep(1);
    await put(path, content, options);
    running -= 1;
  });
  return { store, most };
}

test('a tree is sent by few at first, then by more', async () => {
  const { store, most } = counting(place.store, () => {});
  await place.publish(FILES, { store, concurrency: 64 });
  expect(Math.max(...most.slice(0, 40))).toBe(16);
  expect(Math.max(...most)).toBeGreaterThan(16);
  expect(Math.max(...most)).toBeLessThanOrEqual(64);
});

test('a tree is sent by fewer as soon as the store shows strain', async () => {
  const { store, most } = counting(place.store, (onStrain) => onStrain?.());
  await place.publish(FILES, { store, concurrency: 64 });
  expect(Math.max(...most)).toBe(16);
  expect(Math.max(...most.slice(-100))).toBeLessThanOrEqual(5);
});
