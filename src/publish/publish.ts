import type { FileEntry, Manifest } from '../env/manifest.ts';
import { BOOTSTRAP_FILE } from '../env/manifest-path.ts';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { renderFileList } from '../env/file-list.ts';
import type { Content, Store } from '../store/store.ts';
import { beginAttempt, requireNotFenced } from './attempt.ts';
import { commitRelease } from './commit.ts';
import { bytesContent } from './content.ts';
import { type Bootstrap, putConvenienceCopy } from './convenience-copy.ts';
import { BOOTSTRAPS, bootstrapPath, incomingPath, LISTS, listPath, RELEASES } from './layout.ts';
import {
  DIRECTORY_MODE,
  isSamePlacement,
  type LayerSource,
  type Layout,
  type LayoutContext,
} from './layouts/layouts.ts';
import { TarLayout } from './layouts/tar-layout.ts';
import { TreeLayout } from './layouts/tree-layout.ts';
import { refuseForeignDirectory } from './preflight.ts';
import type { OnProgress } from './progress.ts';
import { holdsNamed, putNamed } from './put-named.ts';
import type { Placement, Release } from './release.ts';
import { type NumberedRelease, readCurrentRelease, readReleases, releaseNumbers } from './releases.ts';
import { parentDirectories } from './tree.ts';
import { bytesUpload } from './upload.ts';

/** Where the bytes come from, by layout. */
export type PublishSource =
  /** The bytes of a file of the manifest. */
  | { readonly layout: 'tree'; readonly content: (file: FileEntry) => Content }
  /** Called only when something has to be uploaded. */
  | { readonly layout: 'tar'; readonly makeLayers: () => Promise<readonly LayerSource[]> };

export interface PublishOptions {
  readonly store: Store;
  readonly manifest: Manifest;
  readonly source: PublishSource;
  readonly bootstrap: Bootstrap;
  /** Uploads and questions at once. */
  readonly concurrency: number;
  /** Of every file of the environment; what the layout and the store think best unless told. */
  readonly replication?: number | undefined;
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
  const layout = layoutOf(options);
  const { whole: existing, isDamaged } = await layout.examine(await readableReleases(options));
  if (
    current !== undefined &&
    existing !== undefined &&
    isSamePlacement(current.release, existing) &&
    (await isComplete(options, current, list))
  ) {
    const reusedFiles = countFiles(existing, manifest);
    return { kind: 'already-published', current, uploadedFiles: 0, uploadedBytes: 0, reusedFiles };
  }

  for (const directory of ['', RELEASES, LISTS, BOOTSTRAPS, ...layout.directories])
    await store.makeDirectory(directory, DIRECTORY_MODE);
  const attempt = await beginAttempt(store, manifest.digest, DIRECTORY_MODE);
  try {
    const uploaded = existing === undefined ? await layout.upload(attempt.name) : undefined;
    await putNamed(store, attempt.name, listPath(manifest.digest), list);
    await putBootstrap(options, attempt.name);
    const placement = existing ?? (await layout.place(attempt.name));
    if (existing !== undefined) await layout.refresh(existing);
    await layout.requirePlaced(placement);

    const release = await makeRelease(options, attempt.name, placement, list.byteLength);
    const isAsGood = (other: Release): boolean => isSameContent(other, release) && !isDamaged(other);
    const { kind, current: committed } = await commitRelease({
      store,
      attempt: attempt.name,
      release,
      isAsGood,
      signal: options.signal,
    });
    const isSuperfluous = kind === 'same-content' && existing === undefined;
    if (isSuperfluous) await removeLeftover(options, placement.layout, () => layout.discard(placement));
    await removeLeftover(options, incomingPath(attempt.name), () => store.delete(incomingPath(attempt.name)));
    return {
      kind: kind === 'committed' ? 'published' : 'already-published',
      current: committed,
      uploadedFiles: uploaded?.uploadedFiles ?? 0,
      uploadedBytes: uploaded?.uploadedBytes ?? 0,
      reusedFiles: uploaded?.keptFiles ?? countFiles(placement, manifest),
    };
  } catch (error) {
    if (isParentMissing(error)) await requireNotFenced(store, attempt.name);
    throw error;
  } finally {
    attempt.end();
  }
}

