import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Downloads that several builds share: `HDFS_VENV_CACHE`, else `$XDG_CACHE_HOME/hdfs-venv`, else `~/.cache/hdfs-venv`. */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  const base = nonEmpty(env['XDG_CACHE_HOME']) ?? join(homedir(), '.cache');
  return nonEmpty(env['HDFS_VENV_CACHE']) ?? join(base, 'hdfs-venv');
}

/** Who a simple-authentication cluster takes us for: the flag, else HADOOP_USER_NAME, else the user of this machine. */
export function hadoopUser(flag: string | undefined, env: NodeJS.ProcessEnv): string {
  return flag ?? nonEmpty(env['HADOOP_USER_NAME']) ?? userInfo().username;
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
