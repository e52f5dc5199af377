import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { Content, Store } from '../store/store.ts';
import { attemptFenced } from './attempt.ts';
import { compareChecksum, type ExpectedContent } from './compare.ts';
import { bytesContent } from './content.ts';
import { incomingPath } from './layout.ts';
import { refresh } from './refresh.ts';
import { bytesUpload, uploadVerified } from './upload.ts';

/** A file whose name follows from its bytes. */
interface NamedContent extends ExpectedContent {
  readonly path: string;
  readonly content: Content;
}

/**
 * Puts a small file under a name that its digest gives, so that nobody ever reads a part of it: uploaded into the
 * attempt's own folder, verified, then renamed. What is there already counts only after its bytes were compared with the
 * whole digest; its time is refreshed.
 *
 * @throws PUBLISH_NAME_TAKEN when the name holds other bytes; PUBLISH_ATTEMPT_FENCED
 */
export async function putNamed(store: Store, attempt: string, path: string, bytes: Uint8Array): Promise<void> {
  const upload = bytesUpload(path, bytes, bytesContent(bytes));
  if (await holdsNamed(store, path, upload)) return refresh(store, path);
  const staged = incomingPath(attempt, path.replaceAll('/', '-'));
  await uploadVerified(store, { ...upload, path: staged });
  const result = await store.renameFile(staged, path);
  if (result === 'renamed' || (await holdsNamed(store, path, upload))) return;
  if (result === 'missing') throw attemptFenced(store, attempt);
  throw nameTaken(store, path, 'the name is taken by something that is not a file');
}

/**
 * Whether a name that a digest gave holds these bytes; false when nothing is there.
 * @throws PUBLISH_NAME_TAKEN when it holds others.
 */
export async function holdsNamed(store: Store, path: string, expected: Omit<NamedContent, 'path'>): Promise<boolean> {
  const status = await store.stat(path);
  if (status === undefined) return false;
  if (status.size !== expected.size) throw nameTaken(store, path, `${status.size} instead of ${expected.size} bytes`);
  const difference = await compareChecksum(store, path, expected, expected.content);
  if (difference !== undefined) {
    throw nameTaken(store, path, `${difference.kind} ${difference.found} instead of ${difference.expected}`);
  }
  return true;
}

function nameTaken(store: Store, path: string, found: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'PUBLISH_NAME_TAKEN',
    exit: 'integrity',
    message: `Cannot publish to ${store.address}: ${path} is named after its content but holds other bytes (${found}).`,
    hints: [
      `Somebody edited or damaged it. Look at it; once no job needs it, delete it and publish again: hdfs dfs -rm ${store.address}/${path}`,
    ],
  });
}
