import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { FileEntry, Manifest } from './manifest.ts';
import { treePath } from './manifest-path.ts';

/** What decides the content of an environment, known before anything is unpacked. */
export type BuildFacts = Pick<Manifest, 'tool' | 'target' | 'inputs' | 'packages' | 'provided' | 'allowed'>;

/** Files read at once: the disk is kept busy while one of them is digested. */
const READERS = 8;

/** Larger files are digested piece by piece. */
const WHOLE_FILE_BYTES = 4 * 2 ** 20;

/**
 * Whether the last build was made of the same wheels for the same target by the same version, and each of its files
 * still has its bytes: what somebody has edited is never called the environment that was asked for.
 *
 * @throws the signal's reason
 */
export async function isStillWhole(
  directory: string,
  existing: Manifest,
  wanted: BuildFacts,
  signal?: AbortSignal,
): Promise<boolean> {
  const { tool, target, inputs, packages, provided, allowed } = existing;
  if (!isDeepStrictEqual({ tool, target, inputs, packages, provided, allowed }, wanted)) return false;
  const files = existing.files.values();
  let whole = true;
  const reader = async (): Promise<void> => {
    for (const file of files) {
      signal?.throwIfAborted();
      if (!whole) return;
      if (!(await isUnchanged(treePath(directory, file.path), file))) whole = false;
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return whole;
}

/** A file that is not there, or that cannot be read, is changed. */
async function isUnchanged(path: string, { size, sha256 }: FileEntry): Promise<boolean> {
  try {
    const status = await lstat(path);
    return status.isFile() && status.size === size && (await sha256Of(path, size)) === sha256;
  } catch {
    return false;
  }
}

async function sha256Of(path: string, size: number): Promise<string> {
  const hash = createHash('sha256');
  if (size <= WHOLE_FILE_BYTES) hash.update(await readFile(path));
  else for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  return hash.digest('hex');
}
