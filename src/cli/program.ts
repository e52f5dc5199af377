import type { Writable } from 'node:stream';
import { Command, CommanderError } from 'commander';
import { EXIT_CODES } from '../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../errors/mask-secrets.ts';
import { createOutput } from './output.ts';
import { VERSION } from './package.ts';
import { reportError } from './report-error.ts';
import type { AddCommand, RunCommand } from './run-command.ts';

export interface ProgramContext {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** In the order of the help. Only what a command line needs is loaded: all modules together take half a second to start. */
const COMMANDS: ReadonlyMap<string, () => Promise<AddCommand>> = new Map([
  ['init', async () => (await import('./commands/init.ts')).addInit],
  ['build', async () => (await import('./commands/build.ts')).addBuild],
  ['lock', async () => (await import('./commands/lock.ts')).addLock],
  ['inspect', async () => (await import('./commands/inspect.ts')).addInspect],
  ['publish', async () => (await import('./commands/publish.ts')).addPublish],
  ['releases', async () => (await import('./commands/releases.ts')).addReleases],
  ['show', async () => (await import('./commands/show.ts')).addShow],
  ['target', async () => (await import('./commands/target.ts')).addTarget],
  ['verify', async () => (await import('./commands/verify.ts')).addVerify],
  ['config', async () => (await import('./commands/config.ts')).addConfig],
]);

const EXAMPLES = `
Examples:
  hdfs-venv init --platform rhel8          then fill in the rest of hdfs-venv.toml
  hdfs-venv publish                        locks, builds and publishes what it describes

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
  for (const add of await commandsFor(args)) add(program, run);

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

/** The one that is named; all of them where none is, for the help and for the name that was meant. */
async function commandsFor(args: readonly string[]): Promise<AddCommand[]> {
  const load = COMMANDS.get(args.find((arg) => !arg.startsWith('-')) ?? '');
  return Promise.all(load === undefined ? [...COMMANDS.values()].map((each) => each()) : [load()]);
}

/** commander has said it on stderr already; this is for the program that reads stdout. */
function describeUsage({ code, message }: CommanderError): object {
  const text = code === 'commander.help' ? 'Cannot do anything: no command was given' : message.replace(/^error: /, '');
  return { code: 'CLI_USAGE', exitCode: EXIT_CODES.usage, message: maskSecrets(text), hints: [] };
}
