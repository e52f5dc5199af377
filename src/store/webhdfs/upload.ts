import { dirname } from 'node:path/posix';
import type { Content, PutOptions } from '../store.ts';
import type { FirstStep, Operation, WebHdfsClient } from './client.ts';
import { Failure } from './failure.ts';
import { showEndpoint } from './options.ts';
import { readText } from './http.ts';
import { getStatus } from './questions.ts';
import { RequestBody } from './send-body.ts';
import { failureOfTransport } from './transport-failure.ts';

/**
 * Writes a file in two steps: the NameNode names a DataNode, which gets the bytes. Only its `201 Created` counts. After
 * anything else the file is in an unknown state (a broken upload leaves a closed, healthy-looking, truncated file), and
 * the whole of it is sent again to the same path, which must be nobody else's.
 *
 * @param path on HDFS, absolute
 * @returns the first step of what succeeded: which DataNode has the file
 */
export async function upload(
  client: WebHdfsClient,
  path: string,
  content: Content,
  { mode, onProgress }: PutOptions,
): Promise<FirstStep> {
  const operation: Operation = {
    method: 'PUT',
    op: 'CREATE',
    path,
    query: { overwrite: 'true', createparent: 'false', permission: mode.toString(8) },
  };
  let tries = 0;
  return client.retries().run(async () => {
    let sent = 0;
    tries += 1;
    try {
      return await uploadOnce(client, operation, content, (bytes) => {
        sent += bytes;
        onProgress?.(bytes);
      });
    } catch (error) {
      if (sent > 0) onProgress?.(-sent);
      throw error instanceof Failure ? considerUpload(error, tries) : error;
    }
  });
}

async function uploadOnce(
  client: WebHdfsClient,
  operation: Operation,
  content: Content,
  onSent: (bytes: number) => void,
): Promise<FirstStep> {
  const step = await client.redirect(operation);
  if (!step.redirect.keepsCreateParent) await requireParent(client, operation.path);
  const body = new RequestBody(content, client.limits.continue, onSent);
  const answer = await client.sendToDataNode(operation, step, 201, body);
  try {
    await readText(answer.body);
    return step;
  } catch (error) {
    throw failureOfTransport(error, 'DataNode', answer.endpoint);
  }
}

/** Servers before Hadoop 2.8, and HttpFS, make missing parents whatever they are told. */
async function requireParent(client: WebHdfsClient, path: string): Promise<void> {
  const parent = dirname(path);
  if ((await getStatus(client, parent))?.type === 'DIRECTORY') return;
  const server = showEndpoint(client.nameNodes.active);
  const reason = `the directory ${parent} does not exist`;
  throw new Failure({ action: 'parent-missing', source: 'NameNode', server, reason });
}

function considerUpload(failure: Failure, tries: number): Failure {
  // An earlier try of our own that was still on its way may have taken the lease; once more is enough then.
  if (failure.action === 'taken' && tries > 1) return failure.as('resend');
  if (failure.action === 'exists') return failure.as('not-a-file');
  return failure;
}
