import { dirname, isAbsolute, join, relative } from 'node:path';
import { checkSettings } from './check-settings.ts';
import { findProjectFile, findUserFile, type FoundFile } from './find-file.ts';
import { describeLine, type Origin, type OriginatedSettings } from './origin.ts';
import { PATH_SETTINGS, REPLACED_BY, variableOf } from './setting-rules.ts';
import { lineOfSetting } from './settings-file.ts';
import { SETTING_NAMES, type SettingName, type Settings } from './settings.ts';
import { settingsOfEnvironment } from './variables.ts';

export interface ConfigurationOptions {
  /** What the command line says, which goes before all else. */
  readonly flags: Settings;
  readonly env: NodeJS.ProcessEnv;
  /** Absolute. */
  readonly workingDirectory: string;
  /** Whether one of `requirements` is a path, and not the name of a package. */
  readonly isPath: (requirement: string) => boolean;
}

export interface Configuration {
  /** Relative paths in it count from the working directory, wherever they were said. */
  readonly settings: Settings;
  readonly origins: OriginatedSettings;
  /** Absolute; the nearest first. */
  readonly files: readonly string[];
  /** The directory of the project's file; the working directory without one. */
  readonly directory: string;
}

interface Source {
  readonly settings: Settings;
  readonly originOf: (name: SettingName) => Origin;
}

/**
 * All settings in force: flags, then environment variables, then the project's file, then the user's.
 *
 * @throws HdfsVenvError `CONFIG_UNKNOWN_KEY`, `CONFIG_TYPE`, `CONFIG_SECRET`, `CONFIG_TOML`, `CONFIG_TWO_FILES`, `CONFIG_VARIABLE` (usage), `CONFIG_NOT_READABLE`
 */
export async function readConfiguration(options: ConfigurationOptions): Promise<Configuration> {
  const { flags, env, workingDirectory, isPath } = options;
  const project = await findProjectFile(workingDirectory);
  const user = await findUserFile(env, workingDirectory);
  const found = [project, user].filter((file) => file !== undefined);
  const sources: Source[] = [
    { settings: flags, originOf: (name) => ({ kind: 'flag', flag: `--${name}` }) },
    { settings: settingsOfEnvironment(env), originOf: (name) => ({ kind: 'variable', variable: variableOf(name) }) },
    ...found.map((file) => sourceOfFile(file, workingDirectory, isPath)),
  ];
  return {
    ...combine(sources),
    files: found.map(({ path }) => path),
    directory: project === undefined ? workingDirectory : dirname(project.path),
  };
}

/** The nearest source that says something decides; a list is never put together from several. */
function combine(sources: readonly Source[]): Pick<Configuration, 'settings' | 'origins'> {
  const settings: Record<string, unknown> = {};
  const origins: Record<string, { value: unknown; origin: Origin }> = {};
  const settled = new Set<SettingName>();
  for (const source of sources) {
    const said = SETTING_NAMES.filter((name) => source.settings[name] !== undefined && !settled.has(name));
    for (const name of said) {
      settings[name] = source.settings[name];
      origins[name] = { value: source.settings[name], origin: source.originOf(name) };
    }
    for (const name of said) for (const one of [name, ...(REPLACED_BY[name] ?? [])]) settled.add(one);
  }
  return { settings, origins };
}

function sourceOfFile(file: FoundFile, workingDirectory: string, isPath: ConfigurationOptions['isPath']): Source {
  const lineOf = (key: string): number | null => lineOfSetting(file.source, key, file.isPyproject);
  const settings = checkSettings(file.table, (key) => describeLine(file.path, lineOf(key), workingDirectory));
  const moved: Record<string, unknown> = { ...settings };
  const base = relative(workingDirectory, dirname(file.path));
  const move = (path: string): string => moveRelativePath(path, base);
  for (const name of PATH_SETTINGS) moved[name] = mapTexts(settings[name], move);
  moved['requirements'] = mapTexts(settings.requirements, (one) => {
    const [, named] = /^-r\s*(.+)$/.exec(one) ?? [];
    if (named !== undefined) return `-r ${move(named)}`;
    return isPath(one) ? move(one) : one;
  });
  return {
    settings: moved,
    originOf: (name) => ({ kind: 'file', file: file.path, line: lineOf(name) }),
  };
}

/** A path that counts from `base` as one that counts from the working directory. Addresses and absolute paths stay. */
function moveRelativePath(path: string, base: string): string {
  return base === '' || isAbsolute(path) || /^[a-z][a-z0-9+.-]+:/i.test(path) ? path : join(base, path);
}

function mapTexts(value: unknown, map: (one: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, map));
  return typeof value === 'string' ? map(value) : value;
}
