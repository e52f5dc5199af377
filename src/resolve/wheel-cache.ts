import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256OfFile } from '../digest/sha256-of-file.ts';
import { makeDirectory } from '../errors/make-directory.ts';

export interface CachedWheel {
  /** Absolute path, `<wheelhouse>/<sha256>/<file name>`. */
  readonly path: string;
  readonly fileName: string;
  /** Of the bytes just read. */
  readonly sha256: string;
}

/**
 * Where wheels are kept, by their digest: `<cacheDirectory>/wheels`. pip's own HTTP cache would not do: what indexes
 * behind signed redirects serve is never in it, and a file there has no name that a later step could open. A path here
 * never changes its content, so builds that run at the same time share it without locks.
 */
export function wheelhouse(cacheDirectory: string): string {
  return join(cacheDirectory, 'wheels');
}

/** Absolute path that a wheel has in the cache if it is there. */
export function wheelPath(sha256: string, fileName: string, cacheDirectory: string): string {
  return join(wheelhouse(cacheDirectory), sha256, fileName);
}

/** The path of a wheel that the cache holds with all its bytes; undefined when it does not. */
export async function cachedWheel(
  sha256: string,
  fileName: string,
  cacheDirectory: string,
): Promise<string | undefined> {
  const path = wheelPath(sha256, fileName, cacheDirectory);
  const actual = await sha256OfFile(path).catch(() => undefined);
  return actual === sha256 ? path : undefined;
}

/**
 * Moves a wheel into the wheelhouse under the digest of its bytes. A file that is already there is replaced by the
 * same bytes, which also mends one that a crash or the disk has damaged. Both must lie on one file system.
 */
export async function keepWheel(directory: string, fileName: string, cacheDirectory: string): Promise<CachedWheel> {
  const source = join(directory, fileName);
  const sha256 = await sha256OfFile(source);
  const path = wheelPath(sha256, fileName, cacheDirectory);
  makeDirectory(dirname(path));
  await rename(source, path);
  return { path, fileName, sha256 };
}
