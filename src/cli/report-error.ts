import { EXIT_CODES, HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../errors/mask-secrets.ts';
import type { Output } from './output.ts';

/** Thrown into whatever runs when the user or the system ends the program. */
export class Interruption extends Error {
  constructor(signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}`);
    this.name = 'Interruption';
  }
}

/**
 * Says what went wrong and returns the exit code. Known failures: message and hints. An interruption: what it means.
 * Anything else is a bug, and says so without a stack trace (HDFS_VENV_DEBUG=1 shows it).
 */
export function reportError(error: unknown, output: Output, env: NodeJS.ProcessEnv): number {
  const described = describe(error);
  const { code, exitCode } = described;
  const message = maskSecrets(described.message);
  const hints = described.hints.map(maskSecrets);
  output.note(`error: ${message}`);
  for (const hint of hints) output.note(`hint: ${hint}`);
  if (env['HDFS_VENV_DEBUG'] === '1' && error instanceof Error) output.note(maskSecrets(error.stack ?? ''));
  output.printJson({ error: { code, exitCode, message, hints } });
  return exitCode;
}

function describe(error: unknown): { code: string; exitCode: number; message: string; hints: readonly string[] } {
  if (error instanceof HdfsVenvError) return error;
  if (isInterruption(error)) {
    return {
      code: 'INTERRUPTED',
      exitCode: EXIT_CODES.interrupted,
      message: 'interrupted. What was published before is unchanged.',
      hints: ['Run the same command again: it goes on where this one stopped.'],
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'UNEXPECTED',
    exitCode: EXIT_CODES.other,
    message: `unexpected: ${message.split('\n', 1)[0] ?? ''}`,
    hints: ['This is a bug of hdfs-venv. HDFS_VENV_DEBUG=1 shows where it happened; please report it.'],
  };
}

function isInterruption(error: unknown): boolean {
  return error instanceof Interruption || (error instanceof Error && error.name === 'AbortError');
}
