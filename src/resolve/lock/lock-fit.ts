import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { isErrno } from '../../errors/system-error.ts';
import { normaliseName } from '../../wheel/wheel-name.ts';
import type { OnResolveEvent } from '../events.ts';
import type { Target } from '../../target/target.ts';
import { targetDigest } from '../demand.ts';
import { allows } from '../failure/blocked.ts';
import type { OwnWheel } from '../own-wheels.ts';
import type { LockedPackage } from './locked-package.ts';
import { parsePylock, type Pylock } from './pylock.ts';
import { pylockName } from './write-pylock.ts';
import { isLockName, lockToolOf } from './save-lock.ts';
import { selectWheel } from './select-wheel.ts';
import {
  differences,
  packagesDigest,
  type ProvidedPackage,
  readToolTable,
  type ToolTable,
  type Wanted,
} from './tool-table.ts';

export interface LockChoice {
  /** Absolute. */
  readonly path: string;
  /** One that is missing or does not fit is an error, not a reason to resolve anew. */
  readonly isRequired: boolean;
  /** It has not the name that the target's lock usually has: when it does not fit, it is for something else, and nothing is said. */
  readonly isGuess?: boolean;
}

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
  const packages = tool === undefined ? [] : lockedPackages(lock, dirname(path), name);
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

/**
 * The lock that a build uses unless it is told: the one of the target's name, else one beside it that was made for the same tags and
 * markers under another name (`--glibc 2.17` is rhel7, too).
 */
export async function findLock(directory: string, target: Target, isRequired: boolean): Promise<LockChoice> {
  const usual = join(directory, pylockName(target));
  const names = await readdir(directory).catch((): string[] => []);
  if (names.includes(basename(usual))) return { path: usual, isRequired };
  const wanted = targetDigest(target);
  for (const name of names.filter((one) => isLockName(one)).toSorted()) {
    const text = await readFile(join(directory, name), 'utf8').catch(() => '');
    // the table is read only where the digest stands
    if (text.includes(wanted) && lockToolOf(text, name)?.target.digest === wanted) {
      return { path: join(directory, name), isRequired, isGuess: true };
    }
  }
  return { path: usual, isRequired };
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

/** Of a package that was built from its source: the wheel that came of it. */
const builtSchema = z.object({
  'hdfs-venv': z.object({
    built: z.object({ name: z.string(), size: z.number(), sha256: z.string(), tools: z.array(z.string()).default([]) }),
  }),
});

/** The packages of a lock of ours. @throws HdfsVenvError `RESOLVE_LOCK_FORMAT` when an entry was edited into something else */
function lockedPackages(lock: Pylock, directory: string, lockName: string): LockedPackage[] {
  return lock.packages.map((entry) => {
    const built = builtSchema.safeParse(entry.tool).data?.['hdfs-venv'].built;
    const file = built === undefined ? entry.wheels[0] : entry.sdist;
    const sha256 = file?.hashes['sha256'];
    const fileName = file?.name;
    if (file === undefined || sha256 === undefined || fileName === undefined || entry.version === undefined) {
      throw new HdfsVenvError({
        code: 'RESOLVE_LOCK_FORMAT',
        exit: 'usage',
        message: `Cannot read ${lockName}: ${entry.name} has no wheel with name, version and sha256`,
        hints: ['Make it anew: `hdfs-venv lock`.'],
      });
    }
    const source = {
      fileName,
      sha256,
      url: file.url ?? null,
      path: file.path === undefined ? null : resolve(directory, file.path),
    };
    return {
      name: normaliseName(entry.name),
      version: entry.version,
      index: entry.index ?? null,
      requiresPython: entry['requires-python'] ?? null,
      dependencies: entry.dependencies.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
      ...(built === undefined
        ? { ...source, size: file.size ?? 0, source: null }
        : {
            fileName: built.name,
            sha256: built.sha256,
            size: built.size,
            url: null,
            path: null,
            source: { ...source, tools: built.tools },
          }),
    };
  });
}
