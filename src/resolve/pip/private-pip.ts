import { join } from 'node:path';
import { execa } from 'execa';
import type { Target } from '../../target/target.ts';
import type { OnResolveEvent } from '../events.ts';
import { fetchPip } from './fetch-pip.ts';
import type { HostPython } from './host-python.ts';
import type { IndexOptions } from './index-options.ts';
import { findLocalPip, readPipWheel } from './local-pip.ts';
import { canDrive, pinnedPips } from './pinned-pip.ts';
import { inspectUnpacked, unpackPip } from './unpack-pip.ts';

export interface Pip {
  readonly version: string;
  /** Directory that holds the package `pip`; null for the host Python's own. */
  readonly directory: string | null;
}

export interface PipOptions {
  readonly python: HostPython;
  readonly cacheDirectory: string;
  /** Flags and requirements files taken together: pip itself comes from there, too. */
  readonly index: IndexOptions;
  /** Relative paths count from it; the process's own by default. */
  readonly workingDirectory?: string;
  readonly onEvent: OnResolveEvent;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The pip that chooses wheels for a target: pinned, private, in `cacheDirectory`; the user's own pip and environments are never changed.
 * It comes from, in this order: the wheel that the user gives; the cache; a local directory of `--find-links`; the index, by the
 * host's pip and its settings; and if that fails, the host's own pip stands in when `pip_for_target.py` can drive it.
 * All but the last are compared with a known digest; a damaged one in the cache is replaced. Runs at the same time may prepare it together: one rename wins.
 *
 * @throws HdfsVenvError `RESOLVE_PIP_WHEEL` (usage) when the given wheel is another one; `RESOLVE_PIP_UNAVAILABLE` (network or permission
 * as the index has it, usage when the host has no pip, resolve when the index answers but lacks it); `RESOLVE_PIP_DIGEST` (integrity)
 * when the index hands out something else
 */
export async function providePip(target: Target, options: PipOptions): Promise<Pip> {
  const { usable, newest } = pinnedPips(target, options.python);
  const [preferred] = usable;
  const directoryOf = (version: string): string => join(options.cacheDirectory, 'pip', version);
  const { pipWheel } = options.index;
  if (pipWheel !== null) {
    const pinned = await readPipWheel(pipWheel, usable, options);
    await unpackPip(pinned.path, directoryOf(pinned.version), options);
    return { version: pinned.version, directory: directoryOf(pinned.version) };
  }
  if (preferred !== newest) {
    const text = `pip ${preferred.version} instead of ${newest.version}: this machine's Python is 3.${options.python.minor}`;
    options.onEvent({ type: 'notice', text });
  }
  const directory = directoryOf(preferred.version);
  const state = await inspectUnpacked(directory);
  if (state === 'whole') return { version: preferred.version, directory };
  if (state === 'damaged')
    options.onEvent({ type: 'notice', text: `pip ${preferred.version} in ${directory} is damaged: it is replaced` });
  const local = await findLocalPip(usable, options);
  if (local !== undefined) {
    await unpackPip(local.path, directoryOf(local.version), options);
    return { version: local.version, directory: directoryOf(local.version) };
  }
  const failure = await fetchPip(preferred, directory, options);
  if (failure === undefined) return { version: preferred.version, directory };
  const own = await hostPip(options.python);
  if (own === undefined || !canDrive(own, target)) throw failure;
  options.onEvent({ type: 'notice', text: `pip ${own} of ${options.python.path} stands in: ${failure.message}` });
  return { version: own, directory: null };
}

async function hostPip(python: HostPython): Promise<string | undefined> {
  const result = await execa(python.path, ['-I', '-c', 'import pip; print(pip.__version__)'], { reject: false });
  return result.exitCode === 0 ? result.stdout.trim() : undefined;
}
