import { createHash } from 'node:crypto';
import type { FileEntry } from './manifest.ts';

const [HEAD, SEPARATOR, TAIL] = ['{"schemaVersion":1,"files":[\n', ',\n', '\n]}\n'];

/** Order of UTF-8 bytes, which is the same on every machine and in every locale. Allocates nothing: it is asked millions of times. */
export function compareUtf8(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const one = left.charCodeAt(at);
    const other = right.charCodeAt(at);
    if (one !== other) return rank(one) - rank(other);
  }
  return left.length - right.length;
}

/** Halves of pairs stand for characters beyond U+FFFF, whose UTF-8 is greater than that of U+E000 to U+FFFF. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** sha256 of `renderFileList`, of files that are sorted by path already, without holding its bytes. */
export function digestOfFileList(sorted: readonly FileEntry[]): string {
  const hash = createHash('sha256').update(HEAD);
  for (const [index, file] of sorted.entries()) hash.update(`${index === 0 ? '' : SEPARATOR}${renderFile(file)}`);
  return hash.update(TAIL).digest('hex');
}

/**
 * The bytes of `fileListSchema`: sorted by path, keys in a fixed order, one file per line, no other white space, so that
 * equal content has equal bytes everywhere. Their sha256 is the digest of the environment.
 */
export function renderFileList(files: readonly FileEntry[]): Buffer {
  const lines = [...files].sort((left, right) => compareUtf8(left.path, right.path)).map(renderFile);
  return Buffer.from(`${HEAD}${lines.join(SEPARATOR)}${TAIL}`);
}

function renderFile({ path, size, sha256, mode, hdfsChecksum }: FileEntry): string {
  return JSON.stringify({ path, size, sha256, mode, hdfsChecksum });
}
