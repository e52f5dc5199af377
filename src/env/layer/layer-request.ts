import type { ContentDigest } from '../../digest/content-digest.ts';
import { explainSystemError } from '../../errors/system-error.ts';
import { answerWith, type WorkerAnswer } from '../workers/worker-answer.ts';
import { type LayerRequest, writeLayer } from './write-layer.ts';

/** What a thread is asked to do. */
export interface WriteRequest {
  readonly layer: LayerRequest;
  /** Of a file that is not there yet. */
  readonly path: string;
  /** What the user knows the place by. */
  readonly cacheDirectory: string;
}

export interface WrittenLayer {
  /** Of the request. */
  readonly label: string;
  readonly path: string;
  readonly digest: ContentDigest;
}

/** Writes one layer; `refused` with `WHEEL_TRUNCATED` and the codes of `explainCacheError`. */
export function answerWrite({ layer, path, cacheDirectory }: WriteRequest): Promise<WorkerAnswer<WrittenLayer>> {
  return answerWith(async () => {
    try {
      return await Promise.resolve({ label: layer.label, path, digest: writeLayer(layer, path) });
    } catch (error) {
      throw explainCacheError(error, cacheDirectory);
    }
  });
}

/** The codes of `explainSystemError` for `ENV`. */
export function explainCacheError(error: unknown, cacheDirectory: string): unknown {
  return explainSystemError(error, {
    room: 'ENV',
    problem: `Cannot make archives in ${cacheDirectory}`,
    elsewhere: 'HDFS_VENV_CACHE names another directory.',
  });
}
