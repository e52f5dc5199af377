import { dirname } from 'node:path/posix';
import type { RenameResult } from '../store.ts';
import type { Operation, WebHdfsClient } from './client.ts';
import { Failure } from './failure.ts';
import { isSameFile, type RemoteStatus } from './file-status.ts';
import { getStatus } from './questions.ts';
import { showEndpoint } from './options.ts';

/**
 * RENAME that never replaces and never moves inside. With `renameoptions=NONE` a NameNode refuses both; without (HttpFS
 * drops the parameter) an existing file is refused and a directory would swallow what is moved.
 *
 * What a refusal means is read from the state, not from its wording, which differs between versions: 403, 404 or
 * `{"boolean":false}`. So it is after a lost answer: RENAME is never repeated before a look at both names.
 *
 * @param from absolute, on HDFS, like `to`
 */
export async function rename(
  client: WebHdfsClient,
  from: string,
  to: string,
  type: RemoteStatus['type'],
): Promise<RenameResult> {
  const retries = client.retries();
  const source = await retries.run(() => getStatus(client, from));
  if (source === undefined) return 'missing';
  if (source.type !== type) throw wrongType(client, from, type);
  const operation: Operation = {
    method: 'PUT',
    op: 'RENAME',
    path: from,
    query: { destination: to, renameoptions: 'NONE' },
    isUnrepeatable: true,
  };
  let wasLost = false;
  for (;;) {
    const refusal = await retries.run(async () => {
      if (!client.isNameNode && (await getStatus(client, to)) !== undefined) return { failure: undefined };
      return renameOnce(client, operation);
    });
    if (refusal === 'renamed') return 'renamed';
    wasLost ||= refusal.failure?.action === 'lost';
    if (refusal.failure?.action === 'lost') await retries.after(refusal.failure);
    const result = await retries.run(() => readState(client, source, from, to, wasLost));
    if (result !== undefined) return result;
    // Both names say that nothing moved, and nothing stands in the way.
    if (refusal.failure === undefined) throw parentMissing(client, to);
    if (refusal.failure.action !== 'lost') throw refusal.failure;
  }
}

type Refusal = { readonly failure: Failure | undefined };

async function renameOnce(client: WebHdfsClient, operation: Operation): Promise<'renamed' | Refusal> {
  try {
    const { json } = await client.ask(operation);
    return isFalse(json) ? { failure: undefined } : 'renamed';
  } catch (error) {
    const isAnswer = error instanceof Failure && STATE_TELLS.has(error.action);
    if (!isAnswer) throw error;
    return { failure: error };
  }
}

/** Refusals, and the loss of an answer, whose meaning the two names show. */
const STATE_TELLS = new Set(['lost', 'exists', 'not-found', 'parent-missing', 'not-a-directory', 'unknown']);

/** `undefined` when `from` is where it was and nothing has the name `to`. */
async function readState(
  client: WebHdfsClient,
  source: RemoteStatus,
  from: string,
  to: string,
  wasLost: boolean,
): Promise<RenameResult | undefined> {
  const [nowFrom, nowTo] = await Promise.all([getStatus(client, from), getStatus(client, to)]);
  if (wasLost && nowTo !== undefined && isSameFile(source, nowTo)) return 'renamed';
  if (nowFrom === undefined) return 'missing';
  if (nowTo !== undefined) return 'exists';
  if ((await getStatus(client, dirname(to)))?.type !== 'DIRECTORY') throw parentMissing(client, to);
  return undefined;
}

function isFalse(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'boolean' in json && json.boolean === false;
}

function wrongType(client: WebHdfsClient, path: string, wanted: RemoteStatus['type']): Failure {
  return new Failure({
    action: wanted === 'FILE' ? 'not-a-file' : 'not-a-directory',
    source: 'NameNode',
    server: showEndpoint(client.nameNodes.active),
    reason: `${path} is ${wanted === 'FILE' ? 'not a file' : 'not a directory'}`,
  });
}

function parentMissing(client: WebHdfsClient, path: string): Failure {
  const server = showEndpoint(client.nameNodes.active);
  const reason = `the directory ${dirname(path)} does not exist`;
  return new Failure({ action: 'parent-missing', source: 'NameNode', server, reason });
}
