import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '../errors/make-directory.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * Calls `use` with a fresh directory in `cacheDirectory/runs`, for this user only, and removes it afterwards, whatever
 * happens. It lies in the cache so that a file moves from there into the cache by one rename. What runs that were
 * killed left behind goes after a day.
 */
export async function withScratch<T>(cacheDirectory: string, use: (directory: string) => Promise<T>): Promise<T> {
  const runs = join(cacheDirectory, 'runs');
  makeDirectory(runs, 0o700);
  await removeOld(runs);
  const directory = join(runs, randomUUID());
  await mkdir(directory, { mode: 0o700 });
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function removeOld(runs: string): Promise<void> {
  for (const name of await readdir(runs)) {
    const path = join(runs, name);
    const status = await stat(path).catch(() => undefined);
    if (status !== undefined && Date.now() - status.mtimeMs > DAY) await rm(path, { recursive: true, force: true });
  }
}
