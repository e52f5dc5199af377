import { maskSecrets } from '../errors/mask-secrets.ts';
import { configError } from './config-error.ts';
import { nearestName } from './nearest-name.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';

/**
 * Takes the values of one source for settings.
 *
 * @param whereOf of a key, for messages: `hdfs-venv.toml:7`
 * @throws HdfsVenvError `CONFIG_UNKNOWN_KEY`, `CONFIG_TYPE`, `CONFIG_SECRET` (usage)
 */
export function checkSettings(values: Readonly<Record<string, unknown>>, whereOf: (key: string) => string): Settings {
  const known: readonly string[] = SETTING_NAMES;
  const unknown = Object.keys(values).find((key) => !known.includes(key));
  if (unknown !== undefined) throw unknownKey(unknown, whereOf(unknown));
  for (const [key, value] of Object.entries(values)) refuseSecrets(key, value, whereOf(key));
  const parsed = settingsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = String(issue?.path[0]);
  throw wrongType(key, issue?.message ?? '', valueAt(values, issue?.path ?? []), whereOf(key));
}

function unknownKey(key: string, where: string): Error {
  const nearest = nearestName(key, SETTING_NAMES);
  return configError('CONFIG_UNKNOWN_KEY', where, `there is no setting ${JSON.stringify(key)}`, [
    nearest === undefined ? `There are: ${SETTING_NAMES.join(', ')}.` : `Did you mean ${nearest}?`,
  ]);
}

function refuseSecrets(key: string, value: unknown, where: string): void {
  for (const one of [value].flat()) {
    if (typeof one !== 'string' || maskSecrets(one) === one) continue;
    throw configError('CONFIG_SECRET', where, `${key} holds a user name, a password or a token: ${maskSecrets(one)}`, [
      key === 'address'
        ? 'Give the address without it, and the name as `user`.'
        : 'A configuration is read by many. Leave it out, and put user and password of the index into ~/.netrc, a keyring, PIP_INDEX_URL or pip.conf.',
    ]);
  }
}

function wrongType(key: string, expected: string, value: unknown, where: string): Error {
  const isBareNumber = typeof value === 'number' && expected.includes('in quotes');
  // 3.10 without quotes is the number 3.1
  const hint = `Write it in quotes, as in ${key === 'python' ? 'python = "3.7.16"' : `${key} = "2.17"`}.`;
  const problem = `${key}: expected ${expected}, got ${JSON.stringify(value)}`;
  return configError('CONFIG_TYPE', where, problem, isBareNumber ? [hint] : []);
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let value = values;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return value;
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  return value;
}
