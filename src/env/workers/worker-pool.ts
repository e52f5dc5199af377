import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { WorkerAnswer } from './worker-answer.ts';

/** Buffers dominate; a worker's own objects are few. Small young generations keep them from piling up. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16 };

/** Beyond this the disk is what takes the time. */
export const MAX_WORKERS = 8;

export interface WorkerPoolOptions<Request, Result> {
  /** Threads; 0 works in the caller's own thread, which is blocked request by request. */
  readonly workers: number;
  /** What a thread runs: it answers each message with a `WorkerAnswer`. */
  readonly script: URL;
  /** The same work, for the caller's own thread. */
  readonly here: (request: Request) => Promise<WorkerAnswer<Result>>;
}

export interface PoolRun<Request, Result> {
  readonly requests: Iterable<Request>;
  readonly onResult: (result: Result) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Threads that all do the same kind of work. They start when the pool is made, while the caller still prepares requests. */
export class WorkerPool<Request, Result> {
  readonly #lanes: readonly Lane<Request, Result>[];

  constructor({ workers, script, here }: WorkerPoolOptions<Request, Result>) {
    this.#lanes =
      workers === 0
        ? [{ answer: here, close: () => Promise.resolve() }]
        : Array.from({ length: workers }, () => startLane<Request, Result>(script));
  }

  /**
   * Has all requests answered. When one fails no new one begins, those that run are finished, and the first error is thrown.
   *
   * @throws what the work throws; the signal's reason
   */
  async run({ requests, onResult, signal }: PoolRun<Request, Result>): Promise<void> {
    const queue = requests[Symbol.iterator]();
    const failures: unknown[] = [];
    const next = (): IteratorResult<Request, unknown> =>
      failures.length === 0 ? queue.next() : { done: true, value: undefined };
    await Promise.all(
      this.#lanes.map(async ({ answer }) => {
        try {
          for (let request = next(); request.done !== true; request = next()) {
            signal?.throwIfAborted();
            onResult(resultOf(await answer(request.value, signal)));
          }
        } catch (error) {
          failures.push(error);
        }
      }),
    );
    signal?.throwIfAborted();
    if (failures.length > 0) throw failures[0];
  }

  /** Ends the threads, also in the middle of a request. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(({ close }) => close()));
  }
}

/** One request after the other. */
interface Lane<Request, Result> {
  readonly answer: (request: Request, signal?: AbortSignal) => Promise<WorkerAnswer<Result>>;
  readonly close: () => Promise<unknown>;
}

function startLane<Request, Result>(script: URL): Lane<Request, Result> {
  const worker = new Worker(script, { resourceLimits: RESOURCE_LIMITS });
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`A thread that works on wheels ended with code ${code}`)));
  });
  // A thread may end before its first request, which then finds this promise rejected.
  ended.catch(() => undefined);
  return {
    async answer(request, signal) {
      worker.postMessage(request, []);
      const message: Promise<WorkerAnswer<Result>[]> = once(worker, 'message', signal === undefined ? {} : { signal });
      const [answer] = await Promise.race([message, ended]);
      if (answer === undefined) throw new TypeError('a message came without an answer');
      return answer;
    },
    close: () => worker.terminate(),
  };
}

function resultOf<Result>(answer: WorkerAnswer<Result>): Result {
  if (answer.kind === 'done') return answer.result;
  throw answer.kind === 'refused' ? new HdfsVenvError(answer.fields) : answer.error;
}
