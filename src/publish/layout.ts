/*
 * Where things are on a store, relative to the environment's directory. Pure: digest or number in, path out.
 *
 *   activate_env.py                          a convenience copy, made once
 *   bootstrap/<digest12>/activate_env.py     the bootstrap that a release names; immutable
 *   releases/000007.json                     one release; immutable; the highest number is current
 *   lists/<digest12>.json                    the file list of that content
 *   trees/<digest12>-<attempt>/…             a venv tree; counts only once a release names it
 *   .incoming/<attempt>/…                    what one attempt has in flight; no reader looks here
 */

export const RELEASES = 'releases';
export const TREES = 'trees';
export const LISTS = 'lists';
export const BOOTSTRAPS = 'bootstrap';
export const INCOMING = '.incoming';
export const BOOTSTRAP_FILE = 'activate_env.py';

/** Every name that an environment's directory may hold, those of later layouts and commands included. */
export const OWN_NAMES: ReadonlySet<string> = new Set([
  RELEASES,
  TREES,
  LISTS,
  BOOTSTRAPS,
  INCOMING,
  BOOTSTRAP_FILE,
  'layers',
  'pins',
  '.doomed',
]);

const RELEASE_NAME = /^(\d{6,})\.json$/;

/** Twelve of the sixty-four digits name things; whoever relies on the content compares the whole digest. */
function short(digest: string): string {
  return digest.slice(0, 12);
}

export function releasePath(number: number): string {
  return `${RELEASES}/${String(number).padStart(6, '0')}.json`;
}

/** The number of a release's file name, `undefined` for any other name. */
export function releaseNumber(name: string): number | undefined {
  const digits = RELEASE_NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function listPath(digest: string): string {
  return `${LISTS}/${short(digest)}.json`;
}

export function bootstrapPath(digest: string): string {
  return `${BOOTSTRAPS}/${short(digest)}/${BOOTSTRAP_FILE}`;
}

export function treePath(digest: string, attempt: string): string {
  return `${TREES}/${short(digest)}-${attempt}`;
}

/** The attempt that a directory under `trees/` belongs to, if it holds the content `digest`. */
export function treeAttempt(name: string, digest: string): string | undefined {
  const prefix = `${short(digest)}-`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

export function incomingPath(attempt: string, name?: string): string {
  return name === undefined ? `${INCOMING}/${attempt}` : `${INCOMING}/${attempt}/${name}`;
}
