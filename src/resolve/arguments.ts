import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve, sep } from 'node:path';
import { parse } from 'smol-toml';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../errors/mask-secrets.ts';
import { isReadableLockName } from './lock/lock-name.ts';
import { isFile } from './pip/local-files.ts';

const SDIST_NAME = /\.(?:tar\.(?:gz|bz2|xz)|tgz|zip)$/;

/** What one argument of `build` turned out to be. Paths are absolute, `given` is as typed. */
export type Argument =
  /** For pip: `pandas==2.2.3`, `risk @ https://…/risk-1.0-py3-none-any.whl`, `./risk-1.0.tar.gz`. */
  | { readonly kind: 'requirement'; readonly given: string }
  | { readonly kind: 'requirements-file'; readonly given: string; readonly path: string }
  /** A `pyproject.toml`: the dependencies that it names, not the project itself. */
  | { readonly kind: 'pyproject'; readonly given: string; readonly path: string; readonly extras: readonly string[] }
  /** `uv.lock`, `pylock.toml` or `pylock.<name>.toml`. */
  | { readonly kind: 'lock'; readonly given: string; readonly path: string; readonly extras: readonly string[] }
  | { readonly kind: 'wheel'; readonly given: string; readonly path: string; readonly extras: readonly string[] }
  /** A folder with pyproject.toml or setup.py. */
  | { readonly kind: 'project'; readonly given: string; readonly path: string; readonly extras: readonly string[] }
  /** A folder with `__init__.py`. */
  | { readonly kind: 'package'; readonly given: string; readonly path: string }
  /** A `.py` file. */
  | { readonly kind: 'module'; readonly given: string; readonly path: string };

/**
 * Tells requirements from paths. An argument is a path when it contains a separator, begins with `.`, ends in `.py`,
 * `.whl`, `.txt`, `.toml` or as a source distribution does, or is `uv.lock`; a bare word is the name of a package, as for pip. Where one's own code or a requirements file has that name it
 * is refused: a stranger's package of the same name must not come in its place. A `.txt` file is a requirements file. `[extras]` may follow
 * all that has extras: a project folder, a wheel, a pyproject.toml, a lock.
 *
 * @throws HdfsVenvError `RESOLVE_PATH_MISSING`, `RESOLVE_PATH_KIND` (usage) for a path that is not there or nothing of all this;
 * `RESOLVE_ARGUMENT` (usage) for an option in the place of a requirement; `RESOLVE_AMBIGUOUS` (usage) for a bare word that is
 * also a file or a folder of code
 */
export async function readArgument(given: string, workingDirectory: string): Promise<Argument> {
  if (given.trim() === '' || given.startsWith('-')) {
    throw new HdfsVenvError({
      code: 'RESOLVE_ARGUMENT',
      exit: 'usage',
      message: `Cannot understand the argument ${JSON.stringify(maskSecrets(given))}: expected a requirement or a path`,
      hints: ["pip's options belong in a requirements file, or in pip's own settings (PIP_INDEX_URL, pip.conf)."],
    });
  }
  if (!looksLikePath(given)) {
    await refuseAmbiguous(given, workingDirectory);
    return { kind: 'requirement', given };
  }
  const [, name = given, list] = /^(.*?)(?:\[([A-Za-z0-9._, -]+)\])?$/.exec(given) ?? [];
  const extras = list === undefined ? [] : list.split(',').map((extra) => extra.trim());
  const path = isAbsolute(name) ? name : join(workingDirectory, name);
  const status = await stat(path).catch(() => undefined);
  if (status === undefined) throw pathError('RESOLVE_PATH_MISSING', given, 'there is no such file or folder');
  if (status.isDirectory()) return readFolder(given, resolve(path), extras);
  if (name.endsWith('.whl')) return { kind: 'wheel', given, path, extras };
  if (name.endsWith('.py')) return { kind: 'module', given, path };
  if (name.endsWith('.txt')) return { kind: 'requirements-file', given, path };
  // pip reads its name from the file, and --build must allow it
  if (SDIST_NAME.test(name)) return { kind: 'requirement', given };
  if (basename(path) === 'pyproject.toml') return { kind: 'pyproject', given, path, extras };
  if (isReadableLockName(basename(path))) return { kind: 'lock', given, path, extras };
  throw pathError(
    'RESOLVE_PATH_KIND',
    given,
    'expected a folder, a .whl, .py, .txt or .tar.gz file, pyproject.toml, uv.lock or pylock.toml',
  );
}

/** What stands for an open file: pip, a process of its own, finds another one under that name. */
const OF_THIS_PROCESS = /^\/(?:dev|proc\/[^/]+)\/(?:fd\/|std)/;

/**
 * Checks a value of `-r`: a file, or an address that pip itself reads.
 *
 * @throws HdfsVenvError `RESOLVE_PATH_MISSING`, `RESOLVE_PATH_KIND` (usage) when the file is not there, a folder, or
 * none that can be read again (a pipe, standard input);
 * `RESOLVE_REQUIREMENTS_FILE` (usage) when it is no text in UTF-8, (permission) when it cannot be read
 */
