import { HdfsVenvError } from './hdfs-venv-error.ts';

/** What was to be written, and where else the user can have it written. */
export interface Undertaking {
  /** The room, as codes begin: `ENV`, `RESOLVE`. */
  readonly room: string;
  /** `Cannot write the environment to build/risk` */
  readonly problem: string;
  /** `Build in another directory with -o.` */
  readonly elsewhere: string;
}

/** Whether an error is one of the operating system with one of these names (`ENOENT`). */
export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** Whether an error comes from a call to the operating system, which a user can do something about. */
export function isSystemError(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof HdfsVenvError) && 'syscall' in error;
}

/**
 * What a user is told when the local disk refuses: `<room>_DISK_FULL` (conflict), `<room>_PERMISSION` (permission), `<room>_PATH`
 * (conflict) when a file is where a directory should be, else `<room>_WRITE` (other). Errors that are for the user already, and
 * those of our own making, are handed back as they are.
 */
export function explainSystemError(error: unknown, { room, problem, elsewhere }: Undertaking): unknown {
  if (!isSystemError(error)) return error;
  const fields = { message: `${problem}: ${error.message}`, hints: [elsewhere], cause: error };
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) {
    const hints = [`Free some space. ${elsewhere}`];
    return new HdfsVenvError({ ...fields, code: `${room}_DISK_FULL`, exit: 'conflict', hints });
  }
  // /proc and automounters say of a new directory that it is not there
  const isRefused = isErrno(error, 'ENOENT') && /\bmk(?:dir|dtemp) /.test(error.message);
  if (isRefused || isErrno(error, 'EACCES', 'EPERM', 'EROFS')) {
    return new HdfsVenvError({ ...fields, code: `${room}_PERMISSION`, exit: 'permission' });
  }
  if (isErrno(error, 'ENOTDIR', 'EISDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG')) {
    return new HdfsVenvError({ ...fields, code: `${room}_PATH`, exit: 'conflict' });
  }
  return new HdfsVenvError({ ...fields, code: `${room}_WRITE`, exit: 'other' });
}
