import { on } from 'node:events';
import { parentPort } from 'node:worker_threads';
import { HdfsVenvError, type ErrorFields } from '../../errors/hdfs-venv-error.ts';

/** An error loses its own fields on the way between threads, so they travel as data. */
export type WorkerAnswer<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'refused'; readonly fields: ErrorFields }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Does the work, and makes an answer of what it returns or throws. */
export async function answerWith<Result>(work: () => Promise<Result>): Promise<WorkerAnswer<Result>> {
  try {
    return { kind: 'done', result: await work() };
  } catch (error) {
    if (!(error instanceof HdfsVenvError)) return { kind: 'failed', error };
    const { code, exit, message, hints } = error;
    return { kind: 'refused', fields: { code, exit, message, hints } };
  }
}

/** In a thread: answers every message, one after the other; does nothing in the main one. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what a message holds is known to its two ends only
export async function answerMessages<Request>(answer: (request: Request) => Promise<unknown>): Promise<void> {
  if (parentPort === null) return;
  for await (const [request] of on(parentPort, 'message')) parentPort.postMessage(await answer(request), []);
}
