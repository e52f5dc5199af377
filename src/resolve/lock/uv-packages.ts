import { lockFormatError } from './lock-format.ts';
import type { UvDependency, UvLock, UvPackage, UvSource } from './uv-lock.ts';

/**
 * The package that the lock was made for: the folder of the lock itself, or else the workspace's only member.
 *
 * @throws HdfsVenvError `RESOLVE_LOCK_FORMAT` when there is none, with the members to choose from
 */
export function rootOf(lock: UvLock, lockName: string): UvPackage {
  const here = lock.package.find(({ source }) => folderOf(source) === '.');
  if (here !== undefined) return here;
  const folders = lock.package.filter(({ source }) => folderOf(source) !== undefined);
  const names = lock.manifest?.members ?? folders.map(({ name }) => name);
  const members = folders.filter(({ name }) => names.includes(name));
  const [only] = members;
  if (only !== undefined && members.length === 1) return only;
  const found = members.map(({ name, source }) => `${name} (${folderOf(source)})`).join(', ');
  throw lockFormatError(
    lockName,
    `expected one project that it is the lock of, got ${found === '' ? 'none' : `a workspace of ${found}`}`,
    members.length === 0
      ? []
      : ['Export the lock of one member: `uv export --package NAME --format pylock.toml -o pylock.toml`.'],
  );
}

/** The folder of a package that is sources on this machine, as the lock writes it. */
export function folderOf({ editable, virtual, directory }: UvSource): string | undefined {
  return editable ?? virtual ?? directory;
}

/** The name stands for one package, or version and source tell which of several it is. */
export function findPackage(lock: UvLock, dependency: UvDependency, lockName: string): UvPackage {
  const found = lock.package.filter(
    (one) =>
      one.name === dependency.name &&
      (dependency.version === undefined || one.version === dependency.version) &&
      (dependency.source === undefined || sameSource(one.source, dependency.source)),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const wanted = [dependency.name, dependency.version].filter((part) => part !== undefined).join(' ');
  throw lockFormatError(lockName, `expected one package ${wanted}, which others depend on, got ${found.length}`);
}

function sameSource(left: UvSource, right: UvSource): boolean {
  const keys = ['registry', 'git', 'url', 'path', 'directory', 'editable', 'virtual', 'subdirectory'] as const;
  return keys.every((key) => left[key] === right[key]);
}
