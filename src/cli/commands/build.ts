import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { readBootstrap } from '../../activate/bootstrap.ts';
import { requireBuildDirectory } from '../../env/build-directory.ts';
import { buildEnvironment } from '../../env/build-environment.ts';
import type { Manifest } from '../../env/manifest.ts';
import { DEFAULT_PROVIDED } from '../../resolve/provided.ts';
import { resolveWheels } from '../../resolve/resolve-wheels.ts';
import { PROFILE_NAMES } from '../../target/platform.ts';
import { parseTarget, type Target } from '../../target/target.ts';
import { cacheDirectory } from '../environment.ts';
import { formatBytes, formatFiles, formatNumberOf, formatSeconds, quoteForShell } from '../format.ts';
import { TOOL } from '../package.ts';
import { createProgress } from '../progress.ts';
import { type AddCommand, collectValues, type CommandContext } from '../run-command.ts';

interface BuildFlags {
  readonly requirement?: readonly string[];
  readonly python: string;
  readonly platform: readonly string[];
  readonly abi?: string;
  readonly provided?: readonly string[];
  readonly output: string;
  readonly json?: true;
}

export const addBuild: AddCommand = (program, run) => {
  program
    .command('build')
    .summary('download, check and unpack what the cluster needs')
    .description(
      "Resolves requirements for the cluster's Python and platform, downloads the wheels with pip, checks every file and unpacks them into DIR/venv. Your own code goes along: a project folder, a package folder or a .py file.",
    )
    .argument('[requirement...]', 'requirements (pandas==2.2.3), requirements files (*.txt), wheels, or your own code')
    .option('-r, --requirement <file>', 'a requirements file; may be given several times', collectValues)
    .requiredOption('--python <version>', 'required: the Python of the cluster, 3.7 or 3.7.16')
    .requiredOption(
      '--platform <name>',
      `required: the system of the cluster: ${PROFILE_NAMES.join(', ')}, for ARM with -aarch64 (rhel8-aarch64), or a platform tag; may be given several times`,
      collectValues,
    )
    .option('--abi <tag>', 'another ABI than the usual one, such as cp27m')
    .option(
      '--provided <name[==version]>',
      'what the cluster brings besides pyspark and py4j; may be given several times',
      collectValues,
    )
    .requiredOption('-o, --output <dir>', 'required: where the environment is built', parseDirectory)
    .option('--json', 'print one JSON document on stdout')
    .action((requirements: string[], flags: BuildFlags) =>
      run(flags.json === true, (context) => runBuild(requirements, flags, context)),
    );
};

/** For commander: an empty path would be the working directory. */
function parseDirectory(value: string): string {
  if (value === '') throw new InvalidArgumentError('It must name a directory.');
  return value;
}

async function runBuild(requirements: string[], flags: BuildFlags, context: CommandContext): Promise<void> {
  const { output, env, signal } = context;
  const start = performance.now();
  const target = parseTarget({
    python: flags.python,
    platform: flags.platform,
    ...(flags.abi === undefined ? {} : { abi: flags.abi }),
  });
  output.note(`Target: ${describeTarget(target)}`);
  await requireBuildDirectory(resolve(flags.output));
  const resolution = await resolveWheels({
    requirements,
    requirementFiles: flags.requirement ?? [],
    target,
    provided: [...DEFAULT_PROVIDED, ...(flags.provided ?? [])],
    cacheDirectory: cacheDirectory(env),
    ...(env['HDFS_VENV_PYTHON'] === undefined ? {} : { python: env['HDFS_VENV_PYTHON'] }),
    onProgress: ({ text }) => output.note(`  ${text}`),
    signal,
  });
  const { bytes: bootstrap } = await readBootstrap();
  const progress = createProgress(output.stderr, 'Unpacking', env);
  let manifest: Manifest;
  let reused = false;
  try {
    manifest = await buildEnvironment({
      ...resolution,
      target,
      tool: TOOL,
      bootstrap,
      directory: flags.output,
      onNote: output.note,
      onReused: () => {
        reused = true;
      },
      onProgress: progress.update,
      signal,
    });
  } finally {
    progress.stop();
  }
  const seconds = formatSeconds((performance.now() - start) / 1000);
  const [done, time] = reused ? ['Already built', ''] : ['Built', `, in ${seconds}`];
  output.print(describeManifest(manifest, `${done} ${flags.output}`, time));
  output.print(`\nPublish it:\n  hdfs-venv publish ${quoteForShell(flags.output)} webhdfs://NAMENODE:9870/PATH`);
  const { files, ...rest } = manifest;
  output.printJson({ directory: flags.output, fileCount: files.length, byteCount: byteCount(manifest), ...rest });
}

function describeTarget({ python, pythonGiven, abi, profile, platforms }: Target): string {
  const completed = python === pythonGiven ? '' : ` (the newest ${pythonGiven}; name another with --python X.Y.Z)`;
  return `Python ${python}${completed}, ${abi}, ${profile ?? 'tags'}: ${platforms[0] ?? ''} and ${platforms.length - 1} older tags`;
}

function describeManifest(manifest: Manifest, done: string, time: string): string {
  const { packages, files, provided } = manifest;
  const names = packages.map(({ name, version }) => `  ${name} ${version}`);
  const left = provided.map(({ name, requirements }) => `  ${name} is the cluster's (${requirements.join(', ')})`);
  const size = `${formatFiles(files.length)}, ${formatBytes(byteCount(manifest))}`;
  return [`${done}: ${size}, ${formatNumberOf(packages.length, 'package')}${time}`, ...names, ...left].join('\n');
}

function byteCount({ files }: Manifest): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
