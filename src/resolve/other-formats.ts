import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { Target } from '../target/target.ts';
import type { Inputs } from './inputs.ts';
import { markerEvaluator } from './lock/evaluate-markers.ts';
import { type Pin, pinRequirement } from './lock/lock-content.ts';
import type { LockedPackage } from './lock/locked-package.ts';
import { readLock } from './lock/read-lock.ts';
import type { PipOptions } from './pip/private-pip.ts';

/** What arguments that are no requirements files for pip mean, in pip's words. */
export interface OtherFormats {
  readonly requirements: readonly string[];
  /** What locks fix. */
  readonly pins: readonly Pin[];
}

/**
 * Puts what pyproject.toml files and locks ask for into pip's words; the locks are read only now, because that takes pip.
 *
 * @throws HdfsVenvError the codes of `readLock`
 */
export async function readOtherFormats(
  inputs: Inputs,
  target: Target,
  provided: ReadonlyMap<string, string | null>,
  pipOptions: () => Promise<PipOptions>,
): Promise<OtherFormats> {
  const requirements = [...inputs.projectRequirements];
  const pins: Pin[] = [];
  const ownFolders = inputs.own.map(({ path }) => path);
  for (const { path, extras } of inputs.locks) {
    const evaluate = markerEvaluator(target, await pipOptions());
    const lock = await readLock(path, extras, target, provided, evaluate, ownFolders);
    pins.push(...lock.pins);
    // nothing to get, but the environment says what it counts on
    requirements.push(...lock.provided);
  }
  return { requirements: [...requirements, ...pins.map(pinRequirement)], pins };
}

/**
 * Where only a lock says what is wanted, it must say all of it: a package that pip had to add was chosen by nobody.
 *
 * @throws HdfsVenvError `RESOLVE_LOCK_INCOMPLETE` (resolve) with what is not locked
 */
export function requireAllPinned(inputs: Inputs, { pins }: OtherFormats, packages: readonly LockedPackage[]): void {
  const { locks, files, requirements, projects } = inputs;
  if (locks.length === 0 || files.length + requirements.length + projects.length > 0) return;
  const pinned = new Set(pins.map(({ name }) => name));
  const others = packages.filter(({ name }) => !pinned.has(name)).map(({ name, version }) => `${name} ${version}`);
  if (others.length === 0) return;
  const names = locks.map(({ given }) => given).join(', ');
  throw new HdfsVenvError({
    code: 'RESOLVE_LOCK_INCOMPLETE',
    exit: 'resolve',
    message: `Cannot build what ${names} says: on this target ${others.join(', ')} would be needed, too, and ${names} does not lock it`,
    hints: ['Lock it with the tool that made the lock, or give it as a requirement of its own besides the lock.'],
  });
}
