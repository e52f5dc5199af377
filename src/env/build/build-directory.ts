import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { makeDirectory, nearestExisting } from '../../errors/make-directory.ts';
import { compareCopy } from './bootstrap-copy.ts';
import type { BuildOptions } from './build-options.ts';
import type { Manifest } from '../manifest.ts';
import {
  BOOTSTRAP_FILE,
  MANIFEST_FILE,
  manifestPath,
  TREE_DIRECTORY,
  treePath,
  WHEELS_DIRECTORY,
  wheelsPath,
} from '../manifest-path.ts';
import { IncompleteUndoError, type Move, moveAll } from './move-all.ts';
import { mayBeAlive, ownProcessName } from './process-name.ts';
import { readManifest } from '../read-manifest.ts';
import { explainWriteError } from '../system-error.ts';
import { isErrno } from '../../errors/system-error.ts';

/** Holds one directory per running build, named after its process. Its presence says that DIR is ours, but not whole. */
const WORK_DIRECTORY = '.hdfs-venv-build';

/** Builds of this very process: tells a leftover of an earlier process that had the same id from a build that runs. */
const running = new Set<string>();

/** What a build lays beside the tree, and who hears of it. */
type BootstrapOptions = Pick<BuildOptions, 'bootstrap' | 'onNote'>;

/**
 * A directory that one build at a time fills with a tree, its manifest and a copy of the bootstrap. All three are written
 * to a work directory inside, and renamed into place when none of them can lack space any more. The manifest leaves
 * before the tree and comes after it, so that whatever stops a build, DIR either has a manifest and the tree that it
 * describes, or no manifest; the bootstrap comes last, since alone it would not tell whose DIR is.
 */
export class BuildDirectory {
  readonly directory: string;
  /** What the last build made; undefined when there was none, or when it cannot be trusted. */
  readonly existing: Manifest | undefined;
  readonly #work: string;
  /** It holds what `commit` moved away and could not put back. */
  #keepsWork = false;

  private constructor(directory: string, existing: Manifest | undefined) {
    this.directory = directory;
    this.existing = existing;
    this.#work = join(directory, WORK_DIRECTORY, ownProcessName());
  }

  /**
   * Takes a directory that is empty, missing or the work of an earlier build, finished or not.
   *
   * @throws HdfsVenvError `ENV_DIRECTORY_NOT_OURS`, `ENV_DIRECTORY_BUSY` (conflict); `ENV_MANIFEST_NOT_OURS`,
   * `ENV_MANIFEST_NEWER`; errors of the file system as they come
   */
  static async claim(directory: string): Promise<BuildDirectory> {
    const existing = await requireOurs(directory);
    const claimed = new BuildDirectory(directory, existing);
    claimed.#begin();
    return claimed;
  }

