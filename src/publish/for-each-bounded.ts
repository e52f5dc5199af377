import pLimit from 'p-limit';

/**
 * Calls `work` for every item, at most `concurrency` at once. When one fails, no further one is started, those that run
 * are waited for, and the first failure is thrown: nothing goes on behind the back of whoever handles it.
 */
export async function forEachBounded<Item>(
  items: Iterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const limit = pLimit(concurrency);
  const failures: unknown[] = [];
  const running: Promise<void>[] = [];
  for (const item of items) {
    running.push(
      limit(async () => {
        if (failures.length > 0) return;
        try {
          await work(item);
        } catch (error) {
          failures.push(error);
        }
      }),
    );
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
