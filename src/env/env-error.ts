import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

/** Wheels that are fine each, but cannot be one environment: exit code `conflict`. */
export function conflictError(code: `ENV_${string}`, problem: string, hints: readonly string[] = []): HdfsVenvError {
  return new HdfsVenvError({ code, exit: 'conflict', message: `Cannot build the environment: ${problem}`, hints });
}
