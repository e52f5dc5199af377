import { basename, resolve } from 'node:path';
import type { Candidate, CandidateFile, CandidateSource } from './choose-pins.ts';
import { type FileEntry, locateFile, type LockPlace } from './locate-file.ts';
import { folderOf } from './uv-packages.ts';
import type { UvPackage } from './uv-lock.ts';

/** What a package of uv's lock offers. */
export function uvCandidate(one: UvPackage, extras: Iterable<string>, place: LockPlace): Candidate {
  return {
    name: one.name,
    version: one.version ?? null,
    extras: [...extras].toSorted(),
    // the wheel in a repository has a name and no address that it could be had from
    wheels: one.source.git === undefined ? one.wheels.map((wheel) => asFile(wheel, one, place)) : [],
    source: sourceOf(one, place),
    excludedBy: null,
  };
}

function asFile(wheel: UvPackage['wheels'][number], one: UvPackage, place: LockPlace): CandidateFile {
  const [, algorithm, digest] = /^([a-z0-9]+):(.+)$/i.exec(wheel.hash ?? '') ?? [];
  const hashes = algorithm === undefined || digest === undefined ? {} : { [algorithm.toLowerCase()]: digest };
  return { ...locateFile(entryOf(wheel, one, place), place), size: wheel.size ?? null, hashes };
}

/** uv's three ways to name a file (`WheelWireSource`). */
function entryOf(file: UvPackage['wheels'][number], { source }: UvPackage, { directory }: LockPlace): FileEntry {
  if (file.url !== undefined) return { url: file.url };
  if (file.path !== undefined) return { path: resolve(directory, source.registry ?? '', file.path) };
  return { name: file.filename, url: source.url, path: source.path };
}

function sourceOf(one: UvPackage, place: LockPlace): CandidateSource | null {
  const { source, sdist } = one;
  const folder = folderOf(source);
  if (folder !== undefined) return { kind: 'folder', location: folder };
  if (source.git !== undefined) return { kind: 'sources', location: `git+${source.git}` };
  if (sdist === undefined) return null;
  return { kind: 'sdist', fileName: basename(locateFile(entryOf(sdist, one, place), place).fileName) };
}
