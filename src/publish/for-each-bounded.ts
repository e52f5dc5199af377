import pLimit from 'p-limit';

/**
 * Calls `work` for every item, at most `concurrency` at once; a function is asked again after each item. When one fails,
 * no further one is started, those that run are waited for, and the first failure is thrown: nothing goes on behind the
 * back of whoever handles it.
 */
export async function forEachBounded<Item>(
  items: Iterable<Item>,
  concurrency: number | (() => number),
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const bound = typeof concurrency === 'number' ? () => concurrency : concurrency;
  const limit = pLimit(bound());
  const failures: unknown[] = [];
  const running: Promise<void>[] = [];
  for (const item of items) {
    running.push(
      limit(async () => {
        if (failures.length > 0) return;
        try {
          await work(item);
          if (limit.concurrency !== bound()) limit.concurrency = bound();
        } catch (error) {
          failures.push(error);
        }
      }),
    );
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
