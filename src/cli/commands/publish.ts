import { readBootstrap, bootstrapVersionOf } from '../../activate/bootstrap.ts';
import { sparkAddress } from '../../config/address.ts';
import { openEntry } from '../../env/entry.ts';
import { readManifest } from '../../env/read-manifest.ts';
import { publish, type PublishResult } from '../../publish/publish.ts';
import { formatBytes, formatFiles, formatSeconds, quoteForShell } from '../format.ts';
import { withStore } from '../open-store.ts';
import { TOOL } from '../package.ts';
import { createProgress } from '../progress.ts';
import { type AddCommand, type CommandContext, parsePositiveInteger } from '../run-command.ts';

interface PublishFlags {
  readonly concurrency: number;
  readonly user?: string;
  readonly updateBootstrap?: true;
  readonly json?: true;
}

/** Enough to keep the DataNodes' few threads busy, which stand still while a file is closed: docs/decisions/0004. */
export const DEFAULT_CONCURRENCY = 128;

export const addPublish: AddCommand = (program, run) => {
  program
    .command('publish')
    .summary('upload a built environment and make it the current release')
    .description(
      'Uploads a built environment to HDFS as a new release. Running and queued jobs are not touched. Interrupted? Run it again: it sends only what is missing.',
    )
    .argument('<dir>', 'what "hdfs-venv build -o DIR" made')
    .argument('<address>', 'webhdfs://namenode:9870/user/alice/envs/risk or file:///path')
    .option('--concurrency <n>', 'uploads at once', parsePositiveInteger, DEFAULT_CONCURRENCY)
    .option('--user <name>', 'user name on a cluster without Kerberos (default: HADOOP_USER_NAME, else yours)')
    .option('--update-bootstrap', 'replace activate_env.py at the top of the environment; only when no job is queued')
    .option('--json', 'print one JSON document on stdout')
    .action((directory: string, address: string, flags: PublishFlags) =>
      run(flags.json === true, (context) => runPublish(directory, address, flags, context)),
    );
};

async function runPublish(
  directory: string,
  addressText: string,
  flags: PublishFlags,
  context: CommandContext,
): Promise<void> {
  const { output, signal, env } = context;
  await withStore(addressText, flags.user, context, async (store, address, user) => {
    const manifest = await readManifest(directory);
    const bootstrap = await readBootstrap();
    const start = performance.now();
    const progress = createProgress(output.stderr, 'Publishing', env);
    let result: PublishResult;
    try {
      result = await publish({
        store,
        manifest,
        content: ({ path }) => openEntry(directory, path),
        bootstrap: { ...bootstrap, versionOf: bootstrapVersionOf },
        concurrency: flags.concurrency,
        user,
        updateBootstrap: flags.updateBootstrap === true,
        tool: TOOL,
        signal,
        onProgress: progress.update,
        onNote: output.note,
      });
    } finally {
      progress.stop();
    }
    const seconds = (performance.now() - start) / 1000;
    const environment = sparkAddress(address);
    const { number, release } = result.current;
    output.print(describeResult(result, store.address, seconds));
    output.print(
      `\nRun a job with it:\n  ${sparkSubmitLine(environment, release.bootstrap.path, release.target.python)}`,
    );
    output.printJson({
      status: result.kind,
      release: number,
      digest: release.digest,
      address: store.address,
      environment,
      tree: `${environment}/${release.tree}`,
      bootstrap: `${environment}/${release.bootstrap.path}`,
      uploadedFiles: result.uploadedFiles,
      uploadedBytes: result.uploadedBytes,
      reusedFiles: result.reusedFiles,
    });
  });
}

function describeResult(result: PublishResult, address: string, seconds: number): string {
  const { number, release } = result.current;
  if (result.kind === 'already-published') {
    const same = `Already published: release ${number} of ${address} holds the same ${formatFiles(release.fileCount)}.`;
    if (result.uploadedFiles === 0) return `${same} Nothing was uploaded.`;
    return `${same} Another publisher was faster; the ${formatFiles(result.uploadedFiles)} that this run sent are not used.`;
  }
  const sent = `${formatFiles(result.uploadedFiles)}, ${formatBytes(result.uploadedBytes)} uploaded and verified in ${formatSeconds(seconds)}`;
  const reused = result.reusedFiles === 0 ? '' : `; ${formatFiles(result.reusedFiles)} were there already`;
  return `Published release ${number} of ${address}: ${sent}${reused}.`;
}

/** The line a user pastes; the bootstrap by its immutable path, because YARN refuses a primary file that changes. */
function sparkSubmitLine(environment: string, bootstrap: string, python: string): string {
  const minor = python.split('.').slice(0, 2).join('.');
  return `PYSPARK_PYTHON=python${minor} spark-submit ${quoteForShell(`${environment}/${bootstrap}`)} ${quoteForShell(environment)} my_module arg1 arg2`;
}
