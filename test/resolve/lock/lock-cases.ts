import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLock } from '../../../src/resolve/lock/read-lock.ts';
import { parseTarget, type Target } from '../../../src/target/target.ts';
import { evaluatorFor } from './evaluator.ts';

/** What uv and pip wrote, with other hosts. */
export const LOCKS: string = join(import.meta.dirname, 'locks');

export const SPARK: ReadonlyMap<string, null> = new Map([
  ['pyspark', null],
  ['py4j', null],
]);

export const SHA256: string = 'ab'.repeat(32);

export function targetOf(python: string, platform = 'rhel7'): Target {
  return parseTarget({ python, platform: [platform] });
}

export interface ReadOptions {
  readonly extras?: readonly string[];
  readonly target?: Target;
  readonly provided?: ReadonlyMap<string, string | null>;
  readonly ownFolders?: readonly string[];
}

/** File names of what the lock fixes for the target, Python 3.7 on RHEL 7 unless told otherwise. */
export async function readFileNames(
  path: string,
  { extras = [], target = targetOf('3.7'), provided = SPARK, ownFolders }: ReadOptions = {},
): Promise<string[]> {
  const { pins } = await readLock(path, extras, target, provided, await evaluatorFor(target), ownFolders);
  return pins.map(({ file }) => file.fileName);
}

/** Writes a lock of its own for a case. */
export function writeLock(directory: string, name: 'uv.lock' | 'pylock.toml', text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}
