import { ArchiveFile } from '../wheel/archive-file.ts';
import { readEntry, WHOLE_BYTES } from '../wheel/entry-content.ts';
import type { Wheel, WheelEntry } from '../wheel/open-wheel.ts';
import { quoteName } from '../wheel/wheel-error.ts';
import { conflictError } from './env-error.ts';
import { namespaceStyle, preferredStyle } from './namespace-package.ts';

/** A wheel wants to put a file at a path. */
export interface Claim {
  /** POSIX, relative to the tree. */
  readonly path: string;
  readonly wheel: Wheel;
  readonly entry: WheelEntry;
}

/**
 * Decides which of two wheels provides a path that both bring. Equal bytes: the first. Two declarations of one namespace
 * package: the better one, the first when they are alike.
 *
 * @throws HdfsVenvError `ENV_CONFLICT` with both wheels and both digests
 */
export async function settle(first: Claim, second: Claim): Promise<Claim> {
  if (haveEqualHashes(first, second)) return first;
  const [left, right] = [await readClaim(first), await readClaim(second)];
  if (left.sha256 === right.sha256) return first;
  if (first.path.endsWith('/__init__.py')) {
    const styles = [namespaceStyle(left.text), namespaceStyle(right.text)] as const;
    const preferred = preferredStyle(...styles);
    if (preferred !== undefined) return styles[0] === preferred ? first : second;
  }
  throw conflictError(
    'ENV_CONFLICT',
    `two wheels bring ${quoteName(first.path)} with different content: ` +
      `${first.wheel.fileName.fileName} (sha256 ${left.sha256}) and ${second.wheel.fileName.fileName} (sha256 ${right.sha256})`,
    ['Leave one of the two packages out, or take versions of them that do not overlap.'],
  );
}

function haveEqualHashes(first: Claim, second: Claim): boolean {
  const [left, right] = [first.entry.recordHash, second.entry.recordHash];
  return left !== undefined && left.algorithm === right?.algorithm && left.hex === right.hex;
}

/** The text is that of a small file; of a large one nobody asks. */
async function readClaim({ wheel, entry }: Claim): Promise<{ sha256: string; text: string }> {
  const file = new ArchiveFile(wheel.path);
  const chunks: Buffer[] = [];
  try {
    const { sha256 } = await readEntry(file, entry, (chunk) => {
      if (entry.size <= WHOLE_BYTES) chunks.push(chunk);
    });
    return { sha256, text: Buffer.concat(chunks).toString('utf8') };
  } finally {
    file.close();
  }
}
