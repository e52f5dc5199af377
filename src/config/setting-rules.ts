import type { SettingName } from './settings.ts';

/** Settings that are paths; those in a file count from the directory of that file. */
export const PATH_SETTINGS: readonly SettingName[] = [
  'constraint',
  'complete-platform',
  'find-links',
  'pip-wheel',
  'lock',
  'output',
];

/**
 * What a setting takes the place of: whoever says `--glibc 2.17` does not mean the platform in the file as well. Settings of one and
 * the same source do not replace each other; when they contradict, the command says so.
 */
export const REPLACED_BY: Readonly<Partial<Record<SettingName, readonly SettingName[]>>> = {
  python: ['abi', 'complete-platform'],
  platform: ['glibc', 'complete-platform'],
  glibc: ['platform', 'complete-platform'],
  arch: ['complete-platform'],
  abi: ['complete-platform'],
  'complete-platform': ['python', 'platform', 'glibc', 'arch', 'abi'],
  // --no-lock, and a lock that is named and must fit anyway
  lock: ['locked'],
};

/** Names of variables that are not made of the setting's name: `HDFS_VENV_PYTHON` is the interpreter that runs pip. */
const OTHER_VARIABLES: Readonly<Partial<Record<SettingName, string>>> = { python: 'HDFS_VENV_TARGET_PYTHON' };

/** The environment variable that says the same as a setting: `index-url` is `HDFS_VENV_INDEX_URL`. */
export function variableOf(name: SettingName): string {
  return OTHER_VARIABLES[name] ?? `HDFS_VENV_${name.toUpperCase().replaceAll('-', '_')}`;
}
