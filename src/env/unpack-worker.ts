import { on } from 'node:events';
import { parentPort } from 'node:worker_threads';
import { HdfsVenvError, type ErrorFields } from '../errors/hdfs-venv-error.ts';
import { explainWriteError } from './system-error.ts';
import { unpackTask, type UnpackedFile, type UnpackTask } from './unpack.ts';

export interface UnpackRequest {
  /** The tree on the local disk; undefined when nothing is to be written. */
  readonly root: string | undefined;
  readonly task: UnpackTask;
}

/** An error loses its own fields on the way between threads, so they travel as data. */
export type UnpackAnswer =
  | { readonly kind: 'done'; readonly files: readonly UnpackedFile[] }
  | { readonly kind: 'refused'; readonly fields: ErrorFields }
  | { readonly kind: 'failed'; readonly error: unknown };

async function answer({ root, task }: UnpackRequest): Promise<UnpackAnswer> {
  try {
    return { kind: 'done', files: await unpackTask(root, task) };
  } catch (thrown) {
    const error = explainWriteError(thrown, root ?? task.wheel);
    if (!(error instanceof HdfsVenvError)) return { kind: 'failed', error };
    const { code, exit, message, hints } = error;
    return { kind: 'refused', fields: { code, exit, message, hints } };
  }
}

if (parentPort !== null) {
  for await (const [request] of on(parentPort, 'message')) parentPort.postMessage(await answer(request), []);
}
