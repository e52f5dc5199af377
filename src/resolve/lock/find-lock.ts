import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Target } from '../../target/target.ts';
import { targetDigest } from '../demand.ts';
import { isLockName, pylockName } from './lock-name.ts';
import { lockToolOf } from './save-lock.ts';

export interface LockChoice {
  /** Absolute. */
  readonly path: string;
  /** One that is missing or does not fit is an error, not a reason to resolve anew. */
  readonly isRequired: boolean;
  /** It has not the name that the target's lock usually has: when it does not fit, it is for something else, and nothing is said. */
  readonly isGuess?: boolean;
}

/**
 * The lock that a build uses unless it is told: the one of the target's name, else one beside it that was made for the same tags and
 * markers under another name (`--glibc 2.17` is rhel7, too).
 */
export async function findLock(directory: string, target: Target, isRequired: boolean): Promise<LockChoice> {
  const usual = join(directory, pylockName(target));
  const names = await readdir(directory).catch((): string[] => []);
  if (names.includes(basename(usual))) return { path: usual, isRequired };
  const wanted = targetDigest(target);
  for (const name of names.filter((one) => isLockName(one)).toSorted()) {
    const text = await readFile(join(directory, name), 'utf8').catch(() => '');
    // the table is read only where the digest stands
    if (text.includes(wanted) && lockToolOf(text, name)?.target.digest === wanted) {
      return { path: join(directory, name), isRequired, isGuess: true };
    }
  }
  return { path: usual, isRequired };
}
