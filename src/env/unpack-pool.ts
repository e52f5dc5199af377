import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { explainSystemError } from './system-error.ts';
import { unpackTask, type UnpackedFile, type UnpackTask } from './unpack.ts';
import type { UnpackAnswer, UnpackRequest } from './unpack-worker.ts';

/** The compiled worker: the same file seen from `src/env/` and from `dist/env/`, because Node runs no TypeScript. */
const WORKER = new URL('../../dist/env/unpack-worker.js', import.meta.url);

/** Buffers dominate; a worker's own objects are few. Small young generations keep them from piling up. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16 };

export interface UnpackRun {
  /** The tree on the local disk; the directories of all files exist. */
  readonly root: string;
  readonly tasks: readonly UnpackTask[];
  readonly signal?: AbortSignal | undefined;
  readonly onUnpacked: (files: readonly UnpackedFile[]) => void;
}

/** Threads that unpack. They start while the caller still reads the wheels' directories. */
export class UnpackPool {
  readonly #workers: readonly Worker[];

  /** @param workers threads; 0 unpacks in the caller's own thread, which it blocks task by task */
  constructor(workers: number) {
    this.#workers = Array.from({ length: workers }, () => new Worker(WORKER, { resourceLimits: RESOURCE_LIMITS }));
    // An error before the first task is seen by that task; without a listener it would end the process.
    for (const worker of this.#workers) worker.on('error', () => undefined);
  }

  /**
   * Does all tasks. When one fails no new one begins, those that run are finished, and the first error is thrown.
   *
   * @throws HdfsVenvError the codes of `unpackTask` and of `explainSystemError`; the signal's reason
   */
  async run(run: UnpackRun): Promise<void> {
    const queue = run.tasks.values();
    const failures: unknown[] = [];
    const next = (): UnpackTask | undefined => (failures.length === 0 ? queue.next().value : undefined);
    const lanes = this.#workers.length === 0 ? [unpackHere] : this.#workers.map((worker) => unpackIn(worker));
    await Promise.all(
      lanes.map(async (unpack) => {
        try {
          for (let task = next(); task !== undefined; task = next()) {
            run.signal?.throwIfAborted();
            run.onUnpacked(await unpack(run.root, task, run.signal));
          }
        } catch (error) {
          failures.push(error);
        }
      }),
    );
    run.signal?.throwIfAborted();
    if (failures.length > 0) throw failures[0];
  }

  /** Ends the threads, also in the middle of a task. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

type Unpack = (root: string, task: UnpackTask, signal: AbortSignal | undefined) => Promise<readonly UnpackedFile[]>;

const unpackHere: Unpack = async (root, task) => {
  try {
    return await unpackTask(root, task);
  } catch (error) {
    throw explainSystemError(error, root);
  }
};

function unpackIn(worker: Worker): Unpack {
  return async (root, task, signal) => {
    const request: UnpackRequest = { root, task };
    worker.postMessage(request, []);
    const [answer]: UnpackAnswer[] = await once(worker, 'message', signal === undefined ? {} : { signal });
    if (answer?.kind === 'done') return answer.files;
    throw answer?.kind === 'refused' ? new HdfsVenvError(answer.fields) : answer?.error;
  };
}
