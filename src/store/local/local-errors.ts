import { dirname } from 'node:path';
import { HdfsVenvError, type ErrorFields } from '../../errors/hdfs-venv-error.ts';
import { isErrno } from '../../errors/system-error.ts';

type Case = Pick<ErrorFields, 'code' | 'exit' | 'hints'> & { readonly reason: string };

const PERMISSION: Case = {
  code: 'STORE_PERMISSION',
  exit: 'permission',
  reason: 'permission denied',
  hints: ['Ask for write permission there, or choose another directory.'],
};

const NO_SPACE: Case = {
  code: 'STORE_QUOTA',
  exit: 'conflict',
  reason: 'no space left',
  hints: ['Make room, then run the same command again: it sends only what is missing.'],
};

/** What an errno of the operating system means to the user. */
const CASES: Readonly<Record<string, Case>> = {
  EACCES: PERMISSION,
  EPERM: PERMISSION,
  EROFS: { ...PERMISSION, reason: 'the file system is read-only' },
  ENOSPC: NO_SPACE,
  EDQUOT: { ...NO_SPACE, reason: 'the disk quota is used up' },
  ENOENT: { code: 'STORE_NOT_FOUND', exit: 'other', reason: 'nothing is there' },
  ENOTDIR: { code: 'STORE_NOT_A_DIRECTORY', exit: 'conflict', reason: 'a part of the path is a file' },
  EISDIR: { code: 'STORE_NOT_A_FILE', exit: 'conflict', reason: 'it is a directory' },
  ELOOP: { code: 'STORE_LINK_REFUSED', exit: 'conflict', reason: 'it is a symbolic link' },
  ENAMETOOLONG: { code: 'STORE_NAME_REFUSED', exit: 'usage', reason: 'the name is too long for this file system' },
};

/**
 * What the user is told when the operating system refuses. Errors that are already for users pass through.
 * @param doing `write /srv/env/a.py`
 */
export function localError(doing: string, error: unknown): HdfsVenvError {
  if (error instanceof HdfsVenvError) return error;
  const [errno, known] = Object.entries(CASES).find(([name]) => isErrno(error, name)) ?? [];
  const reason = known?.reason ?? (error instanceof Error ? error.message : String(error));
  return new HdfsVenvError({
    code: known?.code ?? 'STORE_LOCAL_IO',
    exit: known?.exit ?? 'other',
    message: `Cannot ${doing}: ${reason}${known === undefined ? '' : ` (${errno})`}.`,
    ...(known?.hints === undefined ? {} : { hints: known.hints }),
    cause: error,
  });
}

/** Runs a call of the operating system; the value `otherwise` when nothing is there. */
export async function unlessMissing<Result, Otherwise>(
  work: () => Promise<Result>,
  otherwise: Otherwise,
): Promise<Result | Otherwise> {
  try {
    return await work();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return otherwise;
    throw error;
  }
}

function conflict(code: string, message: string, hints: readonly string[] = [], cause?: unknown): HdfsVenvError {
  return new HdfsVenvError({ code, exit: 'conflict', message, hints, cause });
}

/** Somebody removed the directory in which something was to be made: STORE_PARENT_MISSING. */
export function parentMissing(place: string): HdfsVenvError {
  return conflict('STORE_PARENT_MISSING', `Cannot write ${place}: the directory ${dirname(place)} does not exist.`, [
    'Somebody else removed or renamed it meanwhile.',
  ]);
}

/** Something else has the name of a directory: STORE_NOT_A_DIRECTORY. */
export function notADirectory(place: string): HdfsVenvError {
  return conflict('STORE_NOT_A_DIRECTORY', `Cannot use ${place} as a directory: a file or a link stands there.`, [
    'Remove it, or choose another directory.',
  ]);
}

/** The parent is there and takes no directory, whoever asks: STORE_PERMISSION. */
export function takesNoDirectory(place: string, cause: unknown): HdfsVenvError {
  const { code, exit, hints } = PERMISSION;
  const message = `Cannot make the directory ${place}: ${dirname(place)} takes no new directories.`;
  return new HdfsVenvError({ code, exit, message, hints: hints ?? [], cause });
}

/** Something else has the name of a file: STORE_NOT_A_FILE. */
export function notAFile(place: string): HdfsVenvError {
  return conflict('STORE_NOT_A_FILE', `Cannot use ${place} as a file: it is a directory or a link.`);
}

/** A file cannot be given a name that nobody has: STORE_NO_HARD_LINKS. */
export function noHardLinks(place: string, cause: unknown): HdfsVenvError {
  return conflict(
    'STORE_NO_HARD_LINKS',
    `Cannot write ${place}: this file system has no hard links, and without them two publishers could replace each other's releases.`,
    ['Choose a directory on another file system.'],
    cause,
  );
}
