import type { FileEntry } from '../../env/manifest.ts';
import type { Content } from '../../store/store.ts';
import { adoptDeadAttempt, isReleased } from '../adopt.ts';
import { attemptFenced } from '../attempt.ts';
import { compareTree } from '../compare-tree.ts';
import { incomingTree, TREES, treePath } from '../layout.ts';
import { refresh } from '../refresh.ts';
import type { Placement, Release } from '../release.ts';
import { requireEqualListing, uploadTree } from '../upload-tree.ts';
import { DIRECTORY_MODE, type Examination, type Layout, type LayoutContext, type UploadCounts } from './layouts.ts';

/** One file on the store for each file of the environment. */
export class TreeLayout implements Layout {
  readonly directories = [TREES];
  readonly #context: LayoutContext;
  readonly #files: readonly FileEntry[];
  readonly #content: (file: FileEntry) => Content;

  constructor(context: LayoutContext, files: readonly FileEntry[], content: (file: FileEntry) => Content) {
    this.#context = context;
    this.#files = files;
    this.#content = content;
  }

  async examine(releases: readonly Release[]): Promise<Examination> {
    const { store, digest, concurrency, onNote } = this.#context;
    const trees = releases.flatMap((release) =>
      release.layout === 'tree' && release.digest === digest ? [release.tree] : [],
    );
    const damaged = new Set<string>();
    const isDamaged = (release: Release): boolean => release.layout === 'tree' && damaged.has(release.tree);
    for (const tree of new Set(trees.toReversed())) {
      onNote?.(`Comparing ${this.#files.length} published files by length and checksum`);
      const differences = await compareTree({ store, root: tree, files: this.#files, concurrency });
      if (differences.length === 0) return { whole: { layout: 'tree', tree }, isDamaged };
      damaged.add(tree);
      onNote?.(
        `${tree} is no longer what was published (${differences.length} differing files); it stays as it is, and a new tree is uploaded`,
      );
    }
    return { whole: undefined, isDamaged };
  }

  async upload(attempt: string): Promise<UploadCounts> {
    const { store, digest, concurrency, replication, onProgress, onNote, signal } = this.#context;
    const adopted = await adoptDeadAttempt(store, digest, attempt);
    if (adopted !== undefined) onNote?.(`Going on with what an interrupted attempt (${adopted}) uploaded`);
    return uploadTree({
      store,
      tree: incomingTree(attempt),
      files: this.#files,
      content: this.#content,
      concurrency,
      replication,
      directoryMode: DIRECTORY_MODE,
      onProgress,
      signal,
    });
  }

  /**
   * Gives the uploaded tree its place, by one rename. A late write of a request that was given up on (a DataNode that
   * wakes from a pause) is aimed at the place where the tree was uploaded, and can no longer reach it.
   */
  async place(attempt: string): Promise<Placement> {
    const { store } = this.#context;
    const tree = treePath(attempt);
    const result = await store.renameDirectory(incomingTree(attempt), tree);
    if (result !== 'renamed') throw attemptFenced(store, attempt);
    return { layout: 'tree', tree };
  }

  async refresh(placement: Placement): Promise<void> {
    if (placement.layout === 'tree') await refresh(this.#context.store, placement.tree);
  }

  async requirePlaced(placement: Placement): Promise<void> {
    if (placement.layout !== 'tree') return;
    const { store, concurrency } = this.#context;
    await requireEqualListing(store, placement.tree, this.#files, concurrency);
  }

  async discard(placement: Placement): Promise<void> {
    if (placement.layout !== 'tree') return;
    const { store } = this.#context;
    if (!(await isReleased(store, placement.tree))) await store.delete(placement.tree);
  }
}
