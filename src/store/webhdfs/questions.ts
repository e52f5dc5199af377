import { z } from 'zod';
import type { WebHdfsClient } from './client.ts';
import { Failure } from './failure.ts';
import { fileStatusAnswer, listStatusAnswer, type RemoteStatus } from './file-status.ts';

/** What MKDIRS and DELETE answer. */
export const booleanAnswer = z.object({ boolean: z.boolean() });

/** `undefined` when nothing has the name, or when a part of the path is a file. */
export async function getStatus(client: WebHdfsClient, path: string): Promise<RemoteStatus | undefined> {
  return (await unlessMissing(client.askFor({ method: 'GET', op: 'GETFILESTATUS', path }, fileStatusAnswer)))
    ?.FileStatus;
}

/** The entries of a directory, or a file itself without its name; `undefined` when nothing is there. */
export async function listStatus(client: WebHdfsClient, path: string): Promise<readonly RemoteStatus[] | undefined> {
  const answer = await unlessMissing(client.askFor({ method: 'GET', op: 'LISTSTATUS', path }, listStatusAnswer));
  return answer?.FileStatuses.FileStatus;
}

async function unlessMissing<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Failure && (error.action === 'not-found' || error.action === 'not-a-directory')) {
      return undefined;
    }
    throw error;
  }
}
