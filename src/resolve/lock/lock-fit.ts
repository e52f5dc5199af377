import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { isErrno } from '../../errors/system-error.ts';
import { normaliseName } from '../../wheel/wheel-name.ts';
import type { OnResolveEvent } from '../events.ts';
import type { LockedPackage } from './locked-package.ts';
import { parsePylock, type Pylock } from './pylock.ts';
import { differences, packagesDigest, type ProvidedPackage, readToolTable, type Wanted } from './tool-table.ts';

export interface LockChoice {
  /** Absolute. */
  readonly path: string;
  /** One that is missing or does not fit is an error, not a reason to resolve anew. */
  readonly isRequired: boolean;
}

/** A lock of ours that fits. */
export interface FittingLock {
  readonly packages: readonly LockedPackage[];
  readonly provided: readonly ProvidedPackage[];
}

/**
 * Reads the lock for what is asked for now. One that does not fit any more is never used in part: what changed is said, and
 * all is resolved anew.
 *
 * @returns undefined when there is none, when another program wrote it, or when it does not fit
 * @throws HdfsVenvError `RESOLVE_LOCK_MISSING` (usage), `RESOLVE_LOCK_STALE` (resolve) when one is required; `RESOLVE_LOCK_FORMAT`
 * (usage) when it is none
 */
export async function readFittingLock(
  { path, isRequired }: LockChoice,
  now: Wanted,
  onEvent: OnResolveEvent,
): Promise<FittingLock | undefined> {
  const name = basename(path);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
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
  const reasons = tool === undefined ? ['it was not made by hdfs-venv lock'] : differences(tool, now);
  if (tool !== undefined && tool.packages !== packagesDigest(packages)) reasons.push('its packages were edited');
  if (tool !== undefined && reasons.length === 0) {
    const provided = tool.met.map((met) => ({ ...met, version: met.version ?? null }));
    return { packages, provided };
  }
  if (isRequired) {
    throw new HdfsVenvError({
      code: 'RESOLVE_LOCK_STALE',
      exit: 'resolve',
      message: `Cannot use the lock ${name}: ${reasons.join('; ')}`,
      hints: ['Renew it: `hdfs-venv lock` with the same requirements and target.'],
    });
  }
  const hint = tool === undefined ? 'give it as an argument to build what it says' : 'renew it with `hdfs-venv lock`';
  const adjective = tool === undefined ? 'not used' : 'stale and not used';
  onEvent({ type: 'notice', text: `${name} is ${adjective}: ${reasons.join('; ')}; ${hint}` });
  return undefined;
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
