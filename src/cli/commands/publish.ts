import { readBootstrap, bootstrapVersionOf } from '../../activate/bootstrap.ts';
import { sparkAddress } from '../../config/address.ts';
import { openEntry } from '../../env/entry.ts';
import { openLayers } from '../../env/layer/open-layers.ts';
import type { Manifest } from '../../env/manifest.ts';
import { readManifest } from '../../env/read-manifest.ts';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { publish, type PublishResult, type PublishSource } from '../../publish/publish.ts';
import { cachedWheel } from '../../resolve/wheel-cache.ts';
import { cacheDirectory } from '../environment.ts';
import { formatBytes, formatFiles, formatNumberOf, formatSeconds, quoteForShell } from '../format.ts';
import type { Release } from '../../publish/release.ts';
import { withStore } from '../open-store.ts';
import { TOOL } from '../package.ts';
import { createProgress } from '../progress.ts';
import { type AddCommand, type CommandContext, parsePositiveInteger } from '../run-command.ts';
import { Option } from 'commander';

interface PublishFlags {
  readonly layout: 'tree' | 'tar';
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
    .addOption(
      new Option('--layout <layout>', 'one file on HDFS for each file, or one archive for each wheel')
        .choices(['tree', 'tar'])
        .default('tree'),
    )
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
        source: sourceOf(directory, manifest, flags, context),
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
      ...describePlacement(environment, release),
      bootstrap: `${environment}/${release.bootstrap.path}`,
      uploadedFiles: result.uploadedFiles,
      uploadedBytes: result.uploadedBytes,
      reusedFiles: result.reusedFiles,
    });
  });
}

function sourceOf(
  directory: string,
  manifest: Manifest,
  { layout }: PublishFlags,
  { env, output, signal }: CommandContext,
): PublishSource {
  if (layout === 'tree') return { layout, content: ({ path }) => openEntry(directory, path) };
  return {
    layout,
    makeLayers: async () => {
      output.note(`Making archives of ${formatNumberOf(manifest.packages.length, 'wheel')}`);
      const cache = cacheDirectory(env);
      const wheels = await Promise.all(
        manifest.packages.map(
          async ({ wheel, sha256 }) => (await cachedWheel(sha256, wheel, cache)) ?? wheelGone(wheel),
        ),
      );
      return openLayers({ manifest, wheels, cacheDirectory: cache, signal });
    },
  };
}

function wheelGone(wheel: string): never {
  throw new HdfsVenvError({
    code: 'CLI_WHEEL_GONE',
    exit: 'usage',
    message: `Cannot make an archive of ${wheel}: it is no longer in the cache of wheels`,
    hints: ['Build again, which fetches it, then publish.'],
  });
}

function describePlacement(environment: string, release: Release): object {
  if (release.layout === 'tree') return { layout: 'tree', tree: `${environment}/${release.tree}` };
  return { layout: 'tar', layers: release.layers.map(({ path }) => `${environment}/${path}`) };
}

function describeResult(result: PublishResult, address: string, seconds: number): string {
  const { number, release } = result.current;
  const count = (files: number): string =>
    release.layout === 'tree' ? formatFiles(files) : formatNumberOf(files, 'archive');
  if (result.kind === 'already-published') {
    const same = `Already published: release ${number} of ${address} holds the same ${formatFiles(release.fileCount)}.`;
    if (result.uploadedFiles === 0) return `${same} Nothing was uploaded.`;
    return `${same} Another publisher was faster; the ${count(result.uploadedFiles)} that this run sent are not used.`;
  }
  const sent = `${count(result.uploadedFiles)}, ${formatBytes(result.uploadedBytes)} uploaded and verified in ${formatSeconds(seconds)}`;
  const reused = result.reusedFiles === 0 ? '' : `; ${count(result.reusedFiles)} were there already`;
  return `Published release ${number} of ${address}: ${sent}${reused}.`;
}

/** The line a user pastes; the bootstrap by its immutable path, because YARN refuses a primary file that changes. */
function sparkSubmitLine(environment: string, bootstrap: string, python: string): string {
  const minor = python.split('.').slice(0, 2).join('.');
  return `PYSPARK_PYTHON=python${minor} spark-submit ${quoteForShell(`${environment}/${bootstrap}`)} ${quoteForShell(environment)} my_module arg1 arg2`;
}
