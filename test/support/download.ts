import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const MARKER = '.complete';

/**
 * Fills `directory` once, whole or not at all: `fill` works in a directory next to it, which gets a marker and then its
 * name, so that what a killed run left is never taken for a whole download. When two runs fill it at once, the first wins.
 * @returns `directory`
 */
export async function downloadOnce(directory: string, fill: (into: string) => Promise<void>): Promise<string> {
  if (isComplete(directory)) return directory;
  removeAbandoned(directory);
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

/** What killed runs have left of this download. */
function removeAbandoned(directory: string): void {
  const parent = dirname(directory);
  const prefix = `${basename(directory)}.partial-`;
  for (const name of existsSync(parent) ? readdirSync(parent) : []) {
    if (!name.startsWith(prefix)) continue;
    if (!isRunning(Number.parseInt(name.slice(prefix.length), 10)))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isComplete(directory: string): boolean {
  return existsSync(join(directory, MARKER));
}
