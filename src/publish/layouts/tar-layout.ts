import type { FileStatus } from '../../store/store.ts';
import { removeDeadAttempts } from '../adopt.ts';
import { compareFile, compareFiles } from '../compare-tree.ts';
import { forEachBounded } from '../for-each-bounded.ts';
import { incomingLayers, isLayerPath, LAYERS, layerPath } from '../layout.ts';
import { Pace } from '../pace.ts';
import { ProgressCounter } from '../progress.ts';
import { refresh } from '../refresh.ts';
import type { Layer, Placement, Release } from '../release.ts';
import { uploadVerified } from '../upload.ts';
import { layerGone, placeLayer } from './place-layer.ts';
import {
  DIRECTORY_MODE,
  type Examination,
  type LayerSource,
  type Layout,
  type LayoutContext,
  type UploadCounts,
} from './layouts.ts';
import { archiveReplication } from './replication.ts';

/**
 * One archive for each wheel, which Spark's own addFile unpacks. Archives are named after their content, and releases
 * share them. Each gets its name as soon as it was uploaded and compared, and counts once a release names it; so whatever
 * stops a publisher, the next one finds what was sent, whichever content that one publishes and on whatever store.
 */
export class TarLayout implements Layout {
  readonly directories = [LAYERS];
  readonly #context: LayoutContext;
  readonly #makeLayers: () => Promise<readonly LayerSource[]>;
  /** What the release will name, in the order of the wheels. */
  #layers: readonly Layer[] = [];

  /** @param makeLayers called when something may have to be uploaded, once */
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
    const { store, concurrency, onNote } = this.#context;
    await removeDeadAttempts(store, attempt, onNote);
    const sources = await this.#makeLayers();
    const stored = (await store.list(LAYERS)) ?? [];
    const paths = new Map<LayerSource, string>();
    await forEachBounded(sources, concurrency, async (source) => {
      const path = await this.#findStored(stored, source);
      if (path === undefined) return;
      await refresh(store, path);
      paths.set(source, path);
    });

    const missing = sources.filter((source) => !paths.has(source));
    if (missing.length > 0) await this.#uploadMissing(missing, attempt, paths);
    this.#layers = sources.map((source) => {
      const { sha256, size, hdfsChecksum } = source;
      return { path: paths.get(source) ?? layerPath(source.label, sha256), sha256, size, hdfsChecksum };
    });
    return {
      uploadedFiles: missing.length,
      uploadedBytes: missing.reduce((sum, { size }) => sum + size, 0),
      keptFiles: sources.length - missing.length,
    };
  }

  place(): Promise<Placement> {
    return Promise.resolve({ layout: 'tar', layers: [...this.#layers] });
  }

  async refresh(placement: Placement): Promise<void> {
    if (placement.layout !== 'tar') return;
    const { store, concurrency } = this.#context;
    await forEachBounded(placement.layers, concurrency, ({ path }) => refresh(store, path));
  }

  async requirePlaced(placement: Placement): Promise<void> {
    if (placement.layout !== 'tar') return;
    const { store } = this.#context;
    const listed = new Map(((await store.list(LAYERS)) ?? []).map((status) => [status.name, status]));
    for (const { path, size } of placement.layers) {
      const found = listed.get(path.slice(LAYERS.length + 1));
      if (found?.type !== 'file' || found.size !== size) throw layerGone(store, path, size, found);
    }
  }

  /** Archives are never an attempt's own: another release may count on them by now. */
  discard(): Promise<void> {
    return Promise.resolve();
  }

  /** @param paths gets the place of each */
  async #uploadMissing(
    missing: readonly LayerSource[],
    attempt: string,
    paths: Map<LayerSource, string>,
  ): Promise<void> {
    const { store, concurrency, signal, onProgress, onNote } = this.#context;
    await store.makeDirectory(incomingLayers(attempt), DIRECTORY_MODE);
    const replication = await archiveReplication(this.#context, attempt);
    const progress = new ProgressCounter(missing, onProgress);
    const pace = new Pace(concurrency);
    pace.start(performance.now());
    // a large one that starts last would be waited for alone
    const largestFirst = missing.toSorted((one, other) => other.size - one.size);
    await forEachBounded(
      largestFirst,
      () => pace.limit,
      async (source) => {
        signal?.throwIfAborted();
        const path = layerPath(source.label, source.sha256);
        const staged = incomingLayers(attempt, path.slice(LAYERS.length + 1));
        const upload = { ...source, path: staged, mode: 0o644, replication };
        await uploadVerified(store, upload, {
          onProgress: (bytes) => progress.addBytes(bytes),
          onStrain: () => pace.strained(),
        });
        pace.finished(performance.now(), source.size);
        paths.set(source, await placeLayer({ store, attempt, staged, source, onNote }));
        progress.addFile();
      },
    );
  }

  /**
   * Where these bytes lie already, under the name that follows from them, or the one that was taken because that held
   * others. Reused is verified as if just uploaded.
   */
  async #findStored(stored: readonly FileStatus[], source: LayerSource): Promise<string | undefined> {
    const { label, sha256, size } = source;
    const paths = stored
      .filter((status) => status.size === size)
      .map(({ name }) => `${LAYERS}/${name}`)
      .filter((path) => path.startsWith(`${LAYERS}/${label}-`) && isLayerPath(path, sha256));
    for (const path of paths) {
      const difference = await compareFile(this.#context.store, { ...source, path });
      if (difference === undefined) return path;
    }
    return undefined;
  }
}
