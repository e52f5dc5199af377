import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { FileStatus, Store } from '../store/store.ts';
import { collect } from './content.ts';
import { forEachBounded } from './for-each-bounded.ts';
import { RELEASES, releaseNumber, releasePath } from './layout.ts';
import { type Release, releaseSchema } from './release.ts';

export interface NumberedRelease {
  readonly number: number;
  readonly release: Release;
}

/** Numbers of all releases, lowest first; empty when the environment has none or does not exist. */
export async function releaseNumbers(store: Store): Promise<number[]> {
  return (await takenNumbers(store)).flatMap(({ number, type }) => (type === 'file' ? number : []));
}

/**
 * The current release, and the number of the next one: above everything that has a release's name, whatever it is. Both
 * come from one listing, so that nobody's release can be passed over between two.
 */
export async function readCommitState(
  store: Store,
): Promise<{ readonly current: NumberedRelease | undefined; readonly next: number }> {
  const taken = await takenNumbers(store);
  const newest = taken.findLast(({ type }) => type === 'file');
  const current = newest === undefined ? undefined : await readRelease(store, newest.number);
  return { current, next: (taken.at(-1)?.number ?? 0) + 1 };
}

async function takenNumbers(store: Store): Promise<{ number: number; type: FileStatus['type'] }[]> {
  return ((await store.list(RELEASES)) ?? [])
    .flatMap(({ name, type }) => {
      const number = releaseNumber(name);
      return number === undefined ? [] : { number, type };
    })
    .sort((a, b) => a.number - b.number);
}

/**
 * Reads one release.
 * @throws RELEASE_UNREADABLE when the file is not a release this version understands.
 * @throws STORE_NOT_FOUND when there is none of that number.
 */
export async function readRelease(store: Store, number: number): Promise<NumberedRelease> {
  const path = releasePath(number);
  const text = (await collect(store.read(path))).toString('utf8');
  return { number, release: parseRelease(text, `${store.address}/${path}`) };
}

/** The release with the highest number, which is the current one by definition; `undefined` when there is none. */
export async function readCurrentRelease(store: Store): Promise<NumberedRelease | undefined> {
  return (await readCommitState(store)).current;
}

/**
 * The numbers of all releases, lowest first, at least one.
 * @throws RELEASE_NONE
 */
export async function requireReleaseNumbers(store: Store): Promise<number[]> {
  const numbers = await releaseNumbers(store);
  if (numbers.length === 0) {
    throw new HdfsVenvError({
      code: 'RELEASE_NONE',
      exit: 'usage',
      message: `Cannot read ${store.address}: no environment was published there (it has no releases/).`,
      hints: ['Check the address, or publish first: hdfs-venv publish DIR ADDRESS'],
    });
  }
  return numbers;
}

/**
 * The release that a user means: the given number, or the current one.
 * @throws RELEASE_NONE when the environment has no release, or not that one.
 */
export async function requireRelease(store: Store, number?: number): Promise<NumberedRelease> {
  const numbers = await requireReleaseNumbers(store);
  if (number !== undefined && !numbers.includes(number)) {
    throw new HdfsVenvError({
      code: 'RELEASE_NONE',
      exit: 'usage',
      message: `Cannot read release ${number} of ${store.address}: its releases are ${numbers.join(', ')}.`,
    });
  }
  return readRelease(store, number ?? Math.max(...numbers));
}

/** A release by its number; without content when its file is not one that this version understands. */
export interface ListedRelease {
  readonly number: number;
  readonly release: Release | undefined;
}

/** Read at once: a release is a few kB, and before the first is read nobody knows how much the store takes well. */
const RELEASES_AT_ONCE = 16;

/** Reads several releases, in the order of `numbers`. One that cannot be understood does not hide the others. */
export async function readReleases(store: Store, numbers: readonly number[]): Promise<ListedRelease[]> {
  const found = new Map<number, Release>();
  await forEachBounded(numbers, RELEASES_AT_ONCE, async (number) => {
    try {
      found.set(number, (await readRelease(store, number)).release);
    } catch (error) {
      if (!(error instanceof HdfsVenvError && error.code === 'RELEASE_UNREADABLE')) throw error;
    }
  });
  return numbers.map((number) => ({ number, release: found.get(number) }));
}

function parseRelease(text: string, address: string): Release {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw unreadable(address, 'it is not JSON');
  }
  const parsed = releaseSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unreadable(
    address,
    [issue?.path.join('.') ?? '', issue?.message ?? ''].filter((part) => part !== '').join(': '),
  );
}

function unreadable(address: string, why: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'RELEASE_UNREADABLE',
    exit: 'integrity',
    message: `Cannot read ${address}: not a release of schema version 1 (${why}).`,
    hints: ['A newer hdfs-venv may have written it, or somebody edited it: hdfs-venv --version'],
  });
}
