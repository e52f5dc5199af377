import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MARKER = '.complete';

/**
 * Fills `directory` once, whole or not at all: `fill` works in a directory next to it, which gets a marker and then its
 * name, so that what a killed run left is never taken for a whole download. When two runs fill it at once, the first wins.
 * @returns `directory`
 */
export async function downloadOnce(directory: string, fill: (into: string) => Promise<void>): Promise<string> {
  if (isComplete(directory)) return directory;
  const partial = `${directory}.partial-${process.pid}-${Date.now()}`;
  mkdirSync(dirname(directory), { recursive: true });
  mkdirSync(partial);
  try {
    await fill(partial);
    writeFileSync(join(partial, MARKER), '');
    if (!isComplete(directory)) rmSync(directory, { recursive: true, force: true });
    try {
      renameSync(partial, directory);
    } catch (error) {
      if (!isComplete(directory)) throw error;
    }
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return directory;
}

function isComplete(directory: string): boolean {
  return existsSync(join(directory, MARKER));
}
