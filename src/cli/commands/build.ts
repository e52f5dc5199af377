import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readBootstrap } from '../../activate/bootstrap.ts';
import { requireBuildDirectory } from '../../env/build/build-directory.ts';
import { buildEnvironment } from '../../env/build/build-environment.ts';
import type { Manifest } from '../../env/manifest.ts';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { findLock, type LockChoice } from '../../resolve/lock/find-lock.ts';
import { type Resolution, resolveWheels } from '../../resolve/resolve-wheels.ts';
import type { Target } from '../../target/target.ts';
import { type Configured, configure } from '../configure.ts';
import { cacheDirectory } from '../environment.ts';
import { formatBytes, formatFiles, formatNumberOf, formatSeconds, quoteForShell } from '../format.ts';
import { TOOL } from '../package.ts';
import { createProgress } from '../progress.ts';
import { addResolveOptions, readResolveOptions, type ResolveFlags } from '../resolve-options.ts';
import { readRules } from '../rule-options.ts';
import type { AddCommand, CommandContext } from '../run-command.ts';
import { addTargetOptions, describeTarget, readTarget, type TargetFlags } from '../target-options.ts';

export interface BuildFlags extends ResolveFlags, TargetFlags {
  readonly output?: string;
  readonly layout: Manifest['layout'];
  /** A path; false after `--no-lock`. */
  readonly lock?: string | false;
  readonly locked?: true;
  readonly json?: true;
}

export const addBuild: AddCommand = (program, run) => {
  const command = program
    .command('build')
    .summary('download, check and unpack what the cluster needs')
    .description(
      "Resolves requirements for the cluster's Python and platform, downloads the wheels with pip, checks every file and unpacks them into DIR/venv (with --layout tar: nothing is unpacked). Your own code goes along: a project folder, a package folder or a .py file. A lock of `hdfs-venv lock` decides as long as it fits.",
    );
  addBuildOptions(command)
    .option('--json', 'print one JSON document on stdout')
    .action((requirements: string[], { json }: BuildFlags) =>
      run(json === true, async (context) => {
        const configured = await configure(command, context, { arguments: { requirements } });
        const { output } = context;
        const { manifest, directory, locked } = await runBuild(command.opts<BuildFlags>(), configured, context);
        const address = configured.settings.address === undefined ? ' webhdfs://NAMENODE:9870/PATH' : '';
        output.print(`\nPublish it:\n  hdfs-venv publish ${quoteForShell(directory)}${address}`);
        const { files, ...rest } = manifest;
        output.printJson({ directory, locked, fileCount: files.length, byteCount: byteCount(manifest), ...rest });
      }),
    );
};

/** All options of `build` but those of its output. */
export function addBuildOptions(command: Command): Command {
  return addResolveOptions(addTargetOptions(command))
    .option(
      '--lock <file>',
      'the lock, which must fit (default: pylock.TARGET.toml beside the configuration file, else in the working directory, if it is there and fits)',
    )
    .option('--no-lock', 'resolve anew, whatever is locked')
    .option('--locked', 'fail when the lock is missing or does not fit any more')
    .addOption(
      new Option(
        '--layout <layout>',
        'unpack every file (tree), or check all of them and keep the wheels (tar); auto takes tar, unless the setting executors-have-tar is false',
      )
        .choices(['tree', 'tar', 'auto'])
        .default('tree'),
    )
    .option(
      '-o, --output <dir>',
      'required, unless the configuration has it: where the environment is built',
      parseDirectory,
    );
}

/** For commander: an empty path would be the working directory. */
function parseDirectory(value: string): string {
  if (value === '') throw new InvalidArgumentError('It must name a directory.');
  return value;
}

export interface Built {
  readonly manifest: Manifest;
  /** As the user names it. */
  readonly directory: string;
  /** The lock that decided; null when pip chose. */
  readonly locked: string | null;
}

