import { basename, dirname, join, resolve } from 'node:path';
import { findProjectFile, PROJECT_FILE } from '../../config/find-file.ts';
import { hadoopDirectory, readHadoopProperties } from '../../config/hadoop-xml.ts';
import { type Found, type FoundSettings, renderInitFile, WRITTEN } from '../../config/init-file.ts';
import { nameNodesOf } from '../../config/name-nodes-of.ts';
import { shortPath } from '../../config/origin.ts';
import type { SettingName } from '../../config/settings.ts';
import { tomlValue } from '../../config/toml-value.ts';
import { parsePlatform } from '../../target/platform.ts';
import { completePythonVersion } from '../../target/python-version.ts';
import { localUser } from '../environment.ts';
import { formatTable } from '../format.ts';
import { findRequirements, readProjectFacts } from '../init/find-requirements.ts';
import { findTarget } from '../init/find-target.ts';
import { configurationExists, writeNewFile } from '../init/write-new-file.ts';
import { requirePlace } from '../open-store.ts';
import { type AddCommand, collectValues, type CommandContext } from '../run-command.ts';

interface InitFlags {
  readonly address?: string;
  readonly python?: string;
  readonly platform?: readonly string[];
  readonly json?: true;
}

/** Without these nothing can be published. */
const NECESSARY: readonly SettingName[] = ['requirements', 'python', 'platform', 'address'];

export const addInit: AddCommand = (program, run) => {
  program
    .command('init')
    .summary('write a configuration file for this folder')
    .description(
      'Writes hdfs-venv.toml, with comments: what the folder itself tells (requirements.txt, pyproject.toml, setup.py, locks, .python-version) and the configuration of Hadoop (HADOOP_CONF_DIR) is filled in, the rest stands there as an example. It asks nothing and replaces nothing.',
    )
    .option('--address <address>', 'where to publish: webhdfs://namenode:9870/user/alice/envs/risk')
    .option('--python <version>', 'the Python of the cluster, 3.7 or 3.7.16')
    .option('--platform <name>', 'the system of the cluster, as for build; may be given several times', collectValues)
    .option('--json', 'print one JSON document on stdout')
    .action((flags: InitFlags) => run(flags.json === true, (context) => runInit(flags, context)));
};

async function runInit(flags: InitFlags, { output, env }: CommandContext): Promise<void> {
  const directory = resolve('.');
  const given = await readFlags(flags, env);
  const other = await findProjectFile(directory);
  if (other !== undefined && dirname(other.path) === directory) throw configurationExists(basename(other.path));
  const all: FoundSettings = { ...(await findOut(directory, env)), ...given };
  const found = Object.fromEntries(WRITTEN.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
  await writeNewFile(join(directory, PROJECT_FILE), renderInitFile(found));
  if (other !== undefined) {
    output.note(
      `In this folder it takes the place of ${shortPath(other.path, directory)}, which is not read here any more.`,
    );
  }
  const missing = NECESSARY.filter((name) => found[name] === undefined);
  const rows = Object.entries(found).map(([name, { value, from }]) => [`  ${name}`, shown(value), from]);
  output.print(`Wrote ${PROJECT_FILE}:\n${formatTable(rows)}`);
  output.print(
    missing.length === 0
      ? '\nLook through it, then: hdfs-venv publish'
      : `\nFill in there, beside the examples: ${missing.join(', ')}\nThen: hdfs-venv publish`,
  );
  output.printJson({ file: join(directory, PROJECT_FILE), settings: found, missing });
}

/** @throws HdfsVenvError `ADDRESS_INVALID`, `CONFIG_ALIAS`, `TARGET_PYTHON`, `TARGET_PLATFORM`, `TARGET_ARCH` (usage) */
async function readFlags({ address, python, platform }: InitFlags, env: NodeJS.ProcessEnv): Promise<FoundSettings> {
  if (address !== undefined) await requirePlace({ address }, env);
  if (python !== undefined) completePythonVersion(python);
  if (platform !== undefined) parsePlatform(platform);
  return {
    ...(python === undefined ? {} : { python: { value: python, from: '--python' } }),
    ...(platform === undefined ? {} : { platform: { value: single(platform), from: '--platform' } }),
    ...(address === undefined ? {} : { address: { value: address, from: '--address' } }),
  };
}

async function findOut(directory: string, env: NodeJS.ProcessEnv): Promise<FoundSettings> {
  const project = await readProjectFacts(directory);
  const requirements = await findRequirements(directory, project);
  const from = project.name === undefined ? 'named after this folder' : 'named after the project';
  const cleaned = (project.name ?? basename(directory)).replaceAll(/[^A-Za-z0-9._-]+/g, '-');
  const name = /[A-Za-z0-9]/.test(cleaned) ? cleaned : 'environment';
  const address = await findAddress(name, env);
  return {
    ...(requirements === undefined ? {} : { requirements }),
    ...(await findTarget(directory, project.requiresPython)),
    ...(address === undefined ? {} : { address }),
    output: { value: `build/${name}`, from },
    layout: { value: 'auto', from: 'the fastest way that the cluster has' },
  };
}

/** In one's own directory on the cluster that Hadoop's programs are configured for. */
async function findAddress(name: string, env: NodeJS.ProcessEnv): Promise<Found | undefined> {
  const directory = hadoopDirectory(env);
  const nameNodes = nameNodesOf(await readHadoopProperties(directory));
  if (nameNodes === undefined) return undefined;
  return {
    value: `${nameNodes}/user/${localUser(undefined, env)}/envs/${name}`,
    from: join(directory, 'hdfs-site.xml'),
  };
}

function single(values: readonly string[]): string | readonly string[] {
  const [only, other] = values;
  return only === undefined || other !== undefined ? values : only;
}

function shown(value: Found['value']): string {
  return tomlValue(typeof value === 'string' ? value : [...value]);
}
