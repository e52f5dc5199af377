import type { Writable } from 'node:stream';
import { Command, CommanderError } from 'commander';
import { EXIT_CODES } from '../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../errors/mask-secrets.ts';
import { addBuild } from './commands/build.ts';
import { addInspect } from './commands/inspect.ts';
import { addLock } from './commands/lock.ts';
import { addPublish } from './commands/publish.ts';
import { addReleases } from './commands/releases.ts';
import { addShow } from './commands/show.ts';
import { addTarget } from './commands/target.ts';
import { addVerify } from './commands/verify.ts';
import { createOutput } from './output.ts';
import { VERSION } from './package.ts';
import { reportError } from './report-error.ts';
import type { RunCommand } from './run-command.ts';

export interface ProgramContext {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

const EXAMPLES = `
Examples:
  hdfs-venv build -r requirements.txt --python 3.11 --platform rhel8 -o build/risk
  hdfs-venv publish build/risk webhdfs://namenode:9870/user/alice/envs/risk
  hdfs-venv verify webhdfs://namenode:9870/user/alice/envs/risk

Exit codes: 0 ok, 1 other, 2 usage, 3 cannot resolve, 4 integrity, 5 network, 6 permission, 7 conflict, 8 differences, 130 interrupted`;

/** Runs one command line and returns its exit code; never throws. */
export async function runProgram(args: readonly string[], context: ProgramContext): Promise<number> {
  const program = new Command('hdfs-venv')
    .description('Python environments on HDFS that any PySpark job can switch on with sc.addFile.')
    .version(VERSION)
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(hdfs-venv --help shows what there is)')
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .exitOverride();

  let exitCode = 0;
  const run: RunCommand = async (json, work) => {
    const output = createOutput(context.stdout, context.stderr, json || program.opts()['json'] === true);
    try {
      exitCode = (await work({ output, env: context.env, signal: context.signal })) ?? 0;
    } catch (error) {
      exitCode = reportError(context.signal.aborted ? context.signal.reason : error, output, context.env);
    }
  };
  for (const add of [addBuild, addLock, addInspect, addPublish, addReleases, addShow, addTarget, addVerify])
    add(program, run);

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    // what cannot be parsed has no options yet
    const output = createOutput(context.stdout, context.stderr, args.includes('--json'));
    if (!(error instanceof CommanderError)) return reportError(error, output, context.env);
    if (error.exitCode === 0) return 0;
    output.printJson({ error: describeUsage(error) });
    return EXIT_CODES.usage;
  }
  return exitCode;
}

/** commander has said it on stderr already; this is for the program that reads stdout. */
function describeUsage({ code, message }: CommanderError): object {
  const text = code === 'commander.help' ? 'Cannot do anything: no command was given' : message.replace(/^error: /, '');
  return { code: 'CLI_USAGE', exitCode: EXIT_CODES.usage, message: maskSecrets(text), hints: [] };
}