/**
 * Resolves, downloads, checks and unpacks. What came of it is printed; what to do next and JSON are for the caller to say.
 *
 * @param flags after `configure`
 * @param onResolved hears which wheels it will be, before they are unpacked
 * @throws HdfsVenvError `CLI_OUTPUT`, `CLI_LOCK` (usage), and those of `readTarget`, `resolveWheels` and `buildEnvironment`
 */
export async function runBuild(
  flags: BuildFlags,
  configured: Configured,
  context: CommandContext,
  onResolved?: (resolution: Resolution, target: Target) => Promise<void>,
): Promise<Built> {
  const { output, env, signal } = context;
  const directory = requireOutput(flags);
  const start = performance.now();
  const target = await readTarget(flags);
  const rules = readRules(flags);
  output.note(`Target: ${describeTarget(target)}`);
  await requireBuildDirectory(resolve(directory));
  const lock = await chooseLock(flags, configured, target);
  const resolution = await resolveWheels({
    ...readResolveOptions(configured.requirements, flags, target, context),
    ...(lock === undefined ? {} : { lock }),
  });
  await onResolved?.(resolution, target);
  const { bytes: bootstrap } = await readBootstrap();
  const progress = createProgress(output.stderr, flags.layout === 'tree' ? 'Unpacking' : 'Checking', env);
  const notes: string[] = [];
  let manifest: Manifest;
  let reused = false;
  try {
    manifest = await buildEnvironment({
      ...resolution,
      target,
      tool: TOOL,
      bootstrap,
      rules,
      layout: flags.layout,
      directory,
      layerCache: cacheDirectory(env),
      // not in between: the progress is drawn on the line where they would stand
      onNote: (note) => notes.push(note),
      onReused: () => {
        reused = true;
      },
      onProgress: progress.update,
      signal,
    });
  } finally {
    progress.stop();
    for (const note of notes) output.note(note);
  }
  const seconds = formatSeconds((performance.now() - start) / 1000);
  const [done, time] = reused ? ['Already built', ''] : ['Built', `, in ${seconds}`];
  output.print(describeManifest(manifest, `${done} ${directory}`, time));
  return { manifest, directory, locked: resolution.locked };
}

/** @throws HdfsVenvError `CLI_OUTPUT` (usage) */
function requireOutput({ output }: BuildFlags): string {
  if (output !== undefined) return output;
  throw new HdfsVenvError({
    code: 'CLI_OUTPUT',
    exit: 'usage',
    message: 'Cannot build: no directory was named where the environment goes',
    hints: ['Give -o DIR, or write output = "build/NAME" in hdfs-venv.toml (`hdfs-venv init` makes one).'],
  });
}

/** @throws HdfsVenvError `CLI_LOCK` (usage) for flags that contradict each other */
async function chooseLock(
  { lock, locked }: BuildFlags,
  { directory, origins }: Configured,
  target: Target,
): Promise<LockChoice | undefined> {
  const isRequired = locked === true;
  // a flag names the one to be used, a file says where it lies
  const isNamed = origins.lock?.origin.kind === 'flag';
  if (typeof lock === 'string') return { path: resolve(lock), isRequired: isRequired || isNamed };
  if (lock === undefined) return findLock(directory, target, isRequired);
  if (!isRequired) return undefined;
  throw new HdfsVenvError({
    code: 'CLI_LOCK',
    exit: 'usage',
    message: 'Cannot combine --locked with --no-lock: one asks for the lock, the other leaves it out',
  });
}

function describeManifest(manifest: Manifest, done: string, time: string): string {
  const { packages, files, provided, allowed } = manifest;
  const names = packages.map(({ name, version }) => `  ${name} ${version}`);
  const left = provided.map(({ name, requirements }) => `  ${name} is the cluster's (${requirements.join(', ')})`);
  const off = allowed.map(({ code, package: name }) => `  a check was switched off: ${code}=${name}`);
  const size = `${formatFiles(files.length)}, ${formatBytes(byteCount(manifest))}`;
  return [`${done}: ${size}, ${formatNumberOf(packages.length, 'package')}${time}`, ...names, ...left, ...off].join(
    '\n',
  );
}

function byteCount({ files }: Manifest): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
