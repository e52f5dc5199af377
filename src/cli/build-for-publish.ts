import { dirname, join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { pylockName } from '../resolve/lock/lock-name.ts';
import { requireLockPlace, saveLock } from '../resolve/lock/save-lock.ts';
import { renderPylock } from '../resolve/lock/write-pylock.ts';
import { addBuildOptions, type BuildFlags, runBuild } from './commands/build.ts';
import { configure, type Configured } from './configure.ts';
import { formatNumberOf } from './format.ts';
import type { CommandContext } from './run-command.ts';
import { readTarget } from './target-options.ts';

/**
 * Locks and builds what the configuration describes, as `hdfs-venv lock` and `hdfs-venv build` would. A lock that fits is
 * kept to; one that is missing or does not fit any more is written, unless `locked` forbids it or `lock = false` says that
 * there is none.
 *
 * @param layout what it is built for
 * @returns the directory
 * @throws HdfsVenvError `CLI_NOTHING_TO_BUILD` (usage) when nothing says what to build, and those of `runBuild`, `requireLockPlace` and `saveLock`
 */
export async function buildForPublish(layout: 'tree' | 'tar' | undefined, context: CommandContext): Promise<string> {
  const { output } = context;
  const command = addBuildOptions(new Command('build'));
  // publishing is what the command prints as its result
  const aside: CommandContext = { ...context, output: { ...output, print: output.note, printJson: () => {} } };
  const silent: CommandContext = { ...aside, output: { ...aside.output, note: () => {} } };
  const configured = await configure(command, silent, { arguments: layout === undefined ? {} : { layout } });
  requireSomething(configured);
  const flags = command.opts<BuildFlags>();
  const path = await lockPath(flags, configured);
  const before = path === undefined ? undefined : await requireLockPlace(path);
  const { directory } = await runBuild(flags, configured, aside, async ({ locked, packages, tool }, target) => {
    if (path === undefined || locked !== null) return;
    const { outcome } = await saveLock(path, renderPylock({ target, packages, tool }, dirname(path)), before);
    const done = outcome === 'new' ? 'Locked' : 'Renewed';
    output.note(`${done} ${relative('.', path)}: ${formatNumberOf(packages.length, 'package')}`);
  });
  return directory;
}

/** Where the lock is or will be; undefined when there is to be none. */
async function lockPath(flags: BuildFlags, { directory }: Configured): Promise<string | undefined> {
  if (flags.lock === false) return undefined;
  return flags.lock === undefined ? join(directory, pylockName(await readTarget(flags))) : resolve(flags.lock);
}

function requireSomething({ settings, files }: Configured): void {
  if (settings.requirements !== undefined) return;
  const isThere = files.length > 0;
  throw new HdfsVenvError({
    code: 'CLI_NOTHING_TO_BUILD',
    exit: 'usage',
    message: isThere
      ? 'Cannot publish: no directory was given, and the configuration has no `requirements` to build one from'
      : 'Cannot publish: no directory was given, and there is no configuration that says what to build',
    hints: [
      'Give the directory that `hdfs-venv build -o DIR` made.',
      isThere
        ? 'Or write requirements = ["requirements.txt"] in it.'
        : 'Or let `hdfs-venv init` write a configuration; then `hdfs-venv publish` does all of it.',
    ],
  });
}
