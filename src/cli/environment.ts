import { userInfo } from 'node:os';
import { join } from 'node:path';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

/**
 * Downloads that several builds share: `HDFS_VENV_CACHE`, else `$XDG_CACHE_HOME/hdfs-venv`, else `~/.cache/hdfs-venv`.
 * @throws HdfsVenvError `CLI_HOME` (usage) when nobody knows a home directory
 */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  const given = nonEmpty(env['HDFS_VENV_CACHE']);
  if (given !== undefined) return given;
  const base = nonEmpty(env['XDG_CACHE_HOME']) ?? join(homeDirectory(env), '.cache');
  return join(base, 'hdfs-venv');
}

/** Who a simple-authentication cluster takes us for: the flag, else HADOOP_USER_NAME, else the user of this machine. */
export function hadoopUser(flag: string | undefined, env: NodeJS.ProcessEnv): string {
  return flag ?? nonEmpty(env['HADOOP_USER_NAME']) ?? userInfo().username;
}

function homeDirectory(env: NodeJS.ProcessEnv): string {
  try {
    return nonEmpty(env['HOME']) ?? userInfo().homedir;
  } catch (cause) {
    throw new HdfsVenvError({
      code: 'CLI_HOME',
      exit: 'usage',
      message: 'Cannot tell where the cache is: HOME is not set, and the system does not know this user',
      hints: ['Set HDFS_VENV_CACHE to a directory that you may write to.'],
      cause,
    });
  }
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
