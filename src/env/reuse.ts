import { lstatSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from './manifest.ts';
import { treePath } from './manifest-path.ts';

/** What decides the content of an environment, known before anything is unpacked. */
export type BuildFacts = Pick<Manifest, 'tool' | 'target' | 'inputs' | 'packages' | 'provided'>;

/**
 * Whether the last build was made of the same wheels for the same target by the same version, and each of its files is
 * still there with its size. Bytes are not read: `publish` compares each file's checksum anyway.
 */
export function isStillWhole(directory: string, existing: Manifest, wanted: BuildFacts): boolean {
  const { tool, target, inputs, packages, provided } = existing;
  if (!isDeepStrictEqual({ tool, target, inputs, packages, provided }, wanted)) return false;
  return existing.files.every(({ path, size }) => {
    const status = lstatSync(treePath(directory, path), { throwIfNoEntry: false });
    return status?.isFile() === true && status.size === size;
  });
}
