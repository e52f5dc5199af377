import { hash } from 'node:crypto';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { compareUtf8 } from '../env/file-list.ts';
import { type FileEntry, type FileList, fileListSchema } from '../env/manifest.ts';
import type { Store } from '../store/store.ts';
import { compareFiles, compareTree, type Difference } from './compare-tree.ts';
import { collect } from './content.ts';
import { releasePath } from './layout.ts';
import { type OnProgress, ProgressCounter } from './progress.ts';
import { type NumberedRelease, requireRelease } from './releases.ts';

export interface VerifyOptions {
  readonly store: Store;
  /** A release's number; the current one when left out. */
  readonly number?: number;
  readonly concurrency: number;
  readonly onProgress?: OnProgress;
}

export interface VerifyResult {
  readonly verified: NumberedRelease;
  /** Sorted by path; paths are relative to the environment's directory. Empty: all is as published. */
  readonly differences: readonly Difference[];
}

/**
 * Compares everything that a release names with what the store holds: the bootstrap, the file list, and of the tree
 * every name, length and checksum.
 *
 * @throws RELEASE_NONE, and VERIFY_LIST_DAMAGED when the file list itself is not what the release names: then nothing
 * can be said about the files.
 */
export async function verify(options: VerifyOptions): Promise<VerifyResult> {
  const { store } = options;
  const verified = await requireRelease(store, options.number);
  const { release } = verified;
  const differences = await compareBootstrap(store, release.bootstrap);
  const { files } = await readFileList(store, release.list);
  differences.push(...compareRelease(verified, files));
  const concurrency = Math.min(options.concurrency, store.mostRequests);
  const progress = new ProgressCounter(release.layout === 'tree' ? files : release.layers, options.onProgress);
  const onFile = ({ size }: { readonly size: number }): void => {
    progress.addBytes(size);
    progress.addFile();
  };
  if (release.layout === 'tree') {
    const inTree = await compareTree({ store, root: release.tree, files, concurrency, onFile });
    differences.push(...inTree.map((found) => ({ ...found, path: `${release.tree}/${found.path}` })));
  } else {
    differences.push(...(await compareFiles({ store, files: release.layers, concurrency, onFile })));
  }
  return { verified, differences };
}

/** What a release says of its files must follow from their list. */
function compareRelease({ number, release }: NumberedRelease, files: readonly FileEntry[]): Difference[] {
  const path = releasePath(number);
  const byteCount = files.reduce((sum, { size }) => sum + size, 0);
  const names = new Set(files.map((file) => file.path.replace(/\/.*/, '')));
  const facts = [
    ['fileCount', String(files.length), String(release.fileCount)],
    ['byteCount', String(byteCount), String(release.byteCount)],
    [
      'topLevel',
      [...names].toSorted(compareUtf8).join(' '),
      release.topLevel
        .map(({ name }) => name)
        .toSorted(compareUtf8)
        .join(' '),
    ],
  ] as const;
  return facts.flatMap(([algorithm, expected, found]) =>
    expected === found ? [] : { kind: 'checksum' as const, path, algorithm, expected, found },
  );
}

/** Reads a release's file list, which counts only if its bytes are those that the release names. */
async function readFileList(store: Store, { path, sha256 }: { path: string; sha256: string }): Promise<FileList> {
  const found = (await store.stat(path)) === undefined ? undefined : await collect(store.read(path));
  const foundDigest = found === undefined ? 'nothing' : hash('sha256', found);
  if (found === undefined || foundDigest !== sha256) {
    throw new HdfsVenvError({
      code: 'VERIFY_LIST_DAMAGED',
      exit: 'differences',
      message: `Cannot verify ${store.address}: ${path} should have sha256 ${sha256}, found ${foundDigest}.`,
      hints: [
        found === undefined
          ? 'Publish the same environment again: it puts back what is missing.'
          : 'Somebody edited or damaged it. Delete it, then publish the same environment again.',
      ],
    });
  }
  return fileListSchema.parse(JSON.parse(found.toString('utf8')));
}

async function compareBootstrap(store: Store, expected: { path: string; sha256: string }): Promise<Difference[]> {
  if ((await store.stat(expected.path)) === undefined) return [{ kind: 'missing', path: expected.path }];
  const found = hash('sha256', await collect(store.read(expected.path)));
  if (found === expected.sha256) return [];
  return [{ kind: 'checksum', path: expected.path, algorithm: 'sha256', expected: expected.sha256, found }];
}
