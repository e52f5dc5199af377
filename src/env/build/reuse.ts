import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../manifest.ts';
import { treePath, wheelsPath } from '../manifest-path.ts';

/** What decides the content of an environment, known before anything is unpacked. */
export type BuildFacts = Pick<Manifest, 'tool' | 'layout' | 'target' | 'inputs' | 'packages' | 'provided' | 'allowed'>;

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
  const { tool, layout, target, inputs, packages, provided, allowed } = existing;
  if (!isDeepStrictEqual({ tool, layout, target, inputs, packages, provided, allowed }, wanted)) return false;
  const files = keptFiles(directory, existing).values();
  let whole = true;
  const reader = async (): Promise<void> => {
    for (const file of files) {
      signal?.throwIfAborted();
      if (!whole) return;
      if (!(await isUnchanged(file))) whole = false;
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return whole;
}

interface KeptFile {
  readonly path: string;
  readonly sha256: string;
  /** Bytes; undefined when only the digest is known. */
  readonly size: number | undefined;
}

/** What a build has left beside its manifest. */
function keptFiles(directory: string, { layout, files, packages }: Manifest): KeptFile[] {
  if (layout === 'tree')
    return files.map(({ path, size, sha256 }) => ({ path: treePath(directory, path), size, sha256 }));
  return packages.map(({ wheel, sha256 }) => ({ path: wheelsPath(directory, wheel), size: undefined, sha256 }));
}

/** A file that is not there, or that cannot be read, is changed. */
async function isUnchanged({ path, size, sha256 }: KeptFile): Promise<boolean> {
  try {
    const status = await lstat(path);
    if (!status.isFile() || (size !== undefined && status.size !== size)) return false;
    return (await sha256Of(path, status.size)) === sha256;
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
