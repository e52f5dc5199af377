import { parse, TomlError } from 'smol-toml';
import { configError } from './config-error.ts';

export type Table = Readonly<Record<string, unknown>>;

/**
 * The settings in a file as it stands: all of it, or the table `[tool.hdfs-venv]` of a pyproject.toml.
 *
 * @param shownAs the file's name in messages
 * @returns undefined for a pyproject.toml without that table
 * @throws HdfsVenvError `CONFIG_TOML` (usage) for what is no TOML, or no table
 */
export function parseSettingsFile(source: string, isPyproject: boolean, shownAs: string): Table | undefined {
  let document: unknown;
  try {
    document = parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const problem = error.message.split('\n')[0] ?? '';
    throw configError('CONFIG_TOML', `${shownAs}:${error.line}`, `column ${error.column}: ${problem}`, [], error);
  }
  if (!isPyproject) return asTable(document);
  const found = settingsOf(document);
  if (found === undefined) return undefined;
  const table = asTable(found);
  if (table === undefined) throw configError('CONFIG_TOML', shownAs, 'tool.hdfs-venv: expected a table');
  return table;
}

/**
 * The line in which a setting stands, from 1; null when it has none of its own (an inline table, a dotted key). What merely looks like it, inside a text of several lines, is not taken for it:
 * the lines above must be TOML by themselves, and the key must go where the settings are.
 */
export function lineOfSetting(source: string, key: string, isPyproject: boolean): number | null {
  const lines = source.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const [, name = ''] = /^[ \t]*("[^"]*"|'[^']*'|[\w-]+)[ \t]*=/.exec(line) ?? [];
    if (name.replaceAll(/^["']|["']$/g, '') !== key) continue;
    try {
      const above: unknown = parse([...lines.slice(0, index), `${name} = 0`].join('\n'));
      if (asTable(isPyproject ? settingsOf(above) : above)?.[key] === 0) return index + 1;
    } catch {
      // inside a text or a list of several lines
    }
  }
  return null;
}

function settingsOf(document: unknown): unknown {
  return asTable(asTable(document)?.['tool'])?.['hdfs-venv'];
}

function asTable(value: unknown): Table | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return undefined;
  return Object.fromEntries(Object.entries(value));
}
