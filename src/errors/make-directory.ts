import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isErrno } from './system-error.ts';

/**
 * Makes a directory and those above it that are missing. Node's own `recursive` never ends where a parent is there and
 * mkdir says all the same that it is not, as below /proc.
 *
 * @throws errors of the file system as they come
 */
export function makeDirectory(path: string, mode = 0o777): void {
  if (isDirectory(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectory(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // somebody else was faster
    if (!isErrno(error, 'EEXIST') || !isDirectory(path)) throw error;
  }
}

/** The path itself, or the nearest one above it that is there. */
export function nearestExisting(path: string): string {
  const parent = dirname(path);
  return isThere(path) || parent === path ? path : nearestExisting(parent);
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (isErrno(error, 'ENOTDIR')) return false;
    throw error;
  }
}

function isDirectory(path: string): boolean {
  return isThere(path) && statSync(path).isDirectory();
}
