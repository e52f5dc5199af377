import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Target } from '../../target/target.ts';
import { type Candidate, choosePins } from './choose-pins.ts';
import type { EvaluateMarkers } from './evaluate-markers.ts';
import type { LockContent } from './lock-content.ts';
import { parsePylock } from './pylock.ts';
import type { LockReading } from './reading.ts';
import { selectFromPylock } from './select-pylock.ts';
import { selectFromUvLock } from './select-uv-lock.ts';
import { parseUvLock } from './uv-lock.ts';

/**
 * Reads what a lock of another tool fixes for the target: `uv.lock`, else a lock of PEP 751. Nothing is resolved; every package
 * that the lock wants on the target has a wheel that fits, or all of those that have none are told.
 *
 * @param path of the file; relative paths in it count from its directory
 * @param extras of the project that the lock is of
 * @param provided normalised names of what the cluster brings: they are left out, wheels or not. From a uv.lock, what only they need is
 * left out with them
 * @param ownFolders absolute paths of the user's own code that comes in another way: where the lock has such a folder, only what it
 * needs is taken from the lock
 * @throws HdfsVenvError `RESOLVE_LOCK_FORMAT`, `RESOLVE_LOCK_EXTRA` (usage); `RESOLVE_LOCK_TARGET`, `RESOLVE_LOCK_NO_WHEEL` (resolve);
 * `RESOLVE_LOCK_HASH` (integrity); `RESOLVE_LOCK_READ` (permission) when the file cannot be read
 */
export async function readLock(
  path: string,
  extras: readonly string[],
  target: Target,
  provided: ReadonlyMap<string, string | null>,
  evaluate: EvaluateMarkers,
  ownFolders: readonly string[] = [],
): Promise<LockContent> {
  const place = { name: basename(path), directory: resolve(dirname(path)) };
  const text = await readText(path);
  const reading: LockReading = { place, extras, target, provided, evaluate };
  const {
    candidates,
    project,
    provided: left,
  } = place.name === 'uv.lock'
    ? await selectFromUvLock(parseUvLock(text, place.name), reading)
    : await selectFromPylock(parsePylock(text, place.name), reading);
  const isOwn = ({ source }: Candidate): boolean =>
    source?.kind === 'folder' && ownFolders.includes(resolve(place.directory, source.location));
  const others = candidates.filter((candidate) => !isOwn(candidate));
  return { pins: choosePins(others, target, place.name), project, provided: left.toSorted() };
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new HdfsVenvError({
      code: 'RESOLVE_LOCK_READ',
      exit: 'permission',
      message: `Cannot read the lock ${JSON.stringify(basename(path))}: ${error instanceof Error ? error.message : ''}`,
      cause: error,
    });
  });
}
