import type { FileEntry, Manifest } from '../env/manifest.ts';
import { BOOTSTRAP_FILE } from '../env/manifest-path.ts';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { renderFileList } from '../env/file-list.ts';
import type { Content, Store } from '../store/store.ts';
import { adoptDeadAttempt, isReleased } from './adopt.ts';
import { attemptFenced, beginAttempt, requireNotFenced } from './attempt.ts';
import { commitRelease } from './commit.ts';
import { compareTree } from './compare-tree.ts';
import { type Bootstrap, putConvenienceCopy } from './convenience-copy.ts';
import {
  BOOTSTRAPS,
  bootstrapPath,
  incomingPath,
  incomingTree,
  LISTS,
  listPath,
  RELEASES,
  TREES,
  treePath,
} from './layout.ts';
import { refuseForeignDirectory } from './preflight.ts';
import type { OnProgress } from './progress.ts';
import { holdsNamed, putNamed } from './put-named.ts';
import type { Release } from './release.ts';
import { type NumberedRelease, readCurrentRelease, readReleases, releaseNumbers } from './releases.ts';
import { parentDirectories } from './tree.ts';
import { requireEqualListing, type TreeUploadResult, uploadTree } from './upload-tree.ts';

/** Readable by everybody who may read the parent directory; writable by the owner. */
const DIRECTORY_MODE = 0o755;

export interface PublishOptions {
  readonly store: Store;
  readonly manifest: Manifest;
  /** The bytes of a file of the manifest. */
  readonly content: (file: FileEntry) => Content;
  readonly bootstrap: Bootstrap;
  /** Uploads and questions at once. */
  readonly concurrency: number;
  /** Who is named as publisher in the release. */
  readonly user: string;
  /** Replaces `activate_env.py` at the environment's top by this version's. */
  readonly updateBootstrap: boolean;
  /** `hdfs-venv 0.1.0` */
  readonly tool: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** One line for the user about what is going on, or about something odd that does no harm. */
  readonly onNote?: (note: string) => void;
}

export interface PublishResult {
  readonly kind: 'published' | 'already-published';
  readonly current: NumberedRelease;
  readonly uploadedFiles: number;
  readonly uploadedBytes: number;
  /** Files that the store held already, compared by length and checksum. */
  readonly reusedFiles: number;
}

/**
 * Publishes an environment as a new release. Nothing that a running job uses is touched, and nothing is visible before
 * the release file gets its name; whatever stops this function, the release that was current stays current.
 *
 * @throws the codes of `refuseForeignDirectory`, `uploadVerified`, `requireEqualListing`, `putNamed`, `commitRelease`,
 * and those of the store.
 */
export async function publish(options: PublishOptions): Promise<PublishResult> {
  const { store, manifest } = options;
  await refuseForeignDirectory(store);
  const list = renderFileList(manifest.files);
  // Read first: one that this version cannot read stops everything, and is better known before any comparison.
  const current = await readCurrentRelease(store);
  const { whole: existing, damaged } = await examineReleasedTrees(options);
  if (current !== undefined && current.release.tree === existing && (await isComplete(options, current, list))) {
    return {
      kind: 'already-published',
      current,
      uploadedFiles: 0,
      uploadedBytes: 0,
      reusedFiles: manifest.files.length,
    };
  }

  for (const directory of ['', RELEASES, LISTS, BOOTSTRAPS, TREES])
    await store.makeDirectory(directory, DIRECTORY_MODE);
  const attempt = await beginAttempt(store, manifest.digest, DIRECTORY_MODE);
  const concurrency = Math.min(options.concurrency, store.mostRequests);
  try {
    const uploaded =
      existing === undefined ? await uploadOwnTree({ ...options, concurrency }, attempt.name) : undefined;
    await putNamed(store, attempt.name, listPath(manifest.digest), list);
    await putBootstrap(options, attempt.name);
    const tree = existing ?? (await moveTree(options, attempt.name));
    await requireEqualListing(store, tree, manifest.files, concurrency);

    const release = await makeRelease(options, attempt.name, tree, list.byteLength);
    const isAsGood = (other: Release): boolean => isSameContent(other, release) && !damaged.has(other.tree);
    const { kind, current: committed } = await commitRelease({
      store,
      attempt: attempt.name,
      release,
      isAsGood,
      signal: options.signal,
    });
    const isSuperfluous = kind === 'same-content' && existing === undefined;
    await tidyUp(options, attempt.name, isSuperfluous ? tree : undefined);
    return {
      kind: kind === 'committed' ? 'published' : 'already-published',
      current: committed,
      uploadedFiles: uploaded?.uploadedFiles ?? 0,
      uploadedBytes: uploaded?.uploadedBytes ?? 0,
      reusedFiles: uploaded?.keptFiles ?? manifest.files.length,
    };
  } catch (error) {
    if (isParentMissing(error)) await requireNotFenced(store, attempt.name);
    throw error;
  } finally {
    attempt.end();
  }
}

/**
 * Removes what nobody needs after the commit, which counts whatever happens here.
 *
 * @param superfluous a tree whose release file will not be committed any more, so that nobody will ever name it
 */
