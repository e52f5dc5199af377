import { explainWriteError } from '../system-error.ts';
import { unpackTask, type UnpackedFile, type UnpackTask } from './unpack.ts';
import { answerWith, type WorkerAnswer } from '../workers/worker-answer.ts';

/** What a thread is asked to do. */
export interface UnpackRequest {
  /** The tree on the local disk, with the directories of all files; undefined when nothing is to be written. */
  readonly root: string | undefined;
  readonly task: UnpackTask;
}

/** Unpacks and checks one task; `refused` with the codes of `unpackTask` and of `explainWriteError`. */
export function answerUnpack({ root, task }: UnpackRequest): Promise<WorkerAnswer<readonly UnpackedFile[]>> {
  return answerWith(async () => {
    try {
      return await unpackTask(root, task);
    } catch (error) {
      throw explainWriteError(error, root ?? task.wheel);
    }
  });
}
