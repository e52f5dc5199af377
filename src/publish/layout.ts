/*
 * Where things are on a store, relative to the environment's directory. Pure: digest or number in, path out.
 *
 *   activate_env.py                          a convenience copy, made once
 *   bootstrap/<digest12>/activate_env.py     the bootstrap that a release names; immutable
 *   releases/000007.json                     one release; immutable; the highest number is current
 *   lists/<digest12>.json                    the file list of that content
 *   trees/<digest12>-<run>/…                 a venv tree, moved here whole; counts only once a release names it
 *   layers/<name>-<version>-<digest12>.tar.gz   files of one wheel; immutable, shared by releases
 *   layers/<name>-<version>-<run>-<digest12>.tar.gz   the same, where that name holds other bytes
 *   .incoming/<digest12>-<run>/…             what one attempt has in flight; no reader looks here
 */

import { BOOTSTRAP_FILE } from '../env/manifest-path.ts';

export const RELEASES = 'releases';
export const TREES = 'trees';
export const LISTS = 'lists';
export const BOOTSTRAPS = 'bootstrap';
export const LAYERS = 'layers';
export const INCOMING = '.incoming';

/** Every name that an environment's directory may hold, those of later layouts and commands included. */
export const OWN_NAMES: ReadonlySet<string> = new Set([
  RELEASES,
  TREES,
  LISTS,
  BOOTSTRAPS,
  INCOMING,
  BOOTSTRAP_FILE,
  LAYERS,
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

/**
 * @param label of the package, `pandas-2.2.3`; of letters, digits and `._+-`
 * @param digest sha256 of the archive
 */
export function layerPath(label: string, digest: string): string {
  return `${LAYERS}/${label}-${short(digest)}.tar.gz`;
}

/**
 * For an archive whose usual name holds other bytes.
 * @param attempt whose archive it is
 */
export function spareLayerPath(label: string, digest: string, attempt: string): string {
  return layerPath(`${label}-${attempt.slice(attempt.lastIndexOf('-') + 1)}`, digest);
}

export function isLayerPath(path: string, digest: string): boolean {
  return /^layers\/[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(path) && path.endsWith(`-${short(digest)}.tar.gz`);
}

/** Which content, and which run: the name under `.incoming/` and, from just before the commit, under `trees/`. */
export function attemptName(digest: string, run: string): string {
  return `${short(digest)}-${run}`;
}

/** Whether something in `.incoming/` is an attempt, by its name. */
export function isAttempt(name: string): boolean {
  return /^[\da-f]{12}-[\da-f]{12}$/.test(name);
}

/** Whether an attempt of that name was one at the content `digest`. */
export function isAttemptAt(name: string, digest: string): boolean {
  return name.startsWith(`${short(digest)}-`);
}

export function treePath(attempt: string): string {
  return `${TREES}/${attempt}`;
}

/** Where an attempt uploads its tree, before it gets its place under `trees/`. */
export function incomingTree(attempt: string): string {
  return incomingPath(attempt, 'tree');
}

/** Where an attempt uploads archives, or one of them, before they get their names. */
export function incomingLayers(attempt: string, name?: string): string {
  return incomingPath(attempt, name === undefined ? LAYERS : `${LAYERS}/${name}`);
}

export function incomingPath(attempt: string, name?: string): string {
  return name === undefined ? `${INCOMING}/${attempt}` : `${INCOMING}/${attempt}/${name}`;
}
