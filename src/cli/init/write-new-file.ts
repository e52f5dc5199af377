import { randomUUID } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { explainSystemError, isErrno } from '../../errors/system-error.ts';

/**
 * Writes a file whole or not at all, and never over another one.
 *
 * @throws HdfsVenvError `CONFIG_EXISTS` (conflict); see also `explainSystemError`
 */
export async function writeNewFile(path: string, text: string): Promise<void> {
  const incoming = `${path}.${randomUUID()}`;
  try {
    await writeFile(incoming, text, { flag: 'wx', flush: true });
    // rename() would replace
    await link(incoming, path);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) throw configurationExists(basename(path));
    throw explainSystemError(error, {
      room: 'CONFIG',
      problem: `Cannot write ${path}`,
      elsewhere: 'Run `hdfs-venv init` in a directory that you may write to.',
    });
  } finally {
    await rm(incoming, { force: true });
  }
}

/** Somebody has written one by hand. */
export function configurationExists(shown: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'CONFIG_EXISTS',
    exit: 'conflict',
    message: `Cannot write a configuration: ${shown} is there already`,
    hints: ['Edit it, or remove it first. `hdfs-venv config` shows what it says.'],
  });
}
