import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runProgram } from '../../src/cli/program.ts';

export interface CommandLineResult {
  /** 0, or one of those that `hdfs-venv --help` lists. */
  readonly exitCode: number;
  /** All that was written, as text. */
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one command line in this process, as `dist/cli/main.js` does in one of its own. It is not an error when the exit
 * code is not 0, and nothing is thrown then.
 * @param args the words after `hdfs-venv`
 * @param variables all that the command line sees of the environment, such as `HDFS_VENV_CACHE`: a machine where
 * `HADOOP_USER_NAME` or `HDFS_VENV_PYTHON` is set makes no difference. pip, which it starts, has this process's own.
 * @param signal interrupts it
 */
export async function runCommandLine(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<CommandLineResult> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await runProgram(args, { stdout, stderr, env: { ...variables }, signal });
  stdout.end();
  stderr.end();
  return { exitCode, stdout: await text(stdout), stderr: await text(stderr) };
}