function layoutOf({
  store,
  manifest,
  source,
  concurrency,
  replication,
  onProgress,
  onNote,
  signal,
}: PublishOptions): Layout {
  const context: LayoutContext = {
    store,
    digest: manifest.digest,
    // a store learns what it is talking to while it is asked
    get concurrency() {
      return Math.min(concurrency, store.mostRequests);
    },
    replication,
    onProgress,
    onNote,
    signal,
  };
  return source.layout === 'tree'
    ? new TreeLayout(context, manifest.files, source.content)
    : new TarLayout(context, source.makeLayers);
}

/** What the store holds for it, in the layout's own unit: files of a tree, or archives. */
function countFiles(placement: Placement, { files }: Manifest): number {
  return placement.layout === 'tree' ? files.length : placement.layers.length;
}

async function readableReleases({ store, onNote }: PublishOptions): Promise<Release[]> {
  const releases = await readReleases(store, await releaseNumbers(store));
  return releases.flatMap(({ number, release }) => {
    if (release === undefined) onNote?.(`Release ${number} cannot be read by this version and is left alone`);
    return release === undefined ? [] : [release];
  });
}

/** After the commit, which counts whatever happens here. */
async function removeLeftover({ onNote }: PublishOptions, path: string, remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onNote?.(`The release stands, but ${path} could not be removed, which does no harm: ${reason}`);
  }
}

/** A fenced attempt finds its directory gone: that is the cause, and this only what shows of it. */
function isParentMissing(error: unknown): boolean {
  return error instanceof HdfsVenvError && error.code === 'STORE_PARENT_MISSING';
}

/** Two releases that a job cannot tell apart. */
function isSameContent(a: Release, b: Release): boolean {
  return a.digest === b.digest && a.layout === b.layout && a.bootstrap.sha256 === b.bootstrap.sha256;
}

/** Whether the current release is this content with this bootstrap, and all the small files are there. */
async function isComplete(options: PublishOptions, current: NumberedRelease, list: Uint8Array): Promise<boolean> {
  const { store, manifest, bootstrap } = options;
  return (
    current.release.bootstrap.sha256 === bootstrap.sha256 &&
    !options.updateBootstrap &&
    (await holdsNamed(store, listPath(manifest.digest), inMemory(list))) &&
    (await holdsNamed(store, bootstrapPath(bootstrap.sha256), inMemory(bootstrap.bytes))) &&
    (await store.stat(BOOTSTRAP_FILE)) !== undefined
  );
}

function inMemory(bytes: Uint8Array): ReturnType<typeof bytesUpload> {
  return bytesUpload('', bytes, bytesContent(bytes));
}

async function putBootstrap(options: PublishOptions, attempt: string): Promise<void> {
  const { store, bootstrap } = options;
  const path = bootstrapPath(bootstrap.sha256);
  await store.makeDirectory(parentDirectories(path)[0] ?? BOOTSTRAPS, DIRECTORY_MODE);
  await putNamed(store, attempt, path, bootstrap.bytes);
  const note = await putConvenienceCopy(store, attempt, bootstrap, options.updateBootstrap);
  if (note !== undefined) options.onNote?.(note);
}

async function makeRelease(
  options: PublishOptions,
  attempt: string,
  placement: Placement,
  listSize: number,
): Promise<Release> {
  const { store, manifest, bootstrap } = options;
  const { target, inputs, packages, provided, allowed, topLevel, digest, files } = manifest;
  return {
    schemaVersion: 1,
    digest,
    ...placement,
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
