import type { Command } from 'commander';
import { type IndexFlags, readIndexOptions } from '../resolve/pip/index-options.ts';
import { DEFAULT_PROVIDED } from '../resolve/provided.ts';
import type { ResolveOptions } from '../resolve/resolve-wheels.ts';
import type { Target } from '../target/target.ts';
import { cacheDirectory } from './environment.ts';
import { addRuleOptions, readRules, type RuleFlags } from './rule-options.ts';
import { type CommandContext, collectValues } from './run-command.ts';

/** Flags that `build` and `lock` share: what is asked for, and where it comes from. */
export interface ResolveFlags extends IndexFlags, RuleFlags {
  readonly requirement?: readonly string[];
  readonly provided?: readonly string[];
  readonly build?: readonly string[];
}

export function addResolveOptions(command: Command): Command {
  const resolving = command
    .argument(
      '[requirement...]',
      'requirements (pandas==2.2.3), requirements files (*.txt), wheels, pyproject.toml, uv.lock, pylock.toml, or your own code',
    )
    .option('-r, --requirement <file>', 'a requirements file; may be given several times', collectValues)
    .option('-c, --constraint <file>', 'a constraints file; may be given several times', collectValues)
    .option(
      '--provided <name[==version]>',
      'what the cluster brings besides pyspark and py4j; may be given several times',
      collectValues,
    )
    .option(
      '--build <name>',
      'a package without wheels that may be built here, if pure Python comes of it; may be given several times',
      collectValues,
    )
    .option('--index-url <url>', "the package index, instead of the one in pip's settings")
    .option('--extra-index-url <url>', 'one more package index; may be given several times', collectValues)
    .option('--find-links <dir or url>', 'a directory or a page with wheels; may be given several times', collectValues)
    .option('--no-index', 'take wheels from --find-links only; nothing is asked of the network')
    .option(
      '--trusted-host <host>',
      'an index without a certificate that can be checked; may be given several times',
      collectValues,
    )
    .option('--pip-wheel <file>', 'the wheel of pip that chooses, where no index offers it');
  return addRuleOptions(resolving);
}

/** What `resolveWheels` needs, of flags, environment and command. */
export function readResolveOptions(
  requirements: readonly string[],
  flags: ResolveFlags,
  target: Target,
  { output, env, signal }: CommandContext,
): ResolveOptions {
  return {
    requirements,
    requirementFiles: flags.requirement ?? [],
    target,
    provided: [...DEFAULT_PROVIDED, ...(flags.provided ?? [])],
    build: flags.build ?? [],
    rules: readRules(flags),
    index: readIndexOptions(flags),
    cacheDirectory: cacheDirectory(env),
    ...(env['HDFS_VENV_PYTHON'] === undefined ? {} : { python: env['HDFS_VENV_PYTHON'] }),
    onProgress: ({ type, text }) => output.note(`  ${type === 'building' ? 'building ' : ''}${text}`),
    signal,
  };
}
