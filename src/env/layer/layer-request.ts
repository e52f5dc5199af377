import { explainSystemError } from '../../errors/system-error.ts';
import { answerWith, type WorkerAnswer } from '../workers/worker-answer.ts';
import { keepLayer, type LayerRequest, type LocalLayer } from './layer-cache.ts';

/** What a thread is asked to do. */
export interface KeepRequest {
  readonly layer: LayerRequest;
  readonly cacheDirectory: string;
}

/** Makes one layer, or takes it from the cache; `refused` with `WHEEL_TRUNCATED` and the codes of `explainSystemError` for `ENV`. */
export function answerKeep({ layer, cacheDirectory }: KeepRequest): Promise<WorkerAnswer<LocalLayer>> {
  return answerWith(async () => {
    try {
      return await keepLayer(layer, cacheDirectory);
    } catch (error) {
      throw explainSystemError(error, {
        room: 'ENV',
        problem: `Cannot make archives in ${cacheDirectory}`,
        elsewhere: 'HDFS_VENV_CACHE names another directory.',
      });
    }
  });
}
