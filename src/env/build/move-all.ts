import { renameSync } from 'node:fs';
import { isErrno } from '../../errors/system-error.ts';

/** One rename within one file system. */
export interface Move {
  readonly from: string;
  readonly to: string;
  /** Nothing to do when `from` is not there. */
  readonly optional?: boolean;
}

/** A rename failed, and those before it could not all be undone: what they moved away is still where they moved it. */
export class IncompleteUndoError extends Error {
  /** @param cause the error of the file system that stopped the way forward */
  constructor(cause: unknown) {
    super('what was moved could not be moved back', { cause });
    this.name = 'IncompleteUndoError';
  }
}

/**
 * Renames in the order given. When one fails, those before it are undone, the last first, so that only states are seen
 * that the way forward has as well.
 *
 * @throws the error of the file system that stopped it; IncompleteUndoError when the disk refuses the way back, too
 */
export function moveAll(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) if (rename(move)) done.push(move);
  } catch (error) {
    if (!isUndone(done)) throw new IncompleteUndoError(error);
    throw error;
  }
}

function rename({ from, to, optional = false }: Move): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (optional && isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

function isUndone(done: readonly Move[]): boolean {
  try {
    for (const { from, to } of done.toReversed()) renameSync(to, from);
    return true;
  } catch {
    return false;
  }
}
