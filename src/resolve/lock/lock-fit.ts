import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { isErrno } from '../../errors/system-error.ts';
import type { OnResolveEvent } from '../events.ts';
import { allows } from '../failure/blocked.ts';
import type { OwnWheel } from '../own-wheels.ts';
import type { LockChoice } from './find-lock.ts';
import type { LockedPackage } from './locked-package.ts';
import { parsePylock } from './pylock.ts';
import { packagesOfLock } from './pylock-packages.ts';
import { selectWheel } from './select-wheel.ts';
import {
  differences,
  packagesDigest,
  type ProvidedPackage,
  readToolTable,
  type ToolTable,
  type Wanted,
} from './tool-table.ts';

/** A lock of ours that fits. */
export interface FittingLock {
  readonly packages: readonly LockedPackage[];
  readonly provided: readonly ProvidedPackage[];
  /** See `ToolTable`. */
  readonly ownAsked: ToolTable['own-asked'];
}

/** What is asked for now, and what goes along with the locked packages. */
export interface LockDemand {
  readonly wanted: Wanted;
  readonly own: readonly OwnWheel[];
  /** Of the target, best first. */
  readonly tags: readonly string[];
}

/**
 * Reads the lock for what is asked for now. One that does not fit any more is never used in part: what changed is said, and
 * all is resolved anew.
 *
 * @returns undefined when there is none, when another program wrote it, or when it does not fit
 * @throws HdfsVenvError `RESOLVE_LOCK_MISSING` (usage), `RESOLVE_LOCK_STALE` (resolve) when one is required; `RESOLVE_LOCK_FORMAT`
 * (usage) when it is none; `RESOLVE_LOCK_READ` (permission) when it cannot be read
 */
export async function readFittingLock(
  { path, isRequired, isGuess = false }: LockChoice,
  { wanted, own, tags }: LockDemand,
  onEvent: OnResolveEvent,
): Promise<FittingLock | undefined> {
  const name = basename(path);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw new HdfsVenvError({
      code: 'RESOLVE_LOCK_READ',
      exit: 'permission',
      message: `Cannot read the lock ${path}: ${error instanceof Error ? error.message : ''}`,
      cause: error,
    });
  });
  if (text === undefined) {
    if (!isRequired) return undefined;
    throw new HdfsVenvError({
      code: 'RESOLVE_LOCK_MISSING',
      exit: 'usage',
      message: `Cannot use the lock ${name}: there is no such file in ${dirname(path)}`,
      hints: ['Make it: `hdfs-venv lock` with the same requirements and target. Or name another one with --lock.'],
    });
  }
  const lock = parsePylock(text, name);
  const tool = readToolTable(lock.tool);
  const packages = tool === undefined ? [] : packagesOfLock(lock, dirname(path), name);
  const reasons =
    tool === undefined
      ? ['it was not made by hdfs-venv lock']
      : [...differences(tool, wanted), ...ownProblems(own, tool, tags)];
  if (tool !== undefined && tool.packages !== packagesDigest(packages)) reasons.push('its packages were edited');
  if (tool !== undefined && reasons.length === 0) {
    const provided = tool.met.map((met) => ({ ...met, version: met.version ?? null }));
    return { packages, provided, ownAsked: tool['own-asked'] };
  }
  if (isRequired) {
    throw new HdfsVenvError({
      code: 'RESOLVE_LOCK_STALE',
      exit: 'resolve',
      message: `Cannot use the lock ${name}: ${reasons.join('; ')}`,
      hints: ['Renew it: `hdfs-venv lock` with the same requirements and target.'],
    });
  }
  if (isGuess) return undefined;
  const hint = tool === undefined ? 'give it as an argument to build what it says' : 'renew it with `hdfs-venv lock`';
  const adjective = tool === undefined ? 'not used' : 'stale and not used';
  onEvent({ type: 'notice', text: `${name} is ${adjective}: ${reasons.join('; ')}; ${hint}` });
  return undefined;
}

/** The own code is made anew each time: what was proven of it when the lock was made may not hold any more. */
function ownProblems(own: readonly OwnWheel[], tool: ToolTable, tags: readonly string[]): string[] {
  return own.flatMap(({ given, name, version, fileName }) => {
    const asked = tool['own-asked'].filter((one) => one.name === name);
    const broken = asked.filter(({ requirement }) => !allows(requirement, version));
    const reasons = broken.map(({ requirement }) => `${given} is ${name} ${version}, and ${requirement} is asked for`);
    if (selectWheel([{ fileName }], tags) === undefined) reasons.push(`the target does not load ${fileName}`);
    return reasons;
  });
}
