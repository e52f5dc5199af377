import { dirname } from 'node:path/posix';
import type { Content, PutOptions } from '../store.ts';
import type { FirstStep, Operation, WebHdfsClient } from './client.ts';
import type { Action } from './exceptions.ts';
import { Failure } from './failure.ts';
import { showEndpoint } from './options.ts';
import { readText } from './http.ts';
import { getStatus } from './questions.ts';
import { RequestBody } from './send-body.ts';
import { failureOfTransport } from './transport-failure.ts';

/**
 * A larger file is made of one block, whatever the cluster's block size is: HDFS's checksum depends on the block size as
 * soon as there is more than one, and could be compared with nothing but the local bytes. Nothing is said of smaller files,
 * which fit into one block of any usual size. Bytes.
 */
const ONE_BLOCK_FROM = 64 * 2 ** 20;
/** Some parts of Hadoop count a block's bytes in 32 bits with a sign. */
const LARGEST_BLOCK = 2 ** 31;
/** A block size is a multiple of the bytes of a CRC. */
const BLOCK_UNIT = 512;

/** What may pass when less is asked for at once. */
const STRAIN: ReadonlySet<Action> = new Set<Action>([
  'fail-over',
  'back-off',
  'resend',
  'reconnect',
  'exclude',
  'no-data-node',
]);

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
  { mode, replication, onProgress, onStrain }: PutOptions,
): Promise<FirstStep> {
  const operation: Operation = {
    method: 'PUT',
    op: 'CREATE',
    path,
    query: {
      overwrite: 'true',
      createparent: 'false',
      permission: mode.toString(8),
      ...(replication === undefined ? {} : { replication: String(replication) }),
      ...blockSizeFor(content.size),
    },
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
      if (!(error instanceof Failure)) throw error;
      if (STRAIN.has(error.action)) onStrain?.();
      throw considerUpload(error, tries);
    }
  });
}

function blockSizeFor(size: number): { readonly blocksize?: string } {
  const blockSize = Math.ceil(size / BLOCK_UNIT) * BLOCK_UNIT;
  return size <= ONE_BLOCK_FROM || blockSize >= LARGEST_BLOCK ? {} : { blocksize: String(blockSize) };
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
