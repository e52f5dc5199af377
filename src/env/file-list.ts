import type { FileEntry } from './manifest.ts';

/** Order of UTF-8 bytes, which is the same on every machine and in every locale. */
export function compareUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/**
 * The bytes of `fileListSchema`: sorted by path, keys in a fixed order, one file per line, no other white space, so that
 * equal content has equal bytes everywhere. Their sha256 is the digest of the environment.
 */
export function renderFileList(files: readonly FileEntry[]): Buffer {
  const lines = [...files]
    .sort((left, right) => compareUtf8(left.path, right.path))
    .map(({ path, size, sha256, mode, hdfsChecksum }) => JSON.stringify({ path, size, sha256, mode, hdfsChecksum }));
  return Buffer.from(`{"schemaVersion":1,"files":[\n${lines.join(',\n')}\n]}\n`);
}
