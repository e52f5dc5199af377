import { explainSystemError } from '../errors/system-error.ts';

/** What a user is told when the disk of `directory` refuses: the codes of `explainSystemError` for `ENV`. */
export function explainWriteError(error: unknown, directory: string): unknown {
  return explainSystemError(error, {
    room: 'ENV',
    problem: `Cannot write the environment to ${directory}`,
    elsewhere: 'Build in another directory with -o.',
  });
}
