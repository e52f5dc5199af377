import { pathToFileURL } from 'node:url';

/** The one wheel of a locked package that the target gets. */
export interface LockedFile {
  readonly fileName: string;
  /** As written, without user and password: pip has those in its own settings. Null for a local file. */
  readonly url: string | null;
  /** Absolute; wins over `url` where the lock names both (PEP 751). */
  readonly path: string | null;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** In bytes; null when the lock does not say. */
  readonly size: number | null;
}

export interface Pin {
  /** Normalised. */
  readonly name: string;
  readonly version: string;
  /** What was asked of the package beyond itself, sorted; a pylock.toml does not tell. */
  readonly extras: readonly string[];
  readonly file: LockedFile;
}

/** What a lock holds for one target: exactly one wheel per package. */
export interface LockContent {
  /** Sorted by name. */
  readonly pins: readonly Pin[];
  /** Normalised name of the project that the lock is of, which is not in `pins`; null when the lock names none. */
  readonly project: string | null;
  /** Normalised names, sorted, of what it wants as well and the cluster brings. */
  readonly provided: readonly string[];
}

/** What pip is asked for: `name[extras] @ url#sha256=…`, a file URL for a local wheel. pip compares the digest. */
export function pinRequirement({ name, extras, file }: Pin): string {
  const [address = ''] = (file.path === null ? (file.url ?? '') : pathToFileURL(file.path).href).split('#');
  return `${name}${extras.length === 0 ? '' : `[${extras.join(',')}]`} @ ${address}#sha256=${file.sha256}`;
}
