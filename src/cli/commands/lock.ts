import { dirname, join, relative, resolve } from 'node:path';
import { pylockName } from '../../resolve/lock/lock-name.ts';
import { requireLockPlace, saveLock } from '../../resolve/lock/save-lock.ts';
import { renderPylock } from '../../resolve/lock/write-pylock.ts';
import { resolveWheels } from '../../resolve/resolve-wheels.ts';
import { type Configured, configure } from '../configure.ts';
import { formatNumberOf, quoteForShell } from '../format.ts';
import { addResolveOptions, readResolveOptions, type ResolveFlags } from '../resolve-options.ts';
import type { AddCommand, CommandContext } from '../run-command.ts';
import { addTargetOptions, describeTarget, readTarget, type TargetFlags } from '../target-options.ts';

interface LockFlags extends ResolveFlags, TargetFlags {
  /** A path; false where the configuration says that `build` takes no lock. */
  readonly output?: string | false;
  readonly json?: true;
}

export const addLock: AddCommand = (program, run) => {
  const command = program
    .command('lock')
    .summary('choose exact wheels for the cluster and write them down')
    .description(
      "Resolves requirements for the cluster's Python and platform, proves that the set is complete, and writes every wheel with its URL and sha256 to pylock.TARGET.toml (PEP 751). `build` uses the lock as long as it fits.",
    );
  addResolveOptions(addTargetOptions(command))
    .option(
      '-o, --output <file>',
      'the lock (default: pylock.TARGET.toml beside the configuration file, else in the working directory)',
    )
    .option('--json', 'print one JSON document on stdout')
    .action((requirements: string[], { json }: LockFlags) =>
      run(json === true, async (context) => {
        const given = { arguments: { requirements }, renamed: { output: 'lock' } } as const;
        const configured = await configure(command, context, given);
        await runLock(command.opts<LockFlags>(), configured, context);
      }),
    );
};

async function runLock(flags: LockFlags, configured: Configured, context: CommandContext): Promise<void> {
  const { output } = context;
  const target = await readTarget(flags);
  output.note(`Target: ${describeTarget(target)}`);
  const { output: place } = flags;
  const path = typeof place === 'string' ? resolve(place) : join(configured.directory, pylockName(target));
  const before = await requireLockPlace(path);
  const { packages, tool } = await resolveWheels(readResolveOptions(configured.requirements, flags, target, context));
  const text = renderPylock({ target, packages, tool }, dirname(path));
  const { outcome, changes } = await saveLock(path, text, before);
  const shown = quoteForShell(relative('.', path));
  const names = packages.map(({ name, version }) => `  ${name} ${version}`);
  const left = tool.met.map(({ name, requirements: met }) => `  ${name} is the cluster's (${met.join(', ')})`);
  const done = outcome === 'same' ? 'Unchanged' : outcome === 'new' ? 'Locked' : 'Renewed';
  output.print([`${done} ${shown}: ${formatNumberOf(packages.length, 'package')}`, ...names, ...left].join('\n'));
  if (outcome === 'changed') {
    output.print(
      ['\nChanged:', ...(changes.length === 0 ? ['  no versions'] : changes.map((one) => `  ${one}`))].join('\n'),
    );
  }
  output.printJson({ lock: path, outcome, changes, packages, target: tool.target, provided: tool.met });
}
