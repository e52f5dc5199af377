import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { explainSystemError, isErrno } from '../../errors/system-error.ts';
import { isLockName } from './lock-name.ts';
import { parsePylock, type Pylock } from './pylock.ts';
import { readToolTable, type ToolTable } from './tool-table.ts';

/** How one lock differs from the last one: `pandas 2.2.2 → 2.2.3`, `+ numpy 1.26.4`, `- six 1.16.0`. */
export type LockChanges = readonly string[];

export interface SavedLock {
  /** `new`: there was none. `same`: there already, byte for byte. */
  readonly outcome: 'new' | 'changed' | 'same';
  readonly changes: LockChanges;
}

/**
 * Reads the lock that is to be replaced. Called before the long work, so that nobody waits for an answer that was clear.
 *
 * @throws HdfsVenvError `RESOLVE_LOCK_NAME` (usage) for a name that PEP 751 does not know, `RESOLVE_LOCK_PLACE` (usage) without a directory; `RESOLVE_LOCK_NOT_OURS` (conflict) when the
 * file there is something else than a lock of ours
 */
export async function requireLockPlace(path: string): Promise<string | undefined> {
  const name = basename(path);
  if (!isLockName(name)) {
    throw new HdfsVenvError({
      code: 'RESOLVE_LOCK_NAME',
      exit: 'usage',
      message: `Cannot write a lock to ${JSON.stringify(path)}: expected pylock.toml or pylock.NAME.toml without more dots (PEP 751), got ${JSON.stringify(name)}`,
    });
  }
  if (!(await isDirectory(dirname(path)))) {
    throw new HdfsVenvError({
      code: 'RESOLVE_LOCK_PLACE',
      exit: 'usage',
      message: `Cannot write the lock ${path}: there is no directory ${dirname(path)}`,
    });
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw writeProblem(error, path);
  });
  if (text !== undefined && lockToolOf(text, name) === undefined) {
    throw new HdfsVenvError({
      code: 'RESOLVE_LOCK_NOT_OURS',
      exit: 'conflict',
      message: `Cannot replace ${path}: hdfs-venv lock did not write it`,
      hints: ['Name another file with -o, or remove this one.'],
    });
  }
  return text;
}

/**
 * Writes the lock whole or not at all. @param before what `requireLockPlace` returned
 * @throws HdfsVenvError see `explainSystemError`
 */
export async function saveLock(path: string, text: string, before: string | undefined): Promise<SavedLock> {
  const name = basename(path);
  const changes = compareLocks(before === undefined ? undefined : parsePylock(before, name), parsePylock(text, name));
  if (text === before) return { outcome: 'same', changes };
  const incoming = `${path}.${randomUUID()}`;
  try {
    await writeFile(incoming, text, { flush: true });
    await rename(incoming, path);
  } catch (error) {
    await rm(incoming, { force: true });
    throw writeProblem(error, path);
  }
  return { outcome: before === undefined ? 'new' : 'changed', changes };
}

function writeProblem(error: unknown, path: string): unknown {
  return explainSystemError(error, {
    room: 'RESOLVE_LOCK',
    problem: `Cannot write the lock ${path}`,
    elsewhere: 'Name another place with -o.',
  });
}

/** What a lock of ours was made for; undefined for anything else. */
export function lockToolOf(text: string, name: string): ToolTable | undefined {
  try {
    return readToolTable(parsePylock(text, name).tool);
  } catch {
    return undefined;
  }
}

function compareLocks(before: Pylock | undefined, now: Pylock): string[] {
  if (before === undefined) return [];
  const [was, is] = [versionsOf(before), versionsOf(now)];
  const names = [...new Set([...was.keys(), ...is.keys()])].toSorted();
  return names.flatMap((name) => {
    const [old, next] = [was.get(name), is.get(name)];
    if (old === next) return [];
    if (old === undefined) return [`+ ${name} ${next}`];
    return [next === undefined ? `- ${name} ${old}` : `${name} ${old} → ${next}`];
  });
}

function versionsOf({ packages }: Pylock): Map<string, string> {
  return new Map(packages.map(({ name, version }) => [name, version ?? '']));
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
