import { configError } from './config-error.ts';
import { checkSettings } from './check-settings.ts';
import { nearestName } from './nearest-name.ts';
import { variableOf } from './setting-rules.ts';
import {
  isListSetting,
  isSettingName,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  settingsSchema,
} from './settings.ts';

/**
 * The settings that environment variables say. An empty one says nothing, as everywhere. Lists are separated by white space, as in pip's own variables, or by
 * line breaks if there are any.
 *
 * @throws HdfsVenvError `CONFIG_TYPE`, `CONFIG_SECRET`, `CONFIG_VARIABLE` (usage)
 */
export function settingsOfEnvironment(env: NodeJS.ProcessEnv): Settings {
  refusePythonVersion(env['HDFS_VENV_PYTHON']);
  refuseMisspelt(env);
  const values: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const given = env[variableOf(name)]?.trim() ?? '';
    if (given !== '') values[name] = readValue(name, given);
  }
  return checkSettings(values, (key) => (isSettingName(key) ? variableOf(key) : key));
}

/** What a TOML file would hold in its place. */
function readValue(name: SettingName, given: string): unknown {
  const takes = (value: unknown): boolean => settingsSchema.shape[name].safeParse(value).success;
  if (isListSetting(name)) return given.split(/\n/.test(given) ? /\s*\n\s*/ : /\s+/);
  if (/^(?:0|no|false)$/i.test(given) && takes(false)) return false;
  if (/^(?:1|yes|true)$/i.test(given) && takes(true)) return true;
  return /^\d+$/.test(given) && !takes(given) ? Number(given) : given;
}

/** Not settings, or names of later versions' settings. */
const RESERVED = new Set(['cache', 'python', 'debug', 'token']);

/** A variable that says nothing because of its spelling would let an environment go elsewhere than was meant. */
function refuseMisspelt(env: NodeJS.ProcessEnv): void {
  const known = new Set(SETTING_NAMES.map(variableOf));
  for (const [name, value] of Object.entries(env)) {
    const [, suffix] = /^HDFS_VENV_(.+)$/.exec(name) ?? [];
    if (suffix === undefined || value === '' || known.has(name)) continue;
    const key = suffix.toLowerCase().replaceAll('_', '-');
    const meant = RESERVED.has(key) ? undefined : nearestName(key, SETTING_NAMES);
    if (meant === undefined || !isSettingName(meant)) continue;
    throw configError('CONFIG_VARIABLE', name, 'there is no such setting', [
      `Was ${variableOf(meant)} meant? Unset the other one.`,
    ]);
  }
}

/** The interpreter that runs pip is older than this setting, and has the name that one would think of. */
function refusePythonVersion(value: string | undefined): void {
  if (value === undefined || !/^\d+(?:\.\d+)+$/.test(value)) return;
  throw configError(
    'CONFIG_VARIABLE',
    'HDFS_VENV_PYTHON',
    `expected the interpreter that runs pip, such as python3.11, got the version ${value}`,
    [`For the Python of the cluster set ${variableOf('python')}, or give --python ${value}.`],
  );
}
