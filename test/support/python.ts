import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { cacheDirectory } from './cache.ts';
import { runSuccessfully } from './daemon.ts';
import { downloadOnce } from './download.ts';

interface Interpreter {
  readonly path: string;
  readonly major: number;
  readonly minor: number;
  readonly hasPip: boolean;
}

const PROBE = `
import sys
try:
    import pip
    has_pip = 1
except ImportError:
    has_pip = 0
print("%d %d %d" % (sys.version_info[0], sys.version_info[1], has_pip))
print(sys.executable)
`;

const probed = new Map<string, Interpreter | undefined>();

/** Runs `command` and asks who it is: a name on PATH may be a shim for a Python that is not there. */
function probe(command: string): Interpreter | undefined {
  if (!probed.has(command)) {
    const result = execaSync(command, ['-W', 'ignore', '-c', PROBE], { reject: false, timeout: 30_000 });
    const [numbers = '', path = ''] = (result.exitCode === 0 ? result.stdout : '').split(/\r?\n/);
    const [major, minor, pip] = numbers.split(' ').map(Number);
    const known = major !== undefined && minor !== undefined && path !== '';
    probed.set(command, known ? { path, major, minor, hasPip: pip === 1 } : undefined);
  }
  return probed.get(command);
}

/** Every place where a Python X.Y may be, the most explicit first. */
function candidates(version: string): string[] {
  const roots = [process.env['PYENV_ROOT'], pyenvRoot()].filter((root) => root !== undefined);
  return [
    `python${version}`,
    ...new Set(
      roots.flatMap((root) =>
        pyenvVersions(root, version).map((name) => join(root, 'versions', name, 'bin', 'python')),
      ),
    ),
  ];
}

function pyenvRoot(): string | undefined {
  const result = execaSync('pyenv', ['root'], { reject: false, timeout: 30_000 });
  return result.exitCode === 0 && result.stdout !== '' ? result.stdout : undefined;
}

/** `3.7` → `3.7.16`, `3.7.9`: the newest patch release first. */
function pyenvVersions(root: string, version: string): string[] {
  const directory = join(root, 'versions');
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => new RegExp(`^${version.replace('.', '\\.')}\\.\\d+$`).test(name))
    .sort((left, right) => right.localeCompare(left, 'en', { numeric: true }));
}

/** The interpreter of `version` (`2.7`, `3.11`) on this machine: PATH, `$PYENV_ROOT`, `pyenv root`. It has been run. */
export function findPython(version: string): string | undefined {
  const [major, minor] = version.split('.').map(Number);
  for (const command of candidates(version)) {
    const found = probe(command);
    if (found !== undefined && found.major === major && found.minor === minor) return found.path;
  }
  return undefined;
}

/**
 * A Python that can run pip and the project's own helpers: 3.8 or newer with pip.
 * @throws Error when the machine has none; says what to install.
 */
export function hostPython(): string {
  const newestFirst = ['3.13', '3.12', '3.11', '3.10', '3.9', '3.8'];
  for (const command of ['python3', ...newestFirst.flatMap(candidates)]) {
    const found = probe(command);
    if (found !== undefined && found.major === 3 && found.minor >= 8 && found.hasPip) return found.path;
  }
  throw new Error('Cannot find a Python 3.8 or newer with pip on PATH or under pyenv: install python3 and python3-pip');
}

/**
 * Makes a bare virtual environment in `directory`: the standard library and nothing else, so that an import which works in
 * it works because of what was put there. Python 2.7 gets one from virtualenv 20.21.1, the last that knows it.
 * @returns the environment's interpreter
 */
export async function makeVirtualenv(python: string, directory: string): Promise<string> {
  const found = probe(python);
  if (found === undefined) throw new Error(`Cannot run ${python}`);
  if (found.major >= 3) {
    const args = ['-m', 'venv', '--without-pip', directory];
    await runSuccessfully({ command: found.path, args, env: process.env, timeout: 300_000 });
  } else {
    const bare = ['--no-pip', '--no-setuptools', '--no-wheel', '--no-periodic-update'];
    await runSuccessfully({
      command: hostPython(),
      args: ['-m', 'virtualenv', ...bare, '--python', found.path, directory],
      env: { ...process.env, PYTHONPATH: await pipInstalled('virtualenv', '20.21.1') },
      timeout: 300_000,
    });
  }
  return join(directory, 'bin', 'python');
}

/**
 * A distribution from the package index with what it depends on, in a directory of the cache: for PYTHONPATH, never
 * part of any environment. The host's pip finds it through its own index settings.
 */
export function pipInstalled(name: string, version: string): Promise<string> {
  return downloadOnce(join(cacheDirectory('pip'), `${name}-${version}`), async (into) => {
    const options = ['--quiet', '--disable-pip-version-check', '--target', into];
    await runPip(['install', ...options, `${name}==${version}`]);
  });
}

/** Runs the host's pip, with its own index settings. @throws Error with the end of its output when it fails */
export async function runPip(args: readonly string[]): Promise<void> {
  await runSuccessfully({
    command: hostPython(),
    args: ['-m', 'pip', ...args],
    env: process.env,
    timeout: 600_000,
  });
}
