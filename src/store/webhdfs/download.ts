import type { Operation, WebHdfsClient } from './client.ts';
import { Failure } from './failure.ts';
import { showEndpoint } from './options.ts';
import { getStatus } from './questions.ts';
import { failureOfTransport } from './transport-failure.ts';

/**
 * Reads a file. What breaks off is continued where it broke off: an answer may end early without an error, when a
 * DataNode dies or the file is deleted meanwhile, so only the file's length tells that it is whole.
 *
 * @param path on HDFS, absolute
 */
export async function* download(client: WebHdfsClient, path: string): AsyncGenerator<Uint8Array> {
  const retries = client.retries();
  const status = await retries.run(() => getStatus(client, path));
  const server = showEndpoint(client.nameNodes.active);
  if (status === undefined) {
    throw new Failure({ action: 'not-found', source: 'NameNode', server, reason: 'there is no such file' });
  }
  if (status.type === 'DIRECTORY') {
    throw new Failure({ action: 'not-a-file', source: 'NameNode', server, reason: 'it is a directory' });
  }
  let offset = 0;
  while (offset < status.length) {
    try {
      for await (const chunk of readFrom(client, path, offset)) {
        offset += chunk.byteLength;
        yield chunk;
      }
      if (offset < status.length) {
        const reason = `the answer ended after ${offset} of ${status.length} bytes`;
        throw new Failure({ action: 'resend', source: 'DataNode', server, reason });
      }
    } catch (error) {
      await retries.after(error);
    }
  }
}

async function* readFrom(client: WebHdfsClient, path: string, offset: number): AsyncGenerator<Uint8Array> {
  const operation: Operation = { method: 'GET', op: 'OPEN', path, query: { offset: String(offset) } };
  const answer = await client.readData(operation);
  try {
    for await (const chunk of answer.body) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (error) {
    throw failureOfTransport(error, 'DataNode', answer.endpoint);
  } finally {
    answer.body.destroy();
  }
}
