import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { Store } from '../store/store.ts';
import { isDeadAttempt } from './attempt.ts';
import { INCOMING, incomingPath, incomingTree, isAttempt, isAttemptAt, TREES, treePath } from './layout.ts';
import { readReleases, releaseNumbers } from './releases.ts';

/**
 * Takes over what an interrupted attempt at the same content had uploaded: it becomes `attempt`'s own
 * `.incoming/<attempt>/tree`.
 *
 * An attempt that is not quite dead must never commit what was taken from it. Its whole directory is renamed away, with the
 * release file that it would commit: after that it finds its announcement gone, and stops. If it had come as far as
 * moving its tree to `trees/`, the releases are read after the fence, and the tree is taken only if none names it.
 *
 * @returns the name of the attempt that was adopted, `undefined` when there was none.
 */
export async function adoptDeadAttempt(store: Store, digest: string, attempt: string): Promise<string | undefined> {
  // A rename of a directory that is not exact might create parents or land inside another directory.
  if (!store.hasExactDirectoryRename) return undefined;
  for (const candidate of await findCandidates(store, digest, attempt)) {
    if (!(await isDeadAttempt(store, candidate))) continue;
    const fenced = incomingPath(attempt, `fenced-${candidate}`);
    await store.renameDirectory(incomingPath(candidate), fenced);
    if (await takeTree(store, candidate, fenced, attempt)) return candidate;
  }
  return undefined;
}

/** Attempts at this content by what they left in flight, or in `trees/` just before their commit. */
async function findCandidates(store: Store, digest: string, attempt: string): Promise<string[]> {
  const entries = await Promise.all([INCOMING, TREES].map(async (directory) => (await store.list(directory)) ?? []));
  const names = entries.flat().map(({ name }) => name);
  return [...new Set(names)].filter((name) => name !== attempt && isAttemptAt(name, digest));
}

/**
 * Removes what dead attempts at archives, at whichever content, have left of those that they had not sent whole. Nothing is
 * taken from them: an attempt that is not quite dead finds its announcement gone and stops, and what it had given a name stays.
 */
export async function removeDeadAttempts(
  store: Store,
  attempt: string,
  onNote: ((note: string) => void) | undefined,
): Promise<void> {
  const names = ((await store.list(INCOMING)) ?? []).map(({ name }) => name);
  for (const candidate of names.filter((name) => name !== attempt && isAttempt(name))) {
    try {
      // a tree that was being uploaded is somebody's to go on with
      if ((await store.stat(incomingTree(candidate))) !== undefined || !(await isDeadAttempt(store, candidate)))
        continue;
      await store.delete(incomingPath(candidate));
    } catch (error) {
      if (!(error instanceof HdfsVenvError && error.code === 'STORE_PERMISSION')) throw error;
      onNote?.(`What an interrupted attempt left in ${incomingPath(candidate)} is somebody else's and stays`);
    }
  }
}

async function takeTree(store: Store, candidate: string, fenced: string, attempt: string): Promise<boolean> {
  const own = incomingTree(attempt);
  if ((await store.renameDirectory(`${fenced}/tree`, own)) === 'renamed') return true;
  if ((await store.stat(treePath(candidate))) === undefined) return false;
  if (await isReleased(store, treePath(candidate))) return false;
  return (await store.renameDirectory(treePath(candidate), own)) === 'renamed';
}

/** Whether a release names a tree, or may name it: one that cannot be read is given the benefit of the doubt. */
export async function isReleased(store: Store, tree: string): Promise<boolean> {
  const releases = await readReleases(store, await releaseNumbers(store));
  return releases.some(({ release }) => release === undefined || (release.layout === 'tree' && release.tree === tree));
}