async function tidyUp(options: PublishOptions, attempt: string, superfluous: string | undefined): Promise<void> {
  const { store } = options;
  if (superfluous !== undefined) {
    await removeLeftover(options, superfluous, async () => {
      if (!(await isReleased(store, superfluous))) await store.delete(superfluous);
    });
  }
  await removeLeftover(options, incomingPath(attempt), () => store.delete(incomingPath(attempt)));
}

async function removeLeftover({ onNote }: PublishOptions, path: string, remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onNote?.(`The release stands, but ${path} could not be removed, which does no harm: ${reason}`);
  }
}

/**
 * Gives the uploaded tree its place, by one rename. A late write of a request that was given up on (a DataNode that wakes
 * from a pause) is aimed at the place where the tree was uploaded, and can no longer reach it.
 */
async function moveTree({ store }: PublishOptions, attempt: string): Promise<string> {
  const tree = treePath(attempt);
  const result = await store.renameDirectory(incomingTree(attempt), tree);
  if (result !== 'renamed') throw attemptFenced(store, attempt);
  return tree;
}

/** A fenced attempt finds its directory gone: that is the cause, and this only what shows of it. */
function isParentMissing(error: unknown): boolean {
  return error instanceof HdfsVenvError && error.code === 'STORE_PARENT_MISSING';
}

/** Two releases that a job cannot tell apart. */
function isSameContent(a: Release, b: Release): boolean {
  return a.digest === b.digest && a.layout === b.layout && a.bootstrap.sha256 === b.bootstrap.sha256;
}

/** Looks for this content under the releases, newest first: reused is verified as if just uploaded. */
async function examineReleasedTrees(
  options: PublishOptions,
): Promise<{ whole: string | undefined; damaged: ReadonlySet<string> }> {
  const { store, manifest } = options;
  const releases = await readReleases(store, await releaseNumbers(store));
  const concurrency = Math.min(options.concurrency, store.mostRequests);
  const trees = releases.flatMap(({ number, release }) => {
    if (release === undefined) options.onNote?.(`Release ${number} cannot be read by this version and is left alone`);
    return release?.digest === manifest.digest ? [release.tree] : [];
  });
  const damaged = new Set<string>();
  for (const tree of new Set(trees.toReversed())) {
    options.onNote?.(`Comparing ${manifest.files.length} published files by length and checksum`);
    const differences = await compareTree({ store, root: tree, files: manifest.files, concurrency });
    if (differences.length === 0) return { whole: tree, damaged };
    damaged.add(tree);
    options.onNote?.(
      `${tree} is no longer what was published (${differences.length} differing files); it stays as it is, and a new tree is uploaded`,
    );
  }
  return { whole: undefined, damaged };
}

/** Whether the current release is this content with this bootstrap, and all the small files are there. */
async function isComplete(options: PublishOptions, current: NumberedRelease, list: Uint8Array): Promise<boolean> {
  const { store, manifest, bootstrap } = options;
  return (
    current.release.bootstrap.sha256 === bootstrap.sha256 &&
    !options.updateBootstrap &&
    (await holdsNamed(store, listPath(manifest.digest), list)) &&
    (await holdsNamed(store, bootstrapPath(bootstrap.sha256), bootstrap.bytes)) &&
    (await store.stat(BOOTSTRAP_FILE)) !== undefined
  );
}

async function uploadOwnTree(options: PublishOptions, attempt: string): Promise<TreeUploadResult> {
  const { store, manifest, concurrency, content, onProgress, signal } = options;
  const adopted = await adoptDeadAttempt(store, manifest.digest, attempt);
  if (adopted !== undefined) options.onNote?.(`Going on with what an interrupted attempt (${adopted}) uploaded`);
  const tree = incomingTree(attempt);
  const { files } = manifest;
  return uploadTree({ store, tree, files, content, concurrency, directoryMode: DIRECTORY_MODE, onProgress, signal });
}

async function putBootstrap(options: PublishOptions, attempt: string): Promise<void> {
  const { store, bootstrap } = options;
  const path = bootstrapPath(bootstrap.sha256);
  await store.makeDirectory(parentDirectories(path)[0] ?? BOOTSTRAPS, DIRECTORY_MODE);
  await putNamed(store, attempt, path, bootstrap.bytes);
  const note = await putConvenienceCopy(store, attempt, bootstrap, options.updateBootstrap);
  if (note !== undefined) options.onNote?.(note);
}

async function makeRelease(options: PublishOptions, attempt: string, tree: string, listSize: number): Promise<Release> {
  const { store, manifest, bootstrap } = options;
  const { target, inputs, packages, provided, allowed, topLevel, digest, files } = manifest;
  return {
    schemaVersion: 1,
    digest,
    layout: 'tree',
    tree,
    list: { path: listPath(digest), sha256: digest, size: listSize },
    bootstrap: { path: bootstrapPath(bootstrap.sha256), sha256: bootstrap.sha256 },
    fileCount: files.length,
    byteCount: files.reduce((sum, file) => sum + file.size, 0),
    target,
    inputs,
    packages,
    provided,
    allowed,
    topLevel,
    published: {
      at: new Date(await store.now()).toISOString(),
      by: options.user,
      tool: options.tool,
      attempt,
    },
  };
}
