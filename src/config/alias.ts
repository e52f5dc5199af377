import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { configError } from './config-error.ts';

export interface AliasedAddress {
  /** `webhdfs://nn1:9870,nn2:9870/user/alice/envs/risk` */
  readonly address: string;
  /** Who the alias logs in as; undefined when it does not say. */
  readonly user: string | undefined;
  /** The file that has the alias. */
  readonly file: string;
}

/**
 * Reads an address that begins with an alias of HdfsCLI: `prod:/user/alice/envs/risk`. Aliases are sections of
 * `$HDFSCLI_CONFIG`, else `~/.hdfscli.cfg`: `[prod.alias]` with `url` (several NameNodes separated by `;`) and `user`
 * (hdfscli.readthedocs.io: Configuration).
 *
 * @returns undefined for an address without an alias
 * @throws HdfsVenvError `CONFIG_ALIAS` (usage) when there is no such alias, or its url is none
 */
export async function readAlias(address: string, env: NodeJS.ProcessEnv): Promise<AliasedAddress | undefined> {
  const [, alias, path = ''] = /^([A-Za-z][\w.-]+):(\/(?!\/).*)$/s.exec(address) ?? [];
  if (alias === undefined || alias.toLowerCase() === 'file') return undefined;
  const { HDFSCLI_CONFIG: given = '', HOME: home = '' } = env;
  const file = given === '' ? join(home, '.hdfscli.cfg') : given;
  const sections = parseIni(await readConfig(file));
  const section = sections.get(`${alias}.alias`);
  if (section === undefined) throw unknownAlias(alias, file, sections);
  const urls = (section.get('url') ?? '').split(';').map((url) => url.trim());
  const parts = urls.map((url) => /^(https?):\/\/([^/?#@]+)\/?$/i.exec(url));
  const schemes = new Set(parts.map((part) => part?.[1]?.toLowerCase()));
  const [scheme] = schemes;
  if (scheme === undefined || schemes.size > 1) {
    throw configError(
      'CONFIG_ALIAS',
      file,
      `[${alias}.alias]: expected url = http://HOST:PORT, several with ; between`,
    );
  }
  const nameNodes = parts.map((part) => part?.[2] ?? '').join(',');
  return {
    address: `${scheme === 'https' ? 'swebhdfs' : 'webhdfs'}://${nameNodes}${path}`,
    user: section.get('user'),
    file,
  };
}

/**
 * Sections, keys and values as Python's configparser reads simple ones. npm's `ini` cuts a value at `;`, which stands
 * between NameNodes here, and knows no `key: value`.
 */
function parseIni(source: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const line of source.split(/\r?\n/)) {
    const [, name] = /^\[([^\]]+)\]/.exec(line) ?? [];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      continue;
    }
    const [, key = '', value = ''] = /^([^#;\s=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== '') section?.set(key.toLowerCase(), value);
  }
  return sections;
}

async function readConfig(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function unknownAlias(alias: string, file: string, sections: ReadonlyMap<string, unknown>): HdfsVenvError {
  const known = [...sections.keys()].flatMap((name) => /^(.+)\.alias$/.exec(name)?.[1] ?? []);
  return new HdfsVenvError({
    code: 'CONFIG_ALIAS',
    exit: 'usage',
    message: `Cannot find the alias ${alias} in ${file}: it has ${known.length === 0 ? 'none' : known.toSorted().join(', ')}`,
    hints: [
      `Write [${alias}.alias] with url = http://namenode:9870 there, or give an address: webhdfs://namenode:9870/PATH`,
    ],
  });
}
