import type { Release } from '../../publish/release.ts';
import { readReleases, requireReleaseNumbers } from '../../publish/releases.ts';
import { formatBytes, formatCount, formatTable } from '../format.ts';
import { withConfiguredStore } from '../open-store.ts';
import type { AddCommand } from '../run-command.ts';

interface ReleasesFlags {
  readonly json?: true;
}

export const addReleases: AddCommand = (program, run) => {
  const command = program.command('releases');
  command
    .summary('list the releases of a published environment')
    .description('Lists the releases of a published environment, newest first. The newest is the one that jobs get.')
    .argument('[address]', 'the environment, as given to publish (default: that of the configuration)')
    .option('--user <name>', 'user name on a cluster without Kerberos (default: HADOOP_USER_NAME, else yours)')
    .option('--json', 'print one JSON document on stdout')
    .action((addressText: string | undefined, flags: ReleasesFlags) =>
      run(flags.json === true, (context) =>
        withConfiguredStore(command, addressText, context, async (store) => {
          const numbers = (await requireReleaseNumbers(store)).toReversed();
          const releases = await readReleases(store, numbers);
          const rows = releases.map(({ number, release }, index) => [
            `${number}${index === 0 ? ' (current)' : ''}`,
            ...describeRelease(release),
          ]);
          const header = ['RELEASE', 'PUBLISHED', 'BY', 'PYTHON', 'PACKAGES', 'FILES', 'SIZE', 'DIGEST'];
          context.output.print(formatTable([header, ...rows]));
          context.output.printJson({
            address: store.address,
            releases: releases.map(({ number, release }, index) => ({ number, current: index === 0, ...release })),
          });
        }),
      ),
    );
};

function describeRelease(release: Release | undefined): string[] {
  if (release === undefined) return ['not readable by this version'];
  return [
    release.published.at.replace(/\.\d+Z$/, 'Z'),
    release.published.by,
    release.target.python,
    String(release.packages.length),
    formatCount(release.fileCount),
    formatBytes(release.byteCount),
    release.digest.slice(0, 12),
  ];
}
