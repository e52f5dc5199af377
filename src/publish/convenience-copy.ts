import type { Store } from '../store/store.ts';
import { bytesContent, collect } from './content.ts';
import { BOOTSTRAP_FILE, incomingPath } from './layout.ts';
import { bytesUpload, uploadVerified } from './upload.ts';

/** `activate_env.py` as this version of the tool publishes it. */
export interface Bootstrap {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** Grows with every change of the file. */
  readonly version: number;
  /** The version that the bytes of some `activate_env.py` state; `undefined` when they state none. */
  readonly versionOf: (bytes: Uint8Array) => number | undefined;
}

/**
 * `<env>/activate_env.py` is made once, and replaced only when that is asked for and never by an older version: YARN
 * fails an application whose primary file changed after it was submitted ("changed on src filesystem").
 *
 * @returns a line for the user when the copy that is there differs from this version's and stays.
 */
export async function putConvenienceCopy(
  store: Store,
  attempt: string,
  bootstrap: Bootstrap,
  update: boolean,
): Promise<string | undefined> {
  if ((await store.stat(BOOTSTRAP_FILE)) !== undefined) {
    const existing = await collect(store.read(BOOTSTRAP_FILE));
    if (existing.equals(bootstrap.bytes)) return undefined;
    if (!update)
      return `${BOOTSTRAP_FILE} there is of another version and stays; replace it with --update-bootstrap when no job is queued`;
    const version = bootstrap.versionOf(existing);
    if (version !== undefined && version > bootstrap.version) {
      return `${BOOTSTRAP_FILE} there is version ${version}, newer than this tool's ${bootstrap.version}: it stays`;
    }
    await store.delete(BOOTSTRAP_FILE);
  }
  const staged = incomingPath(attempt, BOOTSTRAP_FILE);
  await uploadVerified(store, bytesUpload(staged, bootstrap.bytes, bytesContent(bootstrap.bytes)));
  await store.renameFile(staged, BOOTSTRAP_FILE);
  return undefined;
}
