import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrno } from '../../errors/system-error.ts';
import type { ChangedDirectories } from './durable.ts';
import { notADirectory, parentMissing, takesNoDirectory, unlessMissing } from './local-errors.ts';

/**
 * Makes one directory; one that exists stays as it is.
 *
 * @param shown the place as the user would write it, for messages
 * @returns whether it was made
 * @throws STORE_PARENT_MISSING; STORE_NOT_A_DIRECTORY when something else has the name; STORE_PERMISSION where the parent
 * is there and the system says all the same that it is not, as below /proc and in the directories of an automounter; other
 * errors of the operating system as they come
 */
export async function makeOne(place: string, shown: string, mode = 0o777): Promise<boolean> {
  try {
    await mkdir(place, mode);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) {
      throw (await isParentMissing(place)) ? parentMissing(shown) : takesNoDirectory(shown, error);
    }
    if (!isErrno(error, 'EEXIST')) throw error;
    if (!(await isDirectory(place))) throw notADirectory(shown);
    return false;
  }
}

/**
 * Makes the directories above a place that are missing, one by one: node's own `recursive` never ends below /proc.
 *
 * @param changed is told of every directory that got an entry
 * @throws as `makeOne`
 */
export async function makeAncestors(place: string, changed: ChangedDirectories): Promise<void> {
  const parent = dirname(place);
  if (parent === place || (await isDirectory(parent))) return;
  await makeAncestors(parent, changed);
  await makeOne(parent, parent);
  // Whoever was faster may be killed before it is on the disk.
  changed.add(dirname(parent));
}

/** Whether nothing stands where the directory of a place should be. */
export async function isParentMissing(place: string): Promise<boolean> {
  return (await unlessMissing(() => stat(dirname(place)), undefined)) === undefined;
}

async function isDirectory(place: string): Promise<boolean> {
  return (await unlessMissing(() => stat(place), undefined))?.isDirectory() === true;
}
