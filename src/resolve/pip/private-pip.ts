import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { makeDirectory } from '../../errors/make-directory.ts';
import type { Target } from '../../target/target.ts';
import type { OnResolveEvent } from '../events.ts';
import type { HostPython } from './host-python.ts';
import { indexTrouble } from '../failure/index-trouble.ts';
import { runPip } from './pip-process.ts';

interface PinnedPip {
  readonly version: string;
  /** Oldest Python 3 that it runs on. */
  readonly oldestMinor: number;
  /** Of `pip-<version>-py3-none-any.whl`. */
  readonly sha256: string;
}

/** For targets from Python 3.4 on, newest first: the first that runs on the host's Python is taken. */
const FOR_PYTHON_3: readonly PinnedPip[] = [
  { version: '26.3', oldestMinor: 10, sha256: 'f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13' },
  { version: '26.0.1', oldestMinor: 9, sha256: 'bdb1b08f4274833d62c1aa29e20907365a2ceb950410df15fc9521bad440122b' },
  { version: '25.0.1', oldestMinor: 8, sha256: 'c46efd13b6aa8279f33f2864459c8ce587ea6a1a59ee20de055868d8f7688f7f' },
];

/** From 24.1 on pip rejects metadata that wheels for 2.7 are full of (`pytz (>=2011k)`). */
const FOR_PYTHON_2: readonly PinnedPip[] = [
  { version: '24.0', oldestMinor: 7, sha256: 'ba0d021a166865d2265246961bec0152ff124de910c5cc39f1156ce3fa7c69dc' },
];

export interface Pip {
  readonly version: string;
  /** Directory that holds the package `pip`; null for the host Python's own. */
  readonly directory: string | null;
}

export interface PipOptions {
  readonly python: HostPython;
  readonly cacheDirectory: string;
  readonly onEvent: OnResolveEvent;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The pip that chooses wheels for a target: pinned, private, in `cacheDirectory`. It is fetched once, by the host's pip through the
 * index that the host's pip is set up for, and compared with its known digest; the user's own pip and environments are
 * never changed. Runs at the same time may fetch it together: one rename wins.
 *
 * When it cannot be fetched, the host's own pip is taken if it is one that `pip_for_target.py` can drive.
 *
 * @throws HdfsVenvError `RESOLVE_PIP_UNAVAILABLE` (network, or resolve when the index answers but lacks it),
 * `RESOLVE_PIP_DIGEST` (integrity) when the index hands out something else
 */
export async function providePip(target: Target, options: PipOptions): Promise<Pip> {
  const isPython2 = target.python.startsWith('2.');
  const choice = isPython2 ? FOR_PYTHON_2 : FOR_PYTHON_3;
  const pinned = choice.find(({ oldestMinor }) => options.python.minor >= oldestMinor);
  const [preferred] = choice;
  if (pinned === undefined || preferred === undefined) {
    throw new RangeError(`No pip for Python 3.${options.python.minor}`);
  }
  if (pinned !== preferred) {
    const text = `pip ${pinned.version} instead of ${preferred.version}: this machine's Python is 3.${options.python.minor}`;
    options.onEvent({ type: 'notice', text });
  }
  const directory = join(options.cacheDirectory, 'pip', pinned.version);
  if (await isThere(directory)) return { version: pinned.version, directory };
  const failure = await fetchPip(pinned, directory, options);
  if (failure === undefined) return { version: pinned.version, directory };
  const own = await hostPip(options.python);
  if (own === undefined || !canDrive(own, isPython2)) throw failure;
  options.onEvent({ type: 'notice', text: `pip ${own} of ${options.python.path}: ${failure.message}` });
  return { version: own, directory: null };
}

async function fetchPip(pinned: PinnedPip, directory: string, options: PipOptions): Promise<HdfsVenvError | undefined> {
  const incoming = join(options.cacheDirectory, 'pip', `.incoming-${randomUUID()}`);
  makeDirectory(incoming);
  try {
    options.onEvent({ type: 'downloading', text: `pip ${pinned.version}` });
    const { report, log, stderr } = await runPip({
      python: options.python,
      pip: null,
      arguments: [
        'download',
        '--no-input',
        '--disable-pip-version-check',
        '--no-deps',
        '--only-binary=:all:',
        '--dest',
        incoming,
        `pip==${pinned.version}`,
      ],
      target: null,
      scratch: incoming,
      workingDirectory: incoming,
      signal: options.signal,
    });
    if (report.status !== 0) return unavailable(pinned, log, stderr);
    const wheel = join(incoming, `pip-${pinned.version}-py3-none-any.whl`);
    const sha256 = createHash('sha256')
      .update(await readFile(wheel))
      .digest('hex');
    if (sha256 !== pinned.sha256) {
      throw new HdfsVenvError({
        code: 'RESOLVE_PIP_DIGEST',
        exit: 'integrity',
        message: `Cannot trust pip ${pinned.version} from the index: expected sha256 ${pinned.sha256}, got ${sha256}`,
        hints: ['The index (see `pip config list`) hands out a changed file under this name.'],
      });
    }
    const unpacked = join(incoming, 'unpacked');
    await execa(options.python.path, ['-I', '-m', 'zipfile', '-e', wheel, unpacked]);
    await rename(unpacked, directory).catch(async (error: unknown) => {
      // another run was faster, with the same digest
      if (!(await isThere(directory))) throw error;
    });
    return undefined;
  } catch (error) {
    if (error instanceof HdfsVenvError && error.code === 'RESOLVE_PIP_CRASHED')
      return unavailable(pinned, '', error.message);
    throw error;
  } finally {
    await rm(incoming, { recursive: true, force: true, maxRetries: 3 });
  }
}

function unavailable(pinned: PinnedPip, log: string, stderr: string): HdfsVenvError {
  const trouble = indexTrouble(log);
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  const noPip = /No module named '?pip/.test(stderr);
  return new HdfsVenvError({
    code: 'RESOLVE_PIP_UNAVAILABLE',
    exit: trouble?.exit ?? (noPip ? 'usage' : 'resolve'),
    message: `Cannot fetch pip ${pinned.version} with this machine's pip: ${trouble?.message ?? lastLine}`,
    hints: noPip
      ? [
          'Install pip for this Python (`python3 -m ensurepip`, or the package python3-pip), or set HDFS_VENV_PYTHON to one that has it.',
        ]
      : (trouble?.hints ?? [
          `Put pip-${pinned.version}-py3-none-any.whl on the index, or in a directory that PIP_FIND_LINKS names.`,
        ]),
  });
}

async function hostPip(python: HostPython): Promise<string | undefined> {
  const result = await execa(python.path, ['-I', '-c', 'import pip; print(pip.__version__)'], { reject: false });
  return result.exitCode === 0 ? result.stdout.trim() : undefined;
}

/** 24.0 to 26.3; for Python 2.7 only 24.0. */
function canDrive(version: string, isPython2: boolean): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (isPython2) return major === 24 && minor === 0;
  return (major >= 24 && major < 26) || (major === 26 && minor <= 3);
}

async function isThere(directory: string): Promise<boolean> {
  return stat(join(directory, 'pip', '__init__.py')).then(
    () => true,
    () => false,
  );
}
