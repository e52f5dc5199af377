import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { explainWriteError } from './system-error.ts';
import { unpackTask, type UnpackedFile, type UnpackTask } from './unpack.ts';
import type { UnpackAnswer, UnpackRequest } from './unpack-worker.ts';

/** The compiled worker: the same file seen from `src/env/` and from `dist/env/`, because Node runs no TypeScript. */
const WORKER = new URL('../../dist/env/unpack-worker.js', import.meta.url);

/** Buffers dominate; a worker's own objects are few. Small young generations keep them from piling up. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16 };

export interface UnpackRun {
  /** The tree on the local disk; the directories of all files exist. Undefined to check files and write none. */
  readonly root: string | undefined;
  readonly tasks: readonly UnpackTask[];
  readonly signal?: AbortSignal | undefined;
  readonly onUnpacked: (files: readonly UnpackedFile[]) => void;
}

/** Threads that unpack. They start while the caller still reads the wheels' directories. */
export class UnpackPool {
  readonly #lanes: readonly Lane[];

  /**
   * @param workers threads; 0 unpacks in the caller's own thread, which it blocks task by task
   * @param script what a thread runs
   */
  constructor(workers: number, script: URL = WORKER) {
    this.#lanes = workers === 0 ? [LANE_HERE] : Array.from({ length: workers }, () => startLane(script));
  }

  /**
   * Does all tasks. When one fails no new one begins, those that run are finished, and the first error is thrown.
   *
   * @throws HdfsVenvError the codes of `unpackTask` and of `explainWriteError`; the signal's reason
   */
  async run(run: UnpackRun): Promise<void> {
    const queue = run.tasks.values();
    const failures: unknown[] = [];
    const next = (): UnpackTask | undefined => (failures.length === 0 ? queue.next().value : undefined);
    await Promise.all(
      this.#lanes.map(async ({ unpack }) => {
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
    await Promise.all(this.#lanes.map(({ close }) => close()));
  }
}

/** One task after the other. */
interface Lane {
  readonly unpack: (
    root: string | undefined,
    task: UnpackTask,
    signal?: AbortSignal,
  ) => Promise<readonly UnpackedFile[]>;
  readonly close: () => Promise<unknown>;
}

const LANE_HERE: Lane = {
  async unpack(root, task) {
    try {
      return await unpackTask(root, task);
    } catch (error) {
      throw explainWriteError(error, root ?? task.wheel);
    }
  },
  close: () => Promise.resolve(),
};

function startLane(script: URL): Lane {
  const worker = new Worker(script, { resourceLimits: RESOURCE_LIMITS });
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`A thread that unpacks wheels ended with code ${code}`)));
  });
  // A thread may end before its first task, which then finds this promise rejected.
  ended.catch(() => undefined);
  return {
    async unpack(root, task, signal) {
      const request: UnpackRequest = { root, task };
      worker.postMessage(request, []);
      const message: Promise<UnpackAnswer[]> = once(worker, 'message', signal === undefined ? {} : { signal });
      const [answer] = await Promise.race([message, ended]);
      if (answer?.kind === 'done') return answer.files;
      throw answer?.kind === 'refused' ? new HdfsVenvError(answer.fields) : answer?.error;
    },
    close: () => worker.terminate(),
  };
}
