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

/**
 * Who a simple-authentication cluster takes us for: the flag, else HADOOP_USER_NAME, else the user of this machine.
 * @throws HdfsVenvError `CLI_USER` (usage) when that has no name, as in a container with a user number of its own
 */
export function hadoopUser(flag: string | undefined, env: NodeJS.ProcessEnv): string {
  const name = userName(flag, env);
  if (name !== undefined) return name;
  throw new HdfsVenvError({
    code: 'CLI_USER',
    exit: 'usage',
    message: `Cannot tell who you are: this system has no name for the user ${userNumber()}`,
    hints: ['Give --user NAME, or set HADOOP_USER_NAME.'],
  });
}

/** Who is named as publisher where nobody has to log in: as `hadoopUser`, else the user's number. */
export function localUser(flag: string | undefined, env: NodeJS.ProcessEnv): string {
  return userName(flag, env) ?? userNumber();
}

function userName(flag: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const given = flag ?? nonEmpty(env['HADOOP_USER_NAME']);
  if (given !== undefined) return given;
  try {
    return userInfo().username;
  } catch {
    // the one reason: the number has no entry in passwd
    return undefined;
  }
}

function userNumber(): string {
  return String(process.getuid?.() ?? 'unknown');
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
