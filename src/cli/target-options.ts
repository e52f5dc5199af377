import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { isErrno } from '../errors/system-error.ts';
import { parseCompletePlatform } from '../target/complete-platform.ts';
import { PROFILE_NAMES } from '../target/platform.ts';
import { parseTarget, type Target } from '../target/target.ts';
import { formatNumberOf } from './format.ts';
import { collectValues } from './run-command.ts';

/** Flags of every command that is about a cluster's Python. */
export interface TargetFlags {
  readonly python?: string;
  readonly platform?: readonly string[];
  readonly glibc?: string;
  readonly arch?: string;
  readonly abi?: string;
  readonly completePlatform?: string;
}

/** The ways to say it, each with an example. */
const WAYS = [
  '--python 3.7.16 --platform rhel7: the Python of the cluster and the name of its system.',
  '--python 3.7.16 --glibc 2.17 [--arch aarch64]: any other Linux, by the glibc that `ldd --version` prints on a node.',
  '--complete-platform node.json: what `pex3 interpreter inspect --markers --tags` prints on a node.',
  'Or the same in hdfs-venv.toml: python = "3.7.16" and platform = "rhel7".',
];

/** Adds the options that say what the cluster runs; `readTarget` reads them. */
export function addTargetOptions(command: Command): Command {
  return command
    .option(
      '--python <version>',
      'required, unless there is --complete-platform: the Python of the cluster, 3.7 or 3.7.16',
    )
    .option(
      '--platform <name>',
      `required, unless there is --glibc or --complete-platform: the system of the cluster, ${PROFILE_NAMES.join(', ')}, for ARM with -aarch64 (rhel8-aarch64), or a platform tag; may be given several times`,
      collectValues,
    )
    .option('--glibc <version>', 'the system by the version of its glibc, 2.17, instead of --platform')
    .option('--arch <name>', 'x86_64 (default) or aarch64')
    .option('--abi <tag>', 'another ABI than the usual one, such as cp27m')
    .option('--complete-platform <file>', 'instead of all these: a complete platform of pex, as JSON');
}

/**
 * Reads what the user says of the cluster: `--complete-platform` alone, or `--python` with `--platform` or `--glibc`.
 *
 * @throws HdfsVenvError `TARGET_OPTIONS` (usage) with the ways to say it, unless it was said in exactly one;
 * `TARGET_FILE_MISSING`, `TARGET_FILE_NOT_READABLE`; see also `parseTarget`, `parseCompletePlatform`
 */
export async function readTarget(flags: TargetFlags): Promise<Target> {
  const { python, platform, glibc, arch, abi, completePlatform } = flags;
  if (completePlatform !== undefined) {
    const [other] = given({ python, platform, glibc, arch, abi });
    if (other !== undefined)
      throw wrongOptions(`--complete-platform ${completePlatform} cannot be combined with ${other}`);
    return parseCompletePlatform(await readCompletePlatform(completePlatform), completePlatform);
  }
  const [system, otherSystem] = given({ platform, glibc });
  if (otherSystem !== undefined) throw wrongOptions(`${system} and ${otherSystem} both name the system, expected one`);
  if (python === undefined) {
    const [some] = given({ platform, glibc, arch, abi });
    throw wrongOptions(
      some === undefined ? 'neither --python nor --complete-platform was given' : `${some} was given without --python`,
    );
  }
  const rest = { python, ...(arch === undefined ? {} : { arch }), ...(abi === undefined ? {} : { abi }) };
  if (glibc !== undefined) return parseTarget({ ...rest, glibc });
  if (platform !== undefined) return parseTarget({ ...rest, platform });
  throw wrongOptions(`--python ${python} was given without --platform or --glibc`);
}

/** One line for the person who watches: which release `X.Y` stands for, and which wheels fit. */
export function describeTarget({ python, pythonGiven, abi, profile, platforms }: Target): string {
  const completed = python === pythonGiven ? '' : ` (the newest ${pythonGiven}; name another with --python X.Y.Z)`;
  const [newest = '', ...older] = platforms;
  const system = profile === null ? newest : `${profile}: ${newest}`;
  const more = older.length === 0 ? '' : ` and ${formatNumberOf(older.length, 'older tag')}`;
  return `Python ${python}${completed}, ${abi}, ${system}${more}`;
}

/** `--platform rhel7`, for each that was given. */
function given(flags: Readonly<Record<string, string | readonly string[] | undefined>>): string[] {
  return Object.entries(flags).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [value]
          .flat()
          .map((one) => `--${name} ${one}`)
          .join(' '),
  );
}

function wrongOptions(why: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'TARGET_OPTIONS',
    exit: 'usage',
    message: `Cannot tell what the cluster runs: ${why}`,
    hints: WAYS,
  });
}

async function readCompletePlatform(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const isMissing = isErrno(cause, 'ENOENT', 'ENOTDIR');
    throw new HdfsVenvError({
      code: isMissing ? 'TARGET_FILE_MISSING' : 'TARGET_FILE_NOT_READABLE',
      exit: isErrno(cause, 'EACCES', 'EPERM') ? 'permission' : 'usage',
      message: isMissing
        ? `Cannot find the complete platform ${JSON.stringify(file)}`
        : `Cannot read the complete platform ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      hints: ['--complete-platform takes the name of a file with JSON in it.'],
      cause,
    });
  }
}
