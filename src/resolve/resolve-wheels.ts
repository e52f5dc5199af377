import { basename, dirname, resolve } from 'node:path';
import { explainSystemError } from '../errors/system-error.ts';
import type { Target } from '../target/target.ts';
import type { Rules } from '../wheel/rules.ts';
import { parseBuild } from './built-wheels.ts';
import { chooseWheels, type ChosenWheels } from './choose-wheels.ts';
import { describeDemand, inputsDigest } from './demand.ts';
import type { OnResolveEvent } from './events.ts';
import { listGiven, readInputs } from './inputs.ts';
import { fetchLocked } from './lock/fetch-locked.ts';
import type { LockChoice } from './lock/find-lock.ts';
import { readFittingLock } from './lock/lock-fit.ts';
import type { LockedPackage } from './lock/locked-package.ts';
import { describeTool, describeWanted, type ProvidedPackage, type ToolTable } from './lock/tool-table.ts';
import { readOtherFormats, requireAllPinned } from './other-formats.ts';
import { ownWheels } from './own-wheels.ts';
import { pipEngine } from './pip/engine.ts';
import { type IndexOptions, NO_INDEX_OPTIONS } from './pip/index-options.ts';
import { DEFAULT_PROVIDED, parseProvided } from './provided.ts';
import { withScratch } from './scratch.ts';
import { keepWheel } from './wheel-cache.ts';

export interface ResolveOptions {
  /** Requirements and paths as typed: `pandas==2.2.3`, `./risk_app`, `job.py`, `dist/risk-1.0-py3-none-any.whl`, `requirements.txt`, `uv.lock`. */
  readonly requirements: readonly string[];
  /** Values of `-r`. */
  readonly requirementFiles?: readonly string[];
  readonly target: Target;
  /** `NAME` or `NAME==VERSION` of all that the cluster brings; `DEFAULT_PROVIDED` when left out. */
  readonly provided?: readonly string[];
  /** Names of packages that may be built from source. */
  readonly build?: readonly string[];
  /** Where packages come from, besides pip's own settings. */
  readonly index?: IndexOptions;
  /** The lock that is used if it fits; none when left out. */
  readonly lock?: LockChoice;
  /** For wheels that are given, and for those that pip cannot read; strict by default. */
  readonly rules?: Rules;
  /** Ours alone: wheels, the private pip, pip's HTTP cache. */
  readonly cacheDirectory: string;
  /** The interpreter that runs pip; else `HDFS_VENV_PYTHON`, `python3`, `python`. */
  readonly python?: string;
  /** Where relative paths count from; the process's own by default. */
  readonly workingDirectory?: string;
  readonly onProgress?: OnResolveEvent;
  readonly signal?: AbortSignal;
}

export interface Resolution {
  /** Absolute paths in the cache, sorted by file name: exactly the set that was chosen this time, or that the lock names. */
  readonly wheels: readonly string[];
  /** What it was made from, as the manifest keeps it: as given, without secrets, and the sha256 of all that decides the result. */
  readonly inputs: { readonly requirements: readonly string[]; readonly digest: string };
  /** Packages of `provided` that something asked for, with the requirements that they stand for, as written. */
  readonly provided: readonly ProvidedPackage[];
  /** What a lock holds: all but the user's own code. */
  readonly packages: readonly LockedPackage[];
  readonly tool: ToolTable;
  /** Absolute path of the lock that decided; null when pip chose. */
  readonly locked: string | null;
}

/**
 * Finds the wheels that meet the requirements on the target: by the lock if one fits, else pip chooses and downloads, and it is
 * proven that nothing is missing.
 *
 * @throws HdfsVenvError with exit `resolve`: no such package, no wheel, a conflict, a closure that is not met; `usage`: paths and
 * requirements that cannot be read; `network`, `permission`: the index; `integrity`: a hash; `interrupted`: `signal`. See
 * `explainSystemError` (for the cache), `explainFailure`, `readArgument`, `wheelOfProject`, `checkClosure`, `readFittingLock`,
 * `readLock` for the codes.
 */
export async function resolveWheels(options: ResolveOptions): Promise<Resolution> {
  try {
    return await resolveInCache(options);
  } catch (error) {
    throw explainSystemError(error, {
      room: 'RESOLVE',
      problem: `Cannot use the cache ${options.cacheDirectory}`,
      elsewhere: 'Set HDFS_VENV_CACHE to a directory that you may write to.',
    });
  }
}

async function resolveInCache(options: ResolveOptions): Promise<Resolution> {
  const workingDirectory = resolve(options.workingDirectory ?? '.');
  const cacheDirectory = resolve(options.cacheDirectory);
  const onEvent = options.onProgress ?? ((): void => {});
  const { target, signal, rules, index: flags = NO_INDEX_OPTIONS } = options;
  const build = parseBuild(options.build ?? []);
  const provided = parseProvided(options.provided ?? DEFAULT_PROVIDED);
  const inputs = await readInputs({
    requirements: options.requirements,
    requirementFiles: options.requirementFiles ?? [],
    index: flags,
    target,
    workingDirectory,
    onEvent,
  });
  // pip itself, and what a lock names, come from where the requirements files say, too
  const index = {
    ...flags,
    noIndex: flags.noIndex || inputs.noIndex,
    findLinks: [...flags.findLinks, ...inputs.findLinks],
  };
  const pipOptions = { cacheDirectory, index, workingDirectory, onEvent, signal };
  const engine = pipEngine(target, options.python, pipOptions);

  return withScratch(cacheDirectory, async (scratch) => {
    const own = await ownWheels(inputs.own, { engine, target, scratch, rules, onEvent, signal });
    const demand = describeDemand({ lines: inputs.lines, own, provided, build });
    const wanted = describeWanted(target, demand);
    const lock =
      options.lock === undefined
        ? undefined
        : await readFittingLock(options.lock, { wanted, own, tags: target.tags }, onEvent);
    const shared = { target, index, engine, cacheDirectory, scratch, workingDirectory, rules, onEvent, signal };
    let chosen: ChosenWheels;
    if (options.lock !== undefined && lock !== undefined) {
      const wheels = await fetchLocked(lock.packages, {
        ...shared,
        lockName: basename(options.lock.path),
        lines: inputs.lines,
      });
      for (const { path, fileName } of own)
        wheels.push((await keepWheel(dirname(path), fileName, cacheDirectory)).path);
      chosen = { ...lock, wheels };
    } else {
      const other = await readOtherFormats(inputs, target, provided, async () => {
        return { ...pipOptions, python: (await engine()).python };
      });
      const requirements = [...inputs.requirements, ...other.requirements];
      chosen = await chooseWheels({ ...shared, inputs, requirements, own, provided, build });
      requireAllPinned(inputs, other, chosen.packages);
    }
    return {
      wheels: chosen.wheels.toSorted((left, right) => (basename(left) < basename(right) ? -1 : 1)),
      inputs: { requirements: listGiven(inputs), digest: inputsDigest(demand, own, target) },
      provided: chosen.provided,
      packages: chosen.packages,
      tool: describeTool(wanted, chosen.packages, chosen.provided, chosen.ownAsked),
      locked: lock === undefined ? null : (options.lock?.path ?? null),
    };
  });
}
