import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { mayBeAlive } from '../env/build/process-name.ts';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { Store } from '../store/store.ts';
import { bytesContent, collect } from './content.ts';
import { attemptName, INCOMING, incomingPath } from './layout.ts';

const OWNER_FILE = 'attempt.json';
const HEARTBEAT_MS = 60_000;
/** An attempt whose heartbeat stopped this long ago, by the store's clock, will not come back. */
const SILENCE_MS = 10 * 60_000;

const ownerSchema = z.object({ host: z.string(), pid: z.int(), processes: z.string() });

/** Attempts of this very process: tells them from those of an earlier process that had the same number. */
const running = new Set<string>();

/** One run of a publisher. All it writes before the commit stands in `.incoming/<name>/`, which is its alone. */
export interface Attempt {
  /** `<digest12>-<random>`: which content, and which run. */
  readonly name: string;
  /** Stops the heartbeat. */
  end(): void;
}

/**
 * Announces a new attempt in `.incoming/<name>/attempt.json`, and refreshes that file's time as long as the attempt lives.
 * The file is written once and never again: its absence tells the attempt that it was fenced (see `adoptDeadAttempt`).
 */
export async function beginAttempt(store: Store, digest: string, directoryMode: number): Promise<Attempt> {
  const name = attemptName(digest, randomBytes(6).toString('hex'));
  const path = incomingPath(name, OWNER_FILE);
  await store.makeDirectory(INCOMING, directoryMode);
  await store.makeDirectory(incomingPath(name), directoryMode);
  const owner = { host: hostname(), pid: process.pid, processes: processNamespace() };
  running.add(name);
  await store.put(path, bytesContent(Buffer.from(JSON.stringify(owner))), { mode: 0o644 });
  // When it fails, others come to take this attempt for dead and fence it, which the commit notices.
  const heartbeat = setInterval(() => void store.touch(path).catch(() => {}), HEARTBEAT_MS);
  heartbeat.unref();
  return {
    name,
    end: () => {
      running.delete(name);
      clearInterval(heartbeat);
    },
  };
}

/**
 * An attempt that was taken for dead must not commit: whoever adopts it moves its directory away first.
 * @throws PUBLISH_ATTEMPT_FENCED
 */
export async function requireNotFenced(store: Store, attempt: string): Promise<void> {
  if ((await store.stat(incomingPath(attempt, OWNER_FILE))) === undefined) throw attemptFenced(store, attempt);
}

export function attemptFenced(store: Store, attempt: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'PUBLISH_ATTEMPT_FENCED',
    exit: 'conflict',
    message: `Cannot publish to ${store.address}: another publisher took over what attempt ${attempt} had uploaded, because it had been silent for too long.`,
    hints: ['Nothing was published by this run. See what is current (hdfs-venv releases ADDRESS), then publish again.'],
  });
}

/** Same machine and the process is gone, or silent for ten minutes by the store's clock. */
export async function isDeadAttempt(store: Store, name: string): Promise<boolean> {
  if (running.has(name)) return false;
  const directory = await store.stat(incomingPath(name));
  if (directory === undefined) return true;
  const status = await store.stat(incomingPath(name, OWNER_FILE));
  if ((await store.now()) - (status ?? directory).modifiedAt > SILENCE_MS) return true;
  const owner = status === undefined ? undefined : await readOwner(store, incomingPath(name, OWNER_FILE));
  if (owner === undefined || owner.processes !== processNamespace()) return false;
  return !mayBeAlive(`${owner.host}.${owner.pid}`);
}

async function readOwner(store: Store, path: string): Promise<z.infer<typeof ownerSchema> | undefined> {
  try {
    return ownerSchema.parse(JSON.parse((await collect(store.read(path))).toString('utf8')));
  } catch {
    // cut short by the crash of its writer, or just removed: only the clock tells then
    return undefined;
  }
}

/** Process numbers mean something only among processes that see the same ones; containers do not (pid_namespaces(7)). */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return 'one per machine';
  }
}
