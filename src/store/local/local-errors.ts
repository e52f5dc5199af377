import { HdfsVenvError, type ErrorFields } from '../../errors/hdfs-venv-error.ts';

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

/** The errno of a failed call (`ENOENT`), `undefined` for anything else. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * What the user is told when the operating system refuses. Errors that are already for users pass through.
 * @param doing `write /srv/env/a.py`
 */
export function localError(doing: string, error: unknown): HdfsVenvError {
  if (error instanceof HdfsVenvError) return error;
  const errno = errnoOf(error);
  const known = errno === undefined ? undefined : CASES[errno];
  const reason = known?.reason ?? (error instanceof Error ? error.message : String(error));
  return new HdfsVenvError({
    code: known?.code ?? 'STORE_LOCAL_IO',
    exit: known?.exit ?? 'other',
    message: `Cannot ${doing}: ${reason}${known === undefined ? '' : ` (${errno})`}.`,
    ...(known?.hints === undefined ? {} : { hints: known.hints }),
    cause: error,
  });
}

/** Runs a call of the operating system and says what it was about when it fails. */
export async function explaining<Result>(doing: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw localError(doing, error);
  }
}

/** Runs a call of the operating system; the value `otherwise` when nothing is there. */
export async function unlessMissing<Result, Otherwise>(
  work: () => Promise<Result>,
  otherwise: Otherwise,
): Promise<Result | Otherwise> {
  try {
    return await work();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return otherwise;
    throw error;
  }
}
