import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256OfFile } from '../../digest/sha256-of-file.ts';
import type { IndexOptions } from './index-options.ts';

export interface LocalPlaces {
  readonly index: IndexOptions;
  /** Relative paths count from it; the process's own by default. */
  readonly workingDirectory?: string;
}

/** The directories of this machine that `--find-links` and `PIP_FIND_LINKS` name: absolute paths, whether they are there or not. */
export function localDirectories({ index, workingDirectory = '.' }: LocalPlaces, environment = process.env): string[] {
  const settings = environment['PIP_FIND_LINKS']?.split(/\s+/) ?? [];
  return [...index.findLinks, ...settings].flatMap((place) => {
    if (/^file:/i.test(place)) return URL.canParse(place) ? [fileURLToPath(place)] : [];
    const isAddress = /^[a-z][a-z0-9+.-]+:\/\//i.test(place);
    return place === '' || isAddress ? [] : [resolve(workingDirectory, place)];
  });
}

/**
 * The path of a file with this name and this sha256 in one of these directories. A file of that name that is another one is
 * passed over: there may be the right one elsewhere.
 */
export async function findLocalFile(
  { fileName, sha256 }: { readonly fileName: string; readonly sha256: string },
  places: LocalPlaces,
): Promise<string | undefined> {
  for (const directory of localDirectories(places)) {
    const path = join(directory, fileName);
    if ((await isFile(path)) && (await sha256OfFile(path).catch(() => undefined)) === sha256) return path;
  }
  return undefined;
}

/** Whether there is a file, or a link to one: reading a pipe would wait for ever, and a device has no end. */
export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}
