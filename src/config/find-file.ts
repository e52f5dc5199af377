import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { isErrno } from '../errors/system-error.ts';
import { configError } from './config-error.ts';
import { shortPath } from './origin.ts';
import { parseSettingsFile, type Table } from './settings-file.ts';

export const PROJECT_FILE = 'hdfs-venv.toml';
const PYPROJECT = 'pyproject.toml';

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly isPyproject: boolean;
  readonly source: string;
  readonly table: Table;
}

/**
 * The nearest `hdfs-venv.toml`, or `pyproject.toml` with a table `[tool.hdfs-venv]`, in the working directory or one above it. Only that
 * one counts: nothing is merged with what stands further up.
 *
 * @throws HdfsVenvError `CONFIG_TWO_FILES` (usage) when a directory has both; `CONFIG_TOML` (usage), `CONFIG_NOT_READABLE`
 */
export async function findProjectFile(workingDirectory: string): Promise<FoundFile | undefined> {
  for (let directory = resolve(workingDirectory); ; directory = dirname(directory)) {
    const [own, pyproject] = [
      await readSettings(join(directory, PROJECT_FILE), false, workingDirectory),
      await readSettings(join(directory, PYPROJECT), true, workingDirectory),
    ];
    if (own !== undefined && pyproject !== undefined) {
      throw configError(
        'CONFIG_TWO_FILES',
        shortPath(own.path, workingDirectory),
        `${shortPath(pyproject.path, workingDirectory)} beside it has a table [tool.hdfs-venv] as well`,
        ['Keep the settings in one of them.'],
      );
    }
    const found = own ?? pyproject;
    if (found !== undefined || directory === dirname(directory)) return found;
  }
}

/**
 * The file for all projects of a user: `$XDG_CONFIG_HOME/hdfs-venv/config.toml`, else `~/.config/hdfs-venv/config.toml`.
 *
 * @throws HdfsVenvError `CONFIG_TOML` (usage), `CONFIG_NOT_READABLE`
 */
export async function findUserFile(env: NodeJS.ProcessEnv, workingDirectory: string): Promise<FoundFile | undefined> {
  const { XDG_CONFIG_HOME: base = '', HOME: home = '' } = env;
  if (base === '' && home === '') return undefined;
  const directory = base === '' ? join(home, '.config') : base;
  return readSettings(join(directory, 'hdfs-venv', 'config.toml'), false, workingDirectory);
}

async function readSettings(
  path: string,
  isPyproject: boolean,
  workingDirectory: string,
): Promise<FoundFile | undefined> {
  const shown = shortPath(path, workingDirectory);
  let source: string;
  try {
    source = await readFile(path, 'utf8');
  } catch (cause) {
    if (isErrno(cause, 'ENOENT', 'ENOTDIR') || (isPyproject && isErrno(cause, 'EACCES', 'EISDIR'))) return undefined;
    throw notReadable(shown, cause);
  }
  // most are about other tools, and whether those are right is not ours to say
  if (isPyproject && !source.includes('hdfs-venv')) return undefined;
  const table = parseSettingsFile(source, isPyproject, shown);
  return table === undefined ? undefined : { path, isPyproject, source, table };
}

function notReadable(shown: string, cause: unknown): HdfsVenvError {
  return new HdfsVenvError({
    code: 'CONFIG_NOT_READABLE',
    exit: isErrno(cause, 'EACCES', 'EPERM') ? 'permission' : 'usage',
    message: `Cannot read the configuration ${shown}: ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  });
}
