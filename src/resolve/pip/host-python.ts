import { execa } from 'execa';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';

/** The interpreter of this machine that runs pip; the target's Python is never started. */
export interface HostPython {
  /** Absolute path of the interpreter itself, not of a link or a shim. */
  readonly path: string;
  readonly major: number;
  readonly minor: number;
}

/** pip 25.0.1, the oldest that we drive for targets from Python 3.8 on, asks for it. */
export const OLDEST_MINOR = 8;

const USUAL_NAMES = ['python3', 'python'];
/** Where `python3` is an old one: of the system, or because pyenv takes the cluster's version out of `.python-version`. */
const FULL_NAMES = [14, 13, 12, 11, 10, 9, 8].map((minor) => `python3.${minor}`);

/**
 * Finds a Python 3.8 or later: `given`, else `HDFS_VENV_PYTHON`, else `python3`, `python`, `python3.14` … `python3.8` on PATH. One
 * that is named and does not fit is an error, never silently replaced by another.
 *
 * @throws HdfsVenvError `RESOLVE_HOST_PYTHON` (usage) with what was found instead
 */
export async function findHostPython(given: string | undefined, environment = process.env): Promise<HostPython> {
  const named = given ?? environment['HDFS_VENV_PYTHON'];
  const candidates = named === undefined || named === '' ? [...USUAL_NAMES, ...FULL_NAMES] : [named];
  const found: string[] = [];
  for (const candidate of candidates) {
    const python = await probe(candidate, environment);
    if (typeof python === 'object' && python.major === 3 && python.minor >= OLDEST_MINOR) return python;
    if (FULL_NAMES.includes(candidate)) continue;
    found.push(
      typeof python === 'object' ? `${candidate} is Python ${python.major}.${python.minor}` : `${candidate} ${python}`,
    );
  }
  throw new HdfsVenvError({
    code: 'RESOLVE_HOST_PYTHON',
    exit: 'usage',
    message: `Cannot run pip on this machine: expected Python 3.${OLDEST_MINOR} or later, but ${found.join(', ')}`,
    hints: ['Set HDFS_VENV_PYTHON to such an interpreter; it need not be the Python of the cluster.'],
  });
}

async function probe(command: string, env: NodeJS.ProcessEnv): Promise<HostPython | string> {
  // understood by Python 2 as well, so that it can be told what it is
  const program = `import sys; print('%d %d\\n%s' % (sys.version_info[0], sys.version_info[1], sys.executable))`;
  const result = await execa(command, ['-E', '-s', '-c', program], {
    reject: false,
    timeout: 30_000,
    stdin: 'ignore',
    env,
    extendEnv: false,
  });
  const [numbers = '', path = ''] = result.stdout.split(/\r?\n/);
  const [major, minor] = numbers.split(' ').map(Number);
  if (result.exitCode !== 0 || major === undefined || minor === undefined) {
    return result.exitCode === undefined ? 'is not there' : 'does not run';
  }
  return { path, major, minor };
}
