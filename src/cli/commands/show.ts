import { sparkAddress } from '../../config/address.ts';
import { requireRelease } from '../../publish/releases.ts';
import { formatBytes, formatFiles, formatTable } from '../format.ts';
import { withConfiguredStore } from '../open-store.ts';
import { type AddCommand, parsePositiveInteger } from '../run-command.ts';

interface ShowFlags {
  readonly release?: number;
  readonly path?: true;
  readonly json?: true;
}

export const addShow: AddCommand = (program, run) => {
  const command = program.command('show');
  command
    .summary('show one release: its packages and where it lies')
    .description('Shows one release of a published environment: its packages, its target and where it lies.')
    .argument('[address]', 'the environment, as given to publish (default: that of the configuration)')
    .option('--release <n>', 'a release number (default: the current one)', parsePositiveInteger)
    .option(
      '--path',
      "print only what scripts add themselves: the directory of the release's files, or its archives, one in a line",
    )
    .option('--user <name>', 'user name on a cluster without Kerberos (default: HADOOP_USER_NAME, else yours)')
    .option('--json', 'print one JSON document on stdout')
    .action((addressText: string | undefined, flags: ShowFlags) =>
      run(flags.json === true, (context) =>
        withConfiguredStore(command, addressText, context, async (store, address) => {
          const { number, release } = await requireRelease(store, flags.release);
          const environment = sparkAddress(address);
          const paths = release.layout === 'tree' ? [release.tree] : release.layers.map((layer) => layer.path);
          const addresses = paths.map((path) => `${environment}/${path}`);
          const facts = [
            ['release', String(number)],
            ['published', `${release.published.at} by ${release.published.by} with ${release.published.tool}`],
            ['python', `${release.target.python} (${release.target.abi}), ${release.target.platforms[0] ?? ''}`],
            ['content', `${formatFiles(release.fileCount)}, ${formatBytes(release.byteCount)}`],
            ['digest', release.digest],
            ['layout', release.layout],
            ...addresses.map((path, index) => [index === 0 ? 'path' : '', path]),
            ['bootstrap', `${environment}/${release.bootstrap.path}`],
            ['provided', release.provided.map(({ requirements }) => requirements.join(', ')).join('; ') || 'nothing'],
            ...release.allowed.map(({ code, package: name }) => ['allowed', `${code}=${name}`]),
          ];
          const packages = release.packages.map(({ name, version, licence }) => ['', name, version, licence ?? '']);
          context.output.print(
            flags.path ? addresses.join('\n') : `${formatTable(facts)}\npackages\n${formatTable(packages)}`,
          );
          context.output.printJson({ number, paths: addresses, ...release });
        }),
      ),
    );
};
