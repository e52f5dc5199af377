import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { readBootstrap } from '../../activate/bootstrap.ts';
import { requireBuildDirectory } from '../../env/build/build-directory.ts';
import { buildEnvironment } from '../../env/build/build-environment.ts';
import { makeLayers } from '../../env/layer/make-layers.ts';
import { wheelsPath } from '../../env/manifest-path.ts';
import type { Manifest } from '../../env/manifest.ts';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { findLock, type LockChoice } from '../../resolve/lock/find-lock.ts';
import { resolveWheels } from '../../resolve/resolve-wheels.ts';
import type { Target } from '../../target/target.ts';
import { cacheDirectory } from '../environment.ts';
import { formatBytes, formatFiles, formatNumberOf, formatSeconds, quoteForShell } from '../format.ts';
import { TOOL } from '../package.ts';
import { createProgress } from '../progress.ts';
import { addResolveOptions, readResolveOptions, type ResolveFlags } from '../resolve-options.ts';
import { readRules } from '../rule-options.ts';
import type { AddCommand, CommandContext } from '../run-command.ts';
import { addTargetOptions, describeTarget, readTarget, type TargetFlags } from '../target-options.ts';

interface BuildFlags extends ResolveFlags, TargetFlags {
  readonly output: string;
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
  addResolveOptions(addTargetOptions(command))
    .option(
      '--lock <file>',
      'the lock, which must fit (default: pylock.TARGET.toml in the working directory, if it is there and fits)',
    )
    .option('--no-lock', 'resolve anew, whatever is locked')
    .option('--locked', 'fail when the lock is missing or does not fit any more')
    .addOption(
      new Option('--layout <layout>', 'unpack every file (tree), or check all of them and keep the wheels (tar)')
        .choices(['tree', 'tar'])
        .default('tree'),
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
  const target = await readTarget(flags);
  const rules = readRules(flags);
  output.note(`Target: ${describeTarget(target)}`);
  await requireBuildDirectory(resolve(flags.output));
  const lock = await chooseLock(flags, target);
  const resolution = await resolveWheels({
    ...readResolveOptions(requirements, flags, target, context),
    ...(lock === undefined ? {} : { lock }),
  });
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
      directory: flags.output,
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
  if (manifest.layout === 'tar') {
    // kept in the cache, so that publishing only has to send them
    const wheels = manifest.packages.map(({ wheel }) => wheelsPath(flags.output, wheel));
    await makeLayers({
      manifest,
      findWheels: () => Promise.resolve(wheels),
      cacheDirectory: cacheDirectory(env),
      signal,
    });
  }
  const seconds = formatSeconds((performance.now() - start) / 1000);
  const [done, time] = reused ? ['Already built', ''] : ['Built', `, in ${seconds}`];
  output.print(describeManifest(manifest, `${done} ${flags.output}`, time));
  output.print(`\nPublish it:\n  hdfs-venv publish ${quoteForShell(flags.output)} webhdfs://NAMENODE:9870/PATH`);
  const { files, ...rest } = manifest;
  output.printJson({
    directory: flags.output,
    locked: resolution.locked,
    fileCount: files.length,
    byteCount: byteCount(manifest),
    ...rest,
  });
}

/** @throws HdfsVenvError `CLI_LOCK` (usage) for flags that contradict each other */
async function chooseLock({ lock, locked }: BuildFlags, target: Target): Promise<LockChoice | undefined> {
  const isRequired = locked === true;
  if (typeof lock === 'string') return { path: resolve(lock), isRequired: true };
  if (lock === undefined) return findLock(resolve('.'), target, isRequired);
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
