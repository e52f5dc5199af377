import type { Stats } from 'node:fs';
import { userInfo } from 'node:os';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { FileStatus } from '../store.ts';

/**
 * A status as the port has it. Owner and group are names where they are this process's own user, else numbers.
 * @param shown the place, for messages
 * @throws STORE_NOT_A_FILE for devices, sockets and pipes
 */
export function localStatus(name: string, shown: string, stats: Stats): FileStatus {
  if (!stats.isFile() && !stats.isDirectory()) {
    throw new HdfsVenvError({
      code: 'STORE_NOT_A_FILE',
      exit: 'conflict',
      message: `Cannot use ${shown}: it is neither a file nor a directory.`,
    });
  }
  return {
    name,
    type: stats.isDirectory() ? 'directory' : 'file',
    size: stats.isDirectory() ? 0 : stats.size,
    mode: stats.mode & 0o7777,
    owner: stats.uid === process.getuid?.() ? ownName() : String(stats.uid),
    group: String(stats.gid),
    modifiedAt: Math.floor(stats.mtimeMs),
  };
}

let knownName: string | undefined;

/** This process's user; a container may run under a number that has no name. */
function ownName(): string {
  if (knownName === undefined) {
    try {
      knownName = userInfo().username;
    } catch {
      knownName = String(process.getuid?.());
    }
  }
  return knownName;
}
