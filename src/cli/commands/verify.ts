import { EXIT_CODES } from '../../errors/hdfs-venv-error.ts';
import { describeDifference } from '../../publish/compare-tree.ts';
import { verify, type VerifyResult } from '../../publish/verify.ts';
import { formatBytes, formatFiles, formatNumberOf } from '../format.ts';
import { withConfiguredStore } from '../open-store.ts';
import { createProgress } from '../progress.ts';
import { type AddCommand, parsePositiveInteger } from '../run-command.ts';

interface VerifyFlags {
  readonly release?: number;
  readonly concurrency: number;
  readonly json?: true;
}

const DEFAULT_QUESTIONS = 32;

export const addVerify: AddCommand = (program, run) => {
  const command = program.command('verify');
  command
    .summary('compare a release with what the store holds now')
    .description(
      'Compares every file of a release with what the store holds: names, lengths, checksums. Exits 8 and names each file that is missing, extra or changed.',
    )
    .argument('[address]', 'the environment, as given to publish (default: that of the configuration)')
    .option('--release <n>', 'a release number (default: the current one)', parsePositiveInteger)
    .option('--concurrency <n>', 'questions at once', parsePositiveInteger, DEFAULT_QUESTIONS)
    .option('--user <name>', 'user name on a cluster without Kerberos (default: HADOOP_USER_NAME, else yours)')
    .option('--json', 'print one JSON document on stdout')
    .action((addressText: string | undefined, flags: VerifyFlags) =>
      run(flags.json === true, (context) =>
        withConfiguredStore(command, addressText, context, async (store) => {
          const progress = createProgress(context.output.stderr, 'Verifying', context.env);
          let result: VerifyResult;
          try {
            result = await verify({
              store,
              concurrency: command.opts<VerifyFlags>().concurrency,
              onProgress: progress.update,
              ...(flags.release === undefined ? {} : { number: flags.release }),
            });
          } finally {
            progress.stop();
          }
          const { number, release } = result.verified;
          const { differences } = result;
          const whole = `${formatFiles(release.fileCount)}, ${formatBytes(release.byteCount)}`;
          for (const difference of differences) context.output.print(describeDifference(difference));
          context.output.print(
            differences.length === 0
              ? `Release ${number} of ${store.address} is whole: ${whole}, every length and checksum as published.`
              : `Release ${number} of ${store.address} is not what was published: ${formatNumberOf(differences.length, 'difference')} in ${whole}.`,
          );
          context.output.printJson({
            release: number,
            digest: release.digest,
            whole: differences.length === 0,
            differences,
          });
          return differences.length === 0 ? 0 : EXIT_CODES.differences;
        }),
      ),
    );
};
