import { resolve } from 'node:path';
import { readConfiguration } from '../../config/configuration.ts';
import { describeOrigin, type Origin, type Setting } from '../../config/origin.ts';
import { SETTING_NAMES, type SettingName, type Settings, settingsJsonSchema } from '../../config/settings.ts';
import { tomlValue } from '../../config/toml-value.ts';
import { DEFAULT_CONCURRENCY } from '../../publish/pace.ts';
import { looksLikePath } from '../../resolve/arguments.ts';
import { localUser } from '../environment.ts';
import { formatTable } from '../format.ts';
import type { AddCommand, CommandContext } from '../run-command.ts';

interface ConfigFlags {
  readonly schema?: true;
  readonly json?: true;
}

export const addConfig: AddCommand = (program, run) => {
  program
    .command('config')
    .summary('show every setting in force and where it comes from')
    .description(
      'Shows every setting in force here and where it comes from: an HDFS_VENV_ variable, hdfs-venv.toml or [tool.hdfs-venv] of pyproject.toml in this directory or the nearest one above that has it, $XDG_CONFIG_HOME/hdfs-venv/config.toml (~/.config without that variable), or a default. The first in this order decides; options of the command line go before all.',
    )
    .option('--schema', 'print the JSON schema of the file instead, with what each setting means')
    .option('--json', 'print one JSON document on stdout')
    .action((flags: ConfigFlags) => run(flags.json === true, (context) => runConfig(flags, context)));
};

async function runConfig({ schema }: ConfigFlags, { output, env }: CommandContext): Promise<void> {
  if (schema === true) {
    output.print(JSON.stringify(settingsJsonSchema(), undefined, 2));
    output.printJson(settingsJsonSchema());
    return;
  }
  const workingDirectory = resolve('.');
  const { origins, files } = await readConfiguration({ flags: {}, env, workingDirectory, isPath: looksLikePath });
  const inForce = { ...defaults(env), ...origins };
  const entries = SETTING_NAMES.flatMap((name) => {
    const setting: Setting<NonNullable<Settings[SettingName]>> | undefined = inForce[name];
    return setting === undefined ? [] : [{ name, ...setting }];
  });
  if (files.length === 0) output.note('There is no configuration file; `hdfs-venv init` writes one.');
  output.print(
    formatTable(
      entries.map(({ name, value, origin }) => [name, tomlValue(value), describeOrigin(origin, workingDirectory)]),
    ),
  );
  output.printJson({
    files,
    settings: Object.fromEntries(entries.map(({ name, value, origin }) => [name, { value, origin }])),
  });
}

/** Of settings that have a value even if nobody says one. */
function defaults(env: NodeJS.ProcessEnv): Partial<Record<SettingName, Setting<string | number>>> {
  const isNamed = (env['HADOOP_USER_NAME'] ?? '') !== '';
  const origin: Origin = isNamed ? { kind: 'variable', variable: 'HADOOP_USER_NAME' } : { kind: 'default' };
  return {
    user: { value: localUser(undefined, env), origin },
    concurrency: { value: DEFAULT_CONCURRENCY, origin: { kind: 'default' } },
  };
}
