import { join } from 'node:path';
import { type RunResult, runToCompletion } from '../support/daemon.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { copyVirtualenv, type NativePython, nativeEnvironment } from './native-python.ts';
import { type RequirementSet, writeRequirements } from './requirement-set.ts';

/**
 * Asks the target's own Python whether wheels are all that the set needs: they are installed as they are into a fresh virtual
 * environment, `pip check` looks at every requirement of every wheel, and then pip is asked for the set with no index to
 * look at, which counts extras as well.
 * @param wheels absolute paths
 * @returns what is missing, in pip's words; null when nothing is
 */
export async function proveComplete(
  python: NativePython,
  set: RequirementSet,
  wheels: readonly string[],
): Promise<string | null> {
  const scratch = scratchDirectory('complete');
  try {
    const executable = copyVirtualenv(python, join(scratch.path, 'venv'));
    const pip = (...args: readonly string[]): Promise<RunResult> =>
      runToCompletion({
        command: executable,
        args: ['-m', 'pip', ...args],
        env: { ...nativeEnvironment(), PIP_CONFIG_FILE: '/dev/null', PIP_FIND_LINKS: '', PIP_NO_INDEX: '1' },
        cwd: scratch.path,
        timeout: 600_000,
      });
    const requirements = writeRequirements(set, scratch.path);
    for (const step of [
      ['install', '--quiet', '--no-compile', '--no-deps', ...wheels],
      ['check'],
      ['install', '--quiet', '-r', requirements],
    ]) {
      const { exitCode, stdout, stderr } = await pip(...step);
      if (exitCode !== 0) return `pip ${step[0]}: ${`${stdout}\n${stderr}`.trim().slice(-2000)}`;
    }
    return null;
  } finally {
    scratch.remove();
  }
}
