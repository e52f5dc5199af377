import { renameSync } from 'node:fs';
import { isErrno } from '../errors/system-error.ts';

/** One rename within one file system. */
export interface Move {
  readonly from: string;
  readonly to: string;
  /** Nothing to do when `from` is not there. */
  readonly optional?: boolean;
}

/**
 * Renames in the order given. When one fails, those before it are undone, the last first, so that only states are seen
 * that the way forward has as well. A disk that refuses that too stops the undoing where it stands.
 *
 * @throws the error of the file system that stopped it
 */
export function moveAll(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) if (rename(move)) done.push(move);
  } catch (error) {
    undo(done);
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

function undo(done: readonly Move[]): void {
  try {
    for (const { from, to } of done.toReversed()) renameSync(to, from);
  } catch {
    // what stopped the way forward is what the user is to hear of
  }
}
