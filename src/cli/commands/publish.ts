import { readBootstrap, bootstrapVersionOf } from '../../activate/bootstrap.ts';
import { sparkAddress } from '../../config/address.ts';
import { openEntry } from '../../env/entry.ts';
import { keptWheel } from '../../env/kept-wheel.ts';
import { openLayers } from '../../env/layer/open-layers.ts';
import type { Manifest } from '../../env/manifest.ts';
import { readManifest } from '../../env/read-manifest.ts';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { diskOfJob, savingOfTar } from '../../publish/job-cost.ts';
import { DEFAULT_CONCURRENCY } from '../../publish/pace.ts';
import { publish, type PublishResult, type PublishSource } from '../../publish/publish.ts';
import { cachedWheel } from '../../resolve/wheel-cache.ts';
import { type Configured, configure } from '../configure.ts';
import { cacheDirectory } from '../environment.ts';
import {
  describeDisk,
  describePlacement,
  describeResult,
  describeSaving,
  sparkSubmitLine,
} from '../describe-publish.ts';
import { formatNumberOf } from '../format.ts';
import { requirePlace, withStore } from '../open-store.ts';
import { TOOL } from '../package.ts';
import { createProgress } from '../progress.ts';
import { type PublishArguments, readPublishArguments } from '../publish-arguments.ts';
import { type AddCommand, type CommandContext, parsePositiveInteger } from '../run-command.ts';
import { Option } from 'commander';

interface PublishFlags {
  /** What the directory was built for when left out. `auto` is decided by `configure`. */
  readonly layout?: 'tree' | 'tar';
  readonly concurrency: number;
  readonly replication?: number;
  readonly updateBootstrap?: true;
  readonly json?: true;
}

export const addPublish: AddCommand = (program, run) => {
  const command = program.command('publish');
  command
    .summary('upload a built environment and make it the current release')
    .description(
      'Uploads a built environment to HDFS as a new release. Running and queued jobs are not touched. Interrupted? Run it again: it sends only what is missing. Without DIR it locks and builds first what the configuration (hdfs-venv.toml) describes.',
    )
    .argument('[dir]', 'what "hdfs-venv build -o DIR" made (default: lock and build what the configuration describes)')
    .argument(
      '[address]',
      'webhdfs://namenode:9870/user/alice/envs/risk or file:///path (default: that of the configuration), or with an alias of HdfsCLI: prod:/user/alice/envs/risk. One argument alone is the address if it begins with a scheme (webhdfs:/, file:/), else the directory',
    )
    .addOption(
      new Option(
        '--layout <layout>',
        'one file on HDFS for each file (tree), or one archive for each wheel, which executors unpack with the program tar (tar); auto takes tar, unless the setting executors-have-tar is false (default: what it was built for, else tree)',
      ).choices(['tree', 'tar', 'auto']),
    )
    .option(
      '--concurrency <n>',
      'the most uploads at once; fewer while the cluster is no faster with more',
      parsePositiveInteger,
      DEFAULT_CONCURRENCY,
    )
    .option(
      '--replication <n>',
      "replicas of each uploaded file (default: the cluster's own; of an archive, as many as there are DataNodes, where that is 4 to 10)",
      parsePositiveInteger,
    )
    .option('--user <name>', 'user name on a cluster without Kerberos (default: HADOOP_USER_NAME, else yours)')
    .option('--update-bootstrap', 'replace activate_env.py at the top of the environment; only when no job is queued')
    .option('--json', 'print one JSON document on stdout')
    .action((first: string | undefined, second: string | undefined, { json }: PublishFlags) =>
      run(json === true, async (context) => {
        const given = readPublishArguments([first, second].filter((one) => one !== undefined));
        const { address } = given;
        const configured = await configure(command, context, { arguments: address === undefined ? {} : { address } });
        await runPublish(given, command.opts<PublishFlags>(), configured, context);
      }),
    );
};

async function runPublish(
  given: PublishArguments,
  flags: PublishFlags,
  configured: Configured,
  context: CommandContext,
): Promise<void> {
  const { output, signal, env } = context;
  // before anything is built, so that nobody waits for an answer that was clear
  const place = await requirePlace(configured.settings, env);
  const directory = given.directory ?? (await buildFirst(flags, context));
  await withStore(place.address, place.user, context, async (store, address, user) => {
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
        replication: flags.replication,
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
    const disk = diskOfJob(release, manifest.files);
    output.print(describeDisk(release, disk));
    const couldBeTar = release.layout === 'tree' && configured.settings['executors-have-tar'] !== false;
    if (couldBeTar) output.print(describeSaving(manifest));
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
      disk,
      ...(couldBeTar ? { withTar: savingOfTar(manifest) } : {}),
    });
  });
}

function sourceOf(
  directory: string,
  manifest: Manifest,
  { layout = manifest.layout }: PublishFlags,
  { env, output, signal }: CommandContext,
): PublishSource {
  if (layout === 'tree') {
    if (manifest.layout === 'tar') throw notUnpacked(directory);
    return { layout, content: ({ path }) => openEntry(directory, path) };
  }
  return {
    layout: 'tar',
    makeLayers: () => {
      const cache = cacheDirectory(env);
      const findWheels = (): Promise<string[]> => {
        output.note(`Making archives of ${formatNumberOf(manifest.packages.length, 'wheel')}`);
        return Promise.all(
          manifest.packages.map(
            async ({ wheel, sha256 }) =>
              (await keptWheel(directory, { wheel, sha256 })) ??
              (await cachedWheel(sha256, wheel, cache)) ??
              wheelGone(wheel, manifest),
          ),
        );
      };
      return openLayers({ manifest, findWheels, cacheDirectory: cache, signal });
    },
  };
}

/** Loaded only now: who publishes what is built need not wait for all that resolves. */
async function buildFirst({ layout }: PublishFlags, context: CommandContext): Promise<string> {
  const { buildForPublish } = await import('../build-for-publish.ts');
  return buildForPublish(layout, context);
}

function notUnpacked(directory: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'CLI_NOT_UNPACKED',
    exit: 'usage',
    message: `Cannot publish ${directory} with --layout tree: it was built with --layout tar, so no file was unpacked`,
    hints: ['Build it again without --layout tar, or publish it with --layout tar.'],
  });
}

function wheelGone(wheel: string, { layout }: Manifest): never {
  throw new HdfsVenvError({
    code: 'CLI_WHEEL_GONE',
    exit: 'usage',
    message: `Cannot make an archive of ${wheel}: it is no longer in the cache of wheels`,
    hints: [
      'Build again, which fetches it, then publish.',
      ...(layout === 'tree' ? ['Or publish the files that were unpacked: --layout tree.'] : []),
    ],
  });
}
