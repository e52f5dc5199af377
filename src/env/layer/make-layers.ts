import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { MAX_WORKERS, WorkerPool } from '../workers/worker-pool.ts';
import { LayerCache, type LocalLayer } from './layer-cache.ts';
import { answerWrite, explainCacheError, type WriteRequest, type WrittenLayer } from './layer-request.ts';
import type { LayerRequest } from './write-layer.ts';

export interface LayerOptions {
  /** Where archives are kept, in `layers/`. */
  readonly cacheDirectory: string;
  /** Threads; one per core by default (8 at most), 0 for none besides the caller's. */
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The compiled worker: the same file seen from `src/env/layer/` and from `dist/env/layer/`, because Node runs no TypeScript. */
const WORKER = new URL('../../../dist/env/layer/layer-worker.js', import.meta.url);

/**
 * Makes one archive of the files of each wheel, as they are in the environment; unpacked over each other they are the
 * environment, byte for byte. Equal wheels in equal company give equal bytes.
 *
 * @returns in the order of the requests, each in the cache
 * @throws HdfsVenvError the codes of `answerWrite` and `explainCacheError`; the signal's reason
 */
export async function makeLayers(requests: readonly LayerRequest[], options: LayerOptions): Promise<LocalLayer[]> {
  const { cacheDirectory, signal, workers = Math.min(availableParallelism(), MAX_WORKERS) } = options;
  const cache = new LayerCache(cacheDirectory);
  const writes: WriteRequest[] = [];
  const pool = new WorkerPool<WriteRequest, WrittenLayer>({ workers, script: WORKER, here: answerWrite });
  try {
    for (const layer of requests.toSorted(largestFirst)) writes.push({ layer, path: cache.newPath(), cacheDirectory });
    const written = new Map<string, WrittenLayer>();
    await pool.run({ requests: writes, onResult: (one) => written.set(one.label, one), signal });
    const layers: LocalLayer[] = [];
    for (const { label } of requests) {
      const one = written.get(label);
      if (one !== undefined) layers.push(await cache.keep(label, one.path, one.digest));
    }
    return layers;
  } catch (error) {
    throw explainCacheError(error, cacheDirectory);
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