  /** Where the tree is made. */
  get tree(): string {
    return join(this.#work, TREE_DIRECTORY);
  }

  /** Where wheels are gathered, for a build that unpacks nothing. */
  get wheels(): string {
    return join(this.#work, WHEELS_DIRECTORY);
  }

  /** @throws HdfsVenvError `ENV_DISK_FULL` when the disk has fewer bytes free than the tree will need */
  requireSpace(needed: number): void {
    const { bavail, bsize } = statfsSync(this.#work);
    const free = bavail * bsize;
    if (needed <= free) return;
    throw new HdfsVenvError({
      code: 'ENV_DISK_FULL',
      exit: 'conflict',
      message: `Cannot write the environment to ${this.directory}: it needs ${needed} bytes, the disk has ${free} free`,
      hints: ['Free some space, or build on another disk with -o.'],
    });
  }

  /** Whether two names in one directory are one file on this disk. The disk is asked: no table knows them all. */
  takesForOne(names: readonly [string, string]): boolean {
    const [first, second] = names.map((name) => join(this.#work, 'probe', name));
    if (first === undefined || second === undefined) return false;
    mkdirSync(join(this.#work, 'probe'));
    try {
      writeFileSync(first, '');
      return existsSync(second);
    } finally {
      rmSync(join(this.#work, 'probe'), { recursive: true });
    }
  }

  /**
   * Lays the bootstrap beside a tree that is used again. Equal bytes stay untouched; others are replaced, with a note.
   *
   * @throws errors of the file system as they come
   */
  putBootstrap(options: BootstrapOptions): void {
    this.#place([], options);
  }

  /**
   * Puts the tree, or the wheels, in place of what an earlier build left, then the manifest, then the bootstrap as `putBootstrap` does. When that fails, DIR holds
   * again what it held before.
   *
   * @throws errors of the file system as they come; HdfsVenvError `ENV_NOT_PUT_BACK` (other) when the disk refuses the way
   * back, too: what DIR held is then kept in the work directory
   */
  commit(manifest: Manifest, options: BootstrapOptions = {}): void {
    const described = this.#stage(MANIFEST_FILE, `${JSON.stringify(manifest, undefined, 1)}\n`);
    const [tree, wheels] = [treePath(this.directory), wheelsPath(this.directory)];
    const moves = [
      { from: described.to, to: join(this.#work, `old-${MANIFEST_FILE}`), optional: true },
      { from: tree, to: join(this.#work, `old-${TREE_DIRECTORY}`), optional: true },
      { from: wheels, to: join(this.#work, `old-${WHEELS_DIRECTORY}`), optional: true },
      manifest.layout === 'tree' ? { from: this.tree, to: tree } : { from: this.wheels, to: wheels },
      described,
    ];
    this.#place(moves, options);
  }

  /** Removes what is left of this build. What `commit` put in its place stays, and what it could not put back. */
  release(): void {
    if (!this.#keepsWork) rmSync(this.#work, { recursive: true, force: true });
    running.delete(this.#work);
    if (!needsMark(this.directory)) removeIfEmpty(join(this.directory, WORK_DIRECTORY));
  }

  #place(moves: readonly Move[], { bootstrap, onNote }: BootstrapOptions): void {
    const path = join(this.directory, BOOTSTRAP_FILE);
    const found = bootstrap === undefined ? 'same' : compareCopy(path, bootstrap);
    const copy = bootstrap === undefined || found === 'same' ? [] : [this.#stage(BOOTSTRAP_FILE, bootstrap)];
    try {
      moveAll([...moves, ...copy]);
    } catch (error) {
      if (!(error instanceof IncompleteUndoError)) throw error;
      this.#keepsWork = true;
      throw notPutBackError(this.directory, this.#work, error.cause);
    }
    if (found === 'other') onNote?.(`${path} was edited or is another version's: it is replaced by this version's.`);
  }

  /** Writes a file beside the new tree, down to the disk: some file systems say only then that they are full. */
  #stage(name: string, content: string | Uint8Array): Move {
    const from = join(this.#work, name);
    writeFileSync(from, content, { flush: true });
    return { from, to: join(this.directory, name) };
  }

  #begin(): void {
    if (running.has(this.#work)) throw busyError(this.directory, this.#work);
    running.add(this.#work);
    try {
      rmSync(this.#work, { recursive: true, force: true });
      makeDirectory(this.tree);
      this.#removeDeadBuilds();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  #removeDeadBuilds(): void {
    const parent = join(this.directory, WORK_DIRECTORY);
    for (const name of readdirSync(parent)) {
      const other = join(parent, name);
      if (other === this.#work) continue;
      if (mayBeAlive(name)) throw busyError(this.directory, other);
      rmSync(other, { recursive: true, force: true });
    }
  }
}

/**
 * Whether a build could go to a directory, before anything is done for it. Nothing is changed.
 *
 * @throws HdfsVenvError those of `BuildDirectory.claim`, and of `explainWriteError`
 */
export async function requireBuildDirectory(directory: string): Promise<void> {
  try {
    await requireOurs(directory);
    // the one way to know: permissions do not tell of a disk that is read-only, nor of /proc
    rmdirSync(mkdtempSync(join(nearestExisting(directory), '.hdfs-venv-')));
  } catch (error) {
    throw explainWriteError(error, directory);
  }
}

async function requireOurs(directory: string): Promise<Manifest | undefined> {
  const existing = nearestExisting(directory);
  if (!statSync(existing).isDirectory()) {
    throw notOursError(directory, `${existing === directory ? 'it' : existing} is not a directory`);
  }
  if (existing !== directory) return undefined;
  const names = readdirSync(directory);
  if (names.includes(MANIFEST_FILE)) return await readOwnManifest(directory);
  if (names.length === 0 || names.includes(WORK_DIRECTORY)) return undefined;
  const shown = names.slice(0, 3).join(', ');
  throw notOursError(
    directory,
    `it has no ${MANIFEST_FILE} of a build, but holds ${shown}${names.length > 3 ? ' …' : ''}`,
  );
}

/** One that is damaged is ours all the same, and is built again. */
async function readOwnManifest(directory: string): Promise<Manifest | undefined> {
  try {
    return await readManifest(directory);
  } catch (error) {
    if (error instanceof HdfsVenvError && error.code === 'ENV_MANIFEST_DAMAGED') return undefined;
    throw error;
  }
}

function notOursError(directory: string, why: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'ENV_DIRECTORY_NOT_OURS',
    exit: 'conflict',
    message: `Cannot build in ${directory}: ${why}`,
    hints: ['Give an empty or new directory with -o; nothing was changed.'],
  });
}

function busyError(directory: string, other: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'ENV_DIRECTORY_BUSY',
    exit: 'conflict',
    message: `Cannot build in ${directory}: another build is at work in ${other}`,
    hints: ['Wait for it to end. When no such build runs, delete that directory.'],
  });
}

function notPutBackError(directory: string, work: string, cause: unknown): HdfsVenvError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HdfsVenvError({
    code: 'ENV_NOT_PUT_BACK',
    exit: 'other',
    message: `Cannot write the environment to ${directory}: ${reason}; and the disk took no way back`,
    hints: [`What was there before is in ${work}; the next build removes it.`],
    cause,
  });
}

/** Whether nothing but the work directory tells the next build that DIR is ours: a commit could not be undone. */
function needsMark(directory: string): boolean {
  if (existsSync(manifestPath(directory))) return false;
  const kept = [treePath(directory), wheelsPath(directory), join(directory, BOOTSTRAP_FILE)];
  return kept.some((path) => existsSync(path));
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}
