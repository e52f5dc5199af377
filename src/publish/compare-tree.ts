import type { FileEntry } from '../env/manifest.ts';
import type { Content, Store } from '../store/store.ts';
import { compareChecksum, type ExpectedContent } from './compare.ts';
import { forEachBounded } from './for-each-bounded.ts';
import { listTree, parentDirectories, type Tree } from './tree.ts';

/** One way in which a published tree is not what its list says. */
export type Difference =
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'extra'; readonly path: string }
  | { readonly kind: 'length'; readonly path: string; readonly expected: number; readonly found: number }
  | {
      readonly kind: 'checksum';
      readonly path: string;
      readonly algorithm: string;
      readonly expected: string;
      readonly found: string;
    };

/** Names and lengths only: what a listing shows. */
export function compareListing(files: readonly FileEntry[], tree: Tree): Difference[] {
  const differences: Difference[] = [];
  const expectedPaths = new Set<string>();
  for (const { path, size } of files) {
    expectedPaths.add(path);
    const found = tree.files.get(path);
    if (found === undefined) differences.push({ kind: 'missing', path });
    else if (found.size !== size) differences.push({ kind: 'length', path, expected: size, found: found.size });
  }
  for (const path of tree.files.keys()) if (!expectedPaths.has(path)) differences.push({ kind: 'extra', path });
  const expectedDirectories = new Set([...expectedPaths].flatMap(parentDirectories));
  for (const path of tree.directories) if (!expectedDirectories.has(path)) differences.push({ kind: 'extra', path });
  return differences;
}

export interface TreeComparison {
  readonly store: Store;
  /** The tree's directory on the store. */
  readonly root: string;
  /** What the tree ought to hold. */
  readonly files: readonly FileEntry[];
  /** Questions at once. */
  readonly concurrency: number;
  /** Called after each file whose checksum was compared. */
  readonly onFile?: (file: FileEntry) => void;
}

/** The checksum of every file. */
async function compareChecksums({ store, root, files, concurrency, onFile }: TreeComparison): Promise<Difference[]> {
  const differences: Difference[] = [];
  await forEachBounded(files, concurrency, async (file) => {
    const found = await compareChecksum(store, `${root}/${file.path}`, file);
    if (found !== undefined) {
      const { kind: algorithm, expected, found: foundHex } = found;
      differences.push({ kind: 'checksum', path: file.path, algorithm, expected, found: foundHex });
    }
    onFile?.(file);
  });
  return differences;
}

/** Names, lengths, and the checksums of all files whose length is right; sorted by path. Empty: the tree is whole. */
export async function compareTree(comparison: TreeComparison): Promise<Difference[]> {
  const { store, root, files, concurrency } = comparison;
  const tree = await listTree(store, root, concurrency);
  if (tree === undefined) return files.map(({ path }) => ({ kind: 'missing', path }));
  const listed = compareListing(files, tree);
  const bad = new Set(listed.map(({ path }) => path));
  const rest = files.filter(({ path }) => !bad.has(path));
  const changed = await compareChecksums({ ...comparison, files: rest });
  return [...listed, ...changed].sort((a, b) => (a.path < b.path ? -1 : 1));
}

export interface FileComparison {
  readonly store: Store;
  /** Paths relative to the environment's directory. */
  readonly files: readonly (ExpectedContent & { readonly path: string })[];
  readonly concurrency: number;
  readonly onFile?: (file: ExpectedContent) => void;
}

/** Length and checksum of single files, in a directory that others share; sorted by path. */
export async function compareFiles({ store, files, concurrency, onFile }: FileComparison): Promise<Difference[]> {
  const differences: Difference[] = [];
  await forEachBounded(files, concurrency, async (file) => {
    const difference = await compareFile(store, file);
    if (difference !== undefined) differences.push(difference);
    onFile?.(file);
  });
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Length and checksum of one file.
 * @param file with the local bytes, where they are at hand: see `compareChecksum`
 */
export async function compareFile(
  store: Store,
  file: ExpectedContent & { readonly path: string; readonly content?: Content },
): Promise<Difference | undefined> {
  const { path, size } = file;
  const status = await store.stat(path);
  if (status?.type !== 'file') return { kind: 'missing', path };
  if (status.size !== size) return { kind: 'length', path, expected: size, found: status.size };
  const found = await compareChecksum(store, path, file, file.content);
  if (found === undefined) return undefined;
  return { kind: 'checksum', path, algorithm: found.kind, expected: found.expected, found: found.found };
}

/** One line for a person. */
export function describeDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'missing':
      return `missing   ${difference.path}`;
    case 'extra':
      return `extra     ${difference.path}`;
    case 'length':
      return `length    ${difference.path}: ${difference.found} bytes instead of ${difference.expected}`;
    case 'checksum':
      return `changed   ${difference.path}: ${difference.algorithm} ${difference.found} instead of ${difference.expected}`;
  }
}
