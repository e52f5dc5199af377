import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

/** `dfs.namenode.fs-limits.max-component-length`, and the limit of the usual local file systems: bytes in UTF-8. */
const MAX_COMPONENT_BYTES = 255;

/**
 * Refuses what cannot be the path of a file on every store, so that an environment can be copied between them. `:` is
 * refused by HDFS; `;` and control characters get lost on the way through WebHDFS.
 *
 * @param path relative and POSIX; `''` is the root
 * @throws STORE_NAME_REFUSED
 */
export function requireStorePath(path: string): void {
  if (path === '') return;
  for (const name of path.split('/')) {
    const reason = reasonToRefuse(name);
    if (reason !== undefined) throw refusedName(path, reason);
  }
}

/** Why a store refuses the name of a file or directory; `undefined` when it does not. */
export function reasonToRefuse(name: string): string | undefined {
  if (name === '') return 'a part of it is empty';
  if (name === '.' || name === '..') return `it holds "${name}"`;
  if (/[:;]/.test(name)) return `"${name}" holds "${name.includes(':') ? ':' : ';'}"`;
  if (/\p{Cc}/u.test(name)) return 'it holds a control character';
  if (/\p{Cs}/u.test(name)) return 'it is not valid Unicode';
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_COMPONENT_BYTES) {
    return `"${name.slice(0, 20)}…" has ${bytes} bytes in UTF-8, and a name may have ${MAX_COMPONENT_BYTES}`;
  }
  return undefined;
}

/** The error for a path that a store does not take. */
export function refusedName(path: string, reason: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'STORE_NAME_REFUSED',
    exit: 'usage',
    message: `Cannot store ${JSON.stringify(path)}: ${reason}.`,
    hints: ['Rename the file where it comes from. Nothing was written under this name.'],
  });
}

/** The path of the directory that holds `path`; `undefined` for the root. */
export function parentPath(path: string): string | undefined {
  return path === '' ? undefined : path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The order of `Store.list`, which is HDFS's own: by the bytes of the names in UTF-8. */
export function compareNames(a: { readonly name: string }, b: { readonly name: string }): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}
