import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { maskSecrets } from '../../errors/mask-secrets.ts';
import { lockFormatError } from './lock-format.ts';

/** How an entry of a lock names its file. */
export interface FileEntry {
  /** The file's name, where it is not the last part of `path` or `url`. */
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly path?: string | undefined;
}

export interface FileLocation {
  readonly fileName: string;
  /** As written, without user and password; null for a local file. */
  readonly url: string | null;
  /** Absolute; null for a remote file. */
  readonly path: string | null;
}

/** Where a lock is, and what it is called in messages. */
export interface LockPlace {
  readonly name: string;
  /** Absolute: paths in the lock count from here. */
  readonly directory: string;
}

/**
 * Finds out what an entry names. A path wins over an address (PEP 751, packages.wheels: "If path is set, use it").
 *
 * @throws HdfsVenvError `RESOLVE_LOCK_FORMAT` when it names nothing, or no address
 */
export function locateFile(entry: FileEntry, { name: lockName, directory }: LockPlace): FileLocation {
  if (entry.path !== undefined) {
    const path = resolve(directory, entry.path);
    return { fileName: entry.name ?? basename(path), url: null, path };
  }
  if (entry.url === undefined) {
    throw lockFormatError(lockName, `expected url or path of a file, got ${JSON.stringify(entry)}`);
  }
  try {
    const url = new URL(entry.url);
    if (url.protocol === 'file:') {
      const path = fileURLToPath(url);
      return { fileName: entry.name ?? basename(path), url: null, path };
    }
    const lastPart = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
    return { fileName: entry.name ?? lastPart, url: withoutCredentials(entry.url), path: null };
  } catch (error) {
    // what URL, fileURLToPath and decodeURIComponent throw at a malformed address
    if (!(error instanceof TypeError || error instanceof URIError)) throw error;
    throw lockFormatError(lockName, `expected the URL of a file, got ${JSON.stringify(maskSecrets(entry.url))}`);
  }
}

/** The text itself, not what URL makes of it: it is compared and written elsewhere. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}
