import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

/** Whether an error is one of the operating system with one of these names (`ENOENT`). */
export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/**
 * What a user is told when the local disk refuses: `ENV_DISK_FULL` (conflict), `ENV_PERMISSION` (permission), else
 * `ENV_WRITE` (other). Errors that are for the user already, and those of our own making, are handed back as they are.
 */
export function explainSystemError(error: unknown, directory: string): unknown {
  if (!(error instanceof Error) || error instanceof HdfsVenvError || !('syscall' in error)) return error;
  const message = `Cannot write the environment to ${directory}: ${error.message}`;
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) {
    const hints = ['Free some space, or build on another disk with -o.'];
    return new HdfsVenvError({ code: 'ENV_DISK_FULL', exit: 'conflict', message, hints, cause: error });
  }
  if (isErrno(error, 'EACCES', 'EPERM', 'EROFS')) {
    const hints = ['Build in a directory that you may write to.'];
    return new HdfsVenvError({ code: 'ENV_PERMISSION', exit: 'permission', message, hints, cause: error });
  }
  return new HdfsVenvError({ code: 'ENV_WRITE', exit: 'other', message, cause: error });
}
