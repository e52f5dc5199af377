import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Manifest } from '../manifest.ts';
import { MAX_WORKERS, WorkerPool } from '../workers/worker-pool.ts';
import { LayerCache, type LocalLayer } from './layer-cache.ts';
import { answerWrite, explainCacheError, type WriteRequest, type WrittenLayer } from './layer-request.ts';
import { planAgain, planLayers, type PlannedWheels } from './plan-layers.ts';
import type { LayerRequest } from './write-layer.ts';

export interface LayerOptions {
  readonly manifest: Manifest;
  /**
   * All wheels of the manifest, each compared with the sha256 that it gives, as paths, or as a build has opened and planned
   * them; called when a layer may have to be made.
   */
  readonly findWheels: () => Promise<readonly string[]> | PlannedWheels;
  /** Keeps layers for the next time. */
  readonly cacheDirectory: string;
  /** Threads; one per core by default (8 at most), 0 for none besides the caller's. */
  readonly workers?: number;
  readonly signal?: AbortSignal | undefined;
}

type WritePool = WorkerPool<WriteRequest, WrittenLayer>;

/** The compiled worker: the same file seen from `src/env/layer/` and from `dist/env/layer/`, because Node runs no TypeScript. */
const WORKER = new URL('../../../dist/env/layer/layer-worker.js', import.meta.url);

/**
 * Makes one archive of the files of each wheel, as they are in the environment; unpacked over each other they are the
 * environment, byte for byte. What two wheels bring stands in the winner's layer only; what no wheel brings has a layer of
 * its own. Equal wheels in equal company give equal bytes, and a layer that was made before is taken from the cache; no
 * wheel is opened when that is true of all.
 *
 * @returns by name of the package; what no wheel brings comes last
 * @throws HdfsVenvError the codes of `planAgain`, `planLayers`, `answerWrite`, `explainCacheError`; the signal's reason; what `findWheels` throws
 */
export async function makeLayers(options: LayerOptions): Promise<LocalLayer[]> {
  const { manifest, cacheDirectory } = options;
  const cache = new LayerCache(cacheDirectory);
  const known = await cache.findAll(manifest);
  if (known !== undefined) return known;
  const workers = options.workers ?? Math.min(availableParallelism(), MAX_WORKERS);
  const pool: WritePool = new WorkerPool({ workers, script: WORKER, here: answerWrite });
  try {
    const found = await options.findWheels();
    const requests = await planLayers(manifest, 'plan' in found ? found : await planAgain(manifest, found));
    const layers = await keepLayers(requests, cache, pool, options);
    await cache.keepAll(manifest, layers);
    return layers;
  } catch (error) {
    throw explainCacheError(error, cacheDirectory);
  } finally {
    await pool.close();
  }
}

/** What the cache does not hold is written, and kept in it. @returns in the order of the requests */
async function keepLayers(
  requests: readonly LayerRequest[],
  cache: LayerCache,
  pool: WritePool,
  { cacheDirectory, signal }: LayerOptions,
): Promise<LocalLayer[]> {
  const found = await Promise.all(requests.map((request) => cache.find(request)));
  const missing = requests.filter((_, index) => found[index] === undefined).toSorted(largestFirst);
  const writes = missing.map((layer) => ({ layer, path: cache.newPath(), cacheDirectory }));
  const written = new Map<string, WrittenLayer>();
  try {
    await pool.run({ requests: writes, onResult: (one) => written.set(one.label, one), signal });
    const kept = requests.map(async (request, index) => {
      const one = written.get(request.label);
      return one === undefined ? found[index] : cache.keep(request, one.path, one.digest);
    });
    return (await Promise.all(kept)).filter((layer) => layer !== undefined);
  } finally {
    // first the threads: one that was interrupted still writes
    await pool.close();
    await Promise.all(writes.map(({ path }) => rm(path, { force: true })));
  }
}

/** A large one that starts last would be waited for alone. */
function largestFirst(left: LayerRequest, right: LayerRequest): number {
  return bytesOf(right) - bytesOf(left);
}

function bytesOf({ files }: LayerRequest): number {
  return files.reduce(
    (sum, { content }) => sum + (content instanceof Uint8Array ? content.length : content.compressedSize),
    0,
  );
}