export async function checkRequirementsFile(given: string, workingDirectory: string): Promise<void> {
  if (/^(?:https?|file):/i.test(given)) return;
  const status = await stat(resolve(workingDirectory, given)).catch(() => undefined);
  if (status === undefined) throw pathError('RESOLVE_PATH_MISSING', given, 'there is no such requirements file');
  if (status.isDirectory()) throw pathError('RESOLVE_PATH_KIND', given, 'expected a requirements file, it is a folder');
  if (!status.isFile() || OF_THIS_PROCESS.test(given)) {
    throw new HdfsVenvError({
      code: 'RESOLVE_PATH_KIND',
      exit: 'usage',
      message: `Cannot use ${JSON.stringify(given)}: expected a requirements file, it is a pipe or a device`,
      hints: ['Write it to a file first: it is read more than once, and by pip as well.'],
    });
  }
  const problem = problemOfText(await readRequirementsFile(given, workingDirectory));
  if (problem === undefined) return;
  throw new HdfsVenvError({
    code: 'RESOLVE_REQUIREMENTS_FILE',
    exit: 'usage',
    message: `Cannot read the requirements file ${JSON.stringify(given)}: it is ${problem}`,
    hints: ['Save it as UTF-8 text.'],
  });
}

async function readRequirementsFile(given: string, workingDirectory: string): Promise<Buffer> {
  return readFile(resolve(workingDirectory, given)).catch((error: unknown) => {
    throw new HdfsVenvError({
      code: 'RESOLVE_REQUIREMENTS_FILE',
      exit: 'permission',
      message: `Cannot read the requirements file ${JSON.stringify(given)}: ${error instanceof Error ? error.message : ''}`,
      cause: error,
    });
  });
}

/** pip reads UTF-8, but also what begins with a byte order mark or names its encoding as Python files do (PEP 263). */
function problemOfText(bytes: Buffer): string | undefined {
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return undefined;
  if (bytes.includes(0)) return 'not a text file';
  if (/^(?:.*\r?\n)?#.*coding[:=]/.test(bytes.toString('latin1'))) return undefined;
  return isUtf8(bytes) ? undefined : 'not in UTF-8';
}

async function refuseAmbiguous(given: string, workingDirectory: string): Promise<void> {
  const [, name] = /^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?$/.exec(given.trim()) ?? [];
  if (name === undefined) return;
  const path = join(workingDirectory, name);
  const holds = await Promise.all(
    ['__init__.py', 'pyproject.toml', 'setup.py'].map((file) => isFile(join(path, file))),
  );
  const isCode = holds.includes(true);
  if (!isCode && !(name.includes('.') && (await isFile(path)))) return;
  throw new HdfsVenvError({
    code: 'RESOLVE_AMBIGUOUS',
    exit: 'usage',
    message: `Cannot tell what ${JSON.stringify(given)} is: a package, or the ${isCode ? 'folder' : 'file'} of that name here`,
    hints: [
      isCode ? `Write ./${given} for your own code.` : `Write -r ${name} for a requirements file.`,
      `Write '${given}>=0' for the package.`,
    ],
  });
}

/** Whether an argument is a path rather than a requirement; see `readArgument`. */
export function looksLikePath(given: string): boolean {
  // "name @ https://…", "https://…", "git+ssh://…": a separator that belongs to an address
  if (/^[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*@/.test(given) || /^[a-z][a-z0-9+.-]*:\/\//i.test(given)) return false;
  const [specifier = ''] = given.split(';');
  const [name = ''] = specifier.split('[');
  return (
    specifier.includes('/') ||
    specifier.includes(sep) ||
    given.startsWith('.') ||
    /\.(?:py|whl|txt|toml)$/.test(name) ||
    SDIST_NAME.test(name) ||
    name === 'uv.lock'
  );
}

async function readFolder(given: string, path: string, extras: readonly string[]): Promise<Argument> {
  if ((await isFile(join(path, 'setup.py'))) || (await isProject(join(path, 'pyproject.toml'), given))) {
    return { kind: 'project', given, path, extras };
  }
  if (await isFile(join(path, '__init__.py'))) return { kind: 'package', given, path };
  throw pathError(
    'RESOLVE_PATH_KIND',
    given,
    'the folder has no pyproject.toml with [project] or [build-system], no setup.py and no __init__.py',
  );
}

/** A pyproject.toml that only configures tools does not make a project. */
async function isProject(path: string, given: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  try {
    const table = parse(text);
    return 'project' in table || 'build-system' in table;
  } catch (error) {
    const line = error instanceof Error ? error.message.split('\n')[0] : '';
    throw pathError('RESOLVE_PATH_KIND', given, `its pyproject.toml is not valid TOML: ${line}`);
  }
}

function pathError(code: string, given: string, problem: string): HdfsVenvError {
  return new HdfsVenvError({ code, exit: 'usage', message: `Cannot use ${JSON.stringify(given)}: ${problem}` });
}
