import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { FileEntry } from '../env/manifest.ts';
import type { Content, Store } from '../store/store.ts';
import { compareListing, compareTree, describeDifference } from './compare-tree.ts';
import { forEachBounded } from './for-each-bounded.ts';
import { Pace } from './pace.ts';
import { type OnProgress, ProgressCounter } from './progress.ts';
import { directoryLevels, listTree } from './tree.ts';
import { treeUpload, uploadVerified } from './upload.ts';

export interface TreeUploadOptions {
  readonly store: Store;
  /** `.incoming/<attempt>/tree`; may hold a part of the files already. */
  readonly tree: string;
  readonly files: readonly FileEntry[];
  readonly content: (file: FileEntry) => Content;
  /** The most at once; how many, `Pace` finds out. */
  readonly concurrency: number;
  readonly replication: number | undefined;
  readonly directoryMode: number;
  readonly onProgress: OnProgress | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface TreeUploadResult {
  readonly uploadedFiles: number;
  readonly uploadedBytes: number;
  readonly keptFiles: number;
}

/**
 * Makes a tree on the store exactly what the manifest says: keeps the files that are there and proven equal, removes
 * what does not belong, sends the rest, and compares every checksum. The lengths are `requireEqualListing`'s.
 */
export async function uploadTree(options: TreeUploadOptions): Promise<TreeUploadResult> {
  const { store, tree, files, concurrency } = options;
  const missing = await findMissing(options);
  await makeDirectories(options);

  const progress = new ProgressCounter(missing, options.onProgress);
  const pace = new Pace(concurrency);
  pace.start(performance.now());
  await forEachBounded(
    largestFirst(missing),
    () => pace.limit,
    async (file) => {
      options.signal?.throwIfAborted();
      const upload = { ...treeUpload(tree, file, options.content(file)), replication: options.replication };
      await uploadVerified(store, upload, {
        onProgress: (bytes) => progress.addBytes(bytes),
        onStrain: () => pace.strained(),
      });
      pace.finished(performance.now(), file.size);
      progress.addFile();
    },
  );

  return {
    uploadedFiles: missing.length,
    uploadedBytes: missing.reduce((sum, file) => sum + file.size, 0),
    keptFiles: files.length - missing.length,
  };
}

/**
 * Names and lengths of the whole tree, listed once more right before the commit.
 * @throws PUBLISH_TREE_CHANGED when somebody else wrote or removed there.
 */
export async function requireEqualListing(
  store: Store,
  tree: string,
  files: readonly FileEntry[],
  concurrency: number,
): Promise<void> {
  const found = await listTree(store, tree, concurrency);
  const differences = found === undefined ? [] : compareListing(files, found);
  const first = differences[0];
  if (found !== undefined && first === undefined) return;
  throw new HdfsVenvError({
    code: 'PUBLISH_TREE_CHANGED',
    exit: 'conflict',
    message:
      first === undefined
        ? `Cannot publish ${store.address}: the uploaded tree ${tree} is gone.`
        : `Cannot publish ${store.address}: ${differences.length} of ${files.length} files in ${tree} are not what was uploaded, first: ${describeDifference(first)}.`,
    hints: ['Somebody else wrote there, or took this attempt for dead. Nothing was published; publish again.'],
  });
}

/** Looks at what the tree holds already (after an adoption) and returns the files that have to be sent. */
async function findMissing({ store, tree, files, concurrency }: TreeUploadOptions): Promise<FileEntry[]> {
  const differences = await compareTree({ store, root: tree, files, concurrency });
  for (const { kind, path } of differences) if (kind === 'extra') await store.delete(`${tree}/${path}`);
  const bad = new Set(differences.map(({ path }) => path));
  return files.filter((file) => bad.has(file.path));
}

async function makeDirectories(options: TreeUploadOptions): Promise<void> {
  const { store, tree, directoryMode, concurrency } = options;
  await store.makeDirectory(tree, directoryMode);
  for (const level of directoryLevels(options.files.map((file) => file.path))) {
    await forEachBounded(level, concurrency, (directory) => store.makeDirectory(`${tree}/${directory}`, directoryMode));
  }
}

/** A large file that starts last would be waited for alone. */
function largestFirst(files: readonly FileEntry[]): FileEntry[] {
  return files.toSorted((a, b) => b.size - a.size);
}
