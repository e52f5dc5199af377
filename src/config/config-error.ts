import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

/** @param where `hdfs-venv.toml:7` or `HDFS_VENV_LAYOUT` */
export function configError(
  code: string,
  where: string,
  problem: string,
  hints: readonly string[] = [],
  cause?: unknown,
): HdfsVenvError {
  return new HdfsVenvError({ code, exit: 'usage', message: `Cannot use ${where}: ${problem}`, hints, cause });
}
