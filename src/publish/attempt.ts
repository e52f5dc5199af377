import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { Store } from '../store/store.ts';
import { bytesContent, collect } from './content.ts';
import { INCOMING, incomingPath, TREES, treeAttempt, treePath } from './layout.ts';
import { readReleases, releaseNumbers } from './releases.ts';

const OWNER_FILE = 'attempt.json';
const HEARTBEAT_MS = 60_000;
/** An attempt whose heartbeat stopped this long ago, by the store's clock, will not come back. */
const SILENCE_MS = 10 * 60_000;

const ownerSchema = z.object({ host: z.string(), pid: z.int() });

/** One run of a publisher. All it writes before the commit stands under names that carry its id. */
export interface Attempt {
  readonly id: string;
  /** Stops the heartbeat. */
  end(): void;
}

/**
 * Announces a new attempt in `.incoming/<id>/attempt.json`, and refreshes that file's time as long as the attempt lives.
 * The heartbeat may fail quietly: then others take this attempt for dead and fence it (see `adoptDeadAttempt`), which
 * the commit notices.
 */
export async function beginAttempt(store: Store, directoryMode: number): Promise<Attempt> {
  const id = randomBytes(6).toString('hex');
  const path = incomingPath(id, OWNER_FILE);
  await store.makeDirectory(INCOMING, directoryMode);
  await store.makeDirectory(incomingPath(id), directoryMode);
  const owner = Buffer.from(JSON.stringify({ host: hostname(), pid: process.pid }));
  await store.put(path, bytesContent(owner), { mode: 0o644 });
  const heartbeat = setInterval(() => void store.touch(path).catch(() => {}), HEARTBEAT_MS);
  heartbeat.unref();
  return { id, end: () => clearInterval(heartbeat) };
}

/**
 * Takes over the tree that an interrupted attempt at the same content left, by renaming it to `attempt`'s own name.
 *
 * An attempt that is not quite dead must never commit a tree that was taken from it. So the adopter first renames the
 * dead one's `.incoming/<id>`, where its release file would be committed from: after that it cannot commit any more. Only
 * then the releases are read once more, and the tree is taken if none of them names it. Late writes of the fenced attempt
 * fail, because no `put` creates a parent.
 *
 * @returns the id of the attempt whose tree was taken, `undefined` when there was none to take.
 */
export async function adoptDeadAttempt(store: Store, digest: string, attempt: string): Promise<string | undefined> {
  if (!store.hasExactDirectoryRename) return undefined;
  const candidates = ((await store.list(TREES)) ?? []).flatMap((entry) => treeAttempt(entry.name, digest) ?? []);
  for (const candidate of candidates) {
    if (!(await isDead(store, candidate))) continue;
    const fence = await store.renameDirectory(incomingPath(candidate), incomingPath(attempt, `fenced-${candidate}`));
    if (fence === 'exists') continue;
    if (await isReleased(store, treePath(digest, candidate))) continue;
    const taken = await store.renameDirectory(treePath(digest, candidate), treePath(digest, attempt));
    if (taken === 'renamed') return candidate;
  }
  return undefined;
}

/** Same host and the process is gone, or silent for ten minutes by the store's clock, or already fenced or finished. */
async function isDead(store: Store, id: string): Promise<boolean> {
  const directory = await store.stat(incomingPath(id));
  if (directory === undefined) return true;
  const status = await store.stat(incomingPath(id, OWNER_FILE));
  if ((await store.now()) - (status ?? directory).modifiedAt > SILENCE_MS) return true;
  if (status === undefined) return false;
  const owner = await readOwner(store, incomingPath(id, OWNER_FILE));
  return owner !== undefined && owner.host === hostname() && !isRunning(owner.pid);
}

async function readOwner(store: Store, path: string): Promise<z.infer<typeof ownerSchema> | undefined> {
  try {
    return ownerSchema.parse(JSON.parse((await collect(store.read(path))).toString('utf8')));
  } catch {
    // cut short by the crash of its writer, or just removed: only the clock tells then
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

async function isReleased(store: Store, tree: string): Promise<boolean> {
  const releases = await readReleases(store, await releaseNumbers(store));
  return releases.some(({ release }) => release.tree === tree);
}
