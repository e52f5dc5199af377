import { lstatSync, readFileSync } from 'node:fs';

/**
 * What lies where a build lays its copy of the bootstrap: nothing, these very bytes, or something else: another
 * version's, one that somebody edited, a link.
 *
 * @throws errors of the file system as they come
 */
export function compareCopy(path: string, bytes: Uint8Array): 'none' | 'same' | 'other' {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 'none';
  // nothing but a file of this length is read: a pipe would never end
  return status.isFile() && status.size === bytes.length && readFileSync(path).equals(bytes) ? 'same' : 'other';
}
