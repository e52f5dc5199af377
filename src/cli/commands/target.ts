import { completePlatformOf } from '../../target/complete-platform.ts';
import { configure } from '../configure.ts';
import type { AddCommand } from '../run-command.ts';
import { addTargetOptions, describeTarget, readTarget, type TargetFlags } from '../target-options.ts';

interface CommandFlags extends TargetFlags {
  readonly json?: true;
}

export const addTarget: AddCommand = (program, run) => {
  const command = program
    .command('target')
    .summary("print what the cluster's Python is taken for")
    .description(
      'Prints the markers and every compatible tag of the target as a complete platform, JSON that `--complete-platform` of build, lock and pex takes. Pex makes one on a node: pex3 interpreter inspect --markers --tags.',
    );
  addTargetOptions(command)
    .option('--json', 'changes nothing: the output is one JSON document in any case')
    .action((flags: CommandFlags) =>
      run(flags.json === true, async (context) => {
        const { output } = context;
        await configure(command, context);
        const target = await readTarget(command.opts<TargetFlags>());
        const document = completePlatformOf(target);
        output.note(`${target.name}: ${describeTarget(target)}`);
        output.print(JSON.stringify(document, undefined, 2));
        output.printJson(document);
      }),
    );
};
