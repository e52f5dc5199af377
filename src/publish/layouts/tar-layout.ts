import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Content } from '../../store/store.ts';
import { adoptDeadLayers } from '../adopt.ts';
import { compareChecksum, type ExpectedContent } from '../compare.ts';
import { compareFiles } from '../compare-tree.ts';
import { forEachBounded } from '../for-each-bounded.ts';
import { incomingLayers, LAYERS, layerPath } from '../layout.ts';
import { ProgressCounter } from '../progress.ts';
import { holdsNamed, placeNamed } from '../put-named.ts';
import type { Placement, Release } from '../release.ts';
import { uploadVerified } from '../upload.ts';
import { DIRECTORY_MODE, type Examination, type Layout, type LayoutContext, type UploadCounts } from './layouts.ts';

/** An archive that can be uploaded. */
export interface LayerSource extends ExpectedContent {
  /** `pandas-2.2.3`: what its name on the store begins with. */
  readonly label: string;
  readonly content: Content;
}

interface NamedLayer extends LayerSource {
  /** On the store. */
  readonly path: string;
  readonly fileName: string;
}

/** One archive for each wheel, which Spark's own addFile unpacks. Archives are named after their content, and releases share them. */
export class TarLayout implements Layout {
  readonly directories = [LAYERS];
  readonly #context: LayoutContext;
  readonly #makeLayers: () => Promise<readonly LayerSource[]>;
  #layers: readonly NamedLayer[] | undefined;
  /** What the store lacked: it lies in the attempt's own directory until it gets its name. */
  #staged: readonly NamedLayer[] = [];

  /** @param makeLayers called when something has to be uploaded, once */
  constructor(context: LayoutContext, makeLayers: () => Promise<readonly LayerSource[]>) {
    this.#context = context;
    this.#makeLayers = makeLayers;
  }

  async examine(releases: readonly Release[]): Promise<Examination> {
    const { store, digest, concurrency, onNote } = this.#context;
    const damaged = new Set<string>();
    const isDamaged = (release: Release): boolean =>
      release.layout === 'tar' && release.layers.some(({ path }) => damaged.has(path));
    for (const release of releases.toReversed()) {
      if (release.layout !== 'tar' || release.digest !== digest || isDamaged(release)) continue;
      const { layers } = release;
      onNote?.(`Comparing ${layers.length} published archives by length and checksum`);
      const different = await compareFiles({ store, files: layers, concurrency });
      if (different.length === 0) return { whole: { layout: 'tar', layers }, isDamaged };
      for (const { path } of different) damaged.add(path);
    }
    return { whole: undefined, isDamaged };
  }

  async upload(attempt: string): Promise<UploadCounts> {
    const { store, digest, concurrency, onProgress, onNote, signal } = this.#context;
    const adopted = await adoptDeadLayers(store, digest, attempt);
    if (adopted !== undefined) onNote?.(`Going on with what an interrupted attempt (${adopted}) uploaded`);
    const layers = await this.#allLayers();
    await store.makeDirectory(incomingLayers(attempt), DIRECTORY_MODE);
    const lacking: NamedLayer[] = [];
    const missing: NamedLayer[] = [];
    await forEachBounded(layers, concurrency, async (layer) => {
      // Reused is verified as if just uploaded; its time tells a prune that somebody counts on it again.
      if (await holdsNamed(store, layer.path, layer)) return store.touch(layer.path);
      lacking.push(layer);
      if (!(await this.#isStaged(attempt, layer))) missing.push(layer);
    });
    this.#staged = lacking;
    const progress = new ProgressCounter(missing, onProgress);
    const largestFirst = missing.toSorted((one, other) => other.size - one.size);
    await forEachBounded(largestFirst, concurrency, async (layer) => {
      signal?.throwIfAborted();
      const staged = { ...layer, path: incomingLayers(attempt, layer.fileName), mode: 0o644 };
      await uploadVerified(store, staged, (bytes) => progress.addBytes(bytes));
      progress.addFile();
    });
    return {
      uploadedFiles: missing.length,
      uploadedBytes: missing.reduce((sum, { size }) => sum + size, 0),
      keptFiles: layers.length - missing.length,
    };
  }

  async place(attempt: string): Promise<Placement> {
    const { store, concurrency } = this.#context;
    await forEachBounded(this.#staged, concurrency, async (layer) => {
      await placeNamed(store, attempt, incomingLayers(attempt, layer.fileName), layer);
    });
    const layers = await this.#allLayers();
    return {
      layout: 'tar',
      layers: layers.map(({ path, sha256, size, hdfsChecksum }) => ({ path, sha256, size, hdfsChecksum })),
    };
  }

  async requirePlaced(placement: Placement): Promise<void> {
    if (placement.layout !== 'tar') return;
    const { store } = this.#context;
    const listed = new Map(((await store.list(LAYERS)) ?? []).map((status) => [status.name, status]));
    for (const { path, size } of placement.layers) {
      const found = listed.get(path.slice(LAYERS.length + 1));
      if (found?.type === 'file' && found.size === size) continue;
      const what = found === undefined ? 'is gone' : `has ${found.size} bytes instead of ${size}`;
      throw new HdfsVenvError({
        code: 'PUBLISH_TREE_CHANGED',
        exit: 'conflict',
        message: `Cannot publish ${store.address}: the archive ${path} ${what}.`,
        hints: ['Somebody else wrote or removed there. Nothing was published; publish again.'],
      });
    }
  }

  /** Archives are never an attempt's own: another release may count on them by now. */
  discard(): Promise<void> {
    return Promise.resolve();
  }

  /** Whether an adopted attempt had sent it whole. */
  async #isStaged(attempt: string, layer: NamedLayer): Promise<boolean> {
    const { store } = this.#context;
    const path = incomingLayers(attempt, layer.fileName);
    const status = await store.stat(path);
    return status?.size === layer.size && (await compareChecksum(store, path, layer, layer.content)) === undefined;
  }

  async #allLayers(): Promise<readonly NamedLayer[]> {
    this.#layers ??= (await this.#makeLayers()).map((layer) => {
      const path = layerPath(layer.label, layer.sha256);
      return { ...layer, path, fileName: path.slice(LAYERS.length + 1) };
    });
    return this.#layers;
  }
}
