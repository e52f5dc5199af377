import { BOOTSTRAP_FILE } from '../env/manifest-path.ts';
import type { Store } from '../store/store.ts';
import { bytesContent, collect } from './content.ts';
import { incomingPath } from './layout.ts';
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
  const exists = (await store.stat(BOOTSTRAP_FILE)) !== undefined;
  if (exists) {
    const reason = whyKept(await collect(store.read(BOOTSTRAP_FILE)), bootstrap, update);
    if (reason !== undefined) return reason === 'same' ? undefined : `${BOOTSTRAP_FILE} there ${reason}`;
  }
  const staged = incomingPath(attempt, BOOTSTRAP_FILE);
  await uploadVerified(store, bytesUpload(staged, bootstrap.bytes, bytesContent(bootstrap.bytes)));
  // Nothing but this moment is without the file; what releases name is another one.
  if (exists) await store.delete(BOOTSTRAP_FILE);
  const result = await store.renameFile(staged, BOOTSTRAP_FILE);
  return result === 'exists' ? `${BOOTSTRAP_FILE} was just made by somebody else and stays` : undefined;
}

/** Why the copy that is there stays; `undefined` when it is to be replaced. */
function whyKept(existing: Buffer, bootstrap: Bootstrap, update: boolean): string | undefined {
  if (existing.equals(bootstrap.bytes)) return 'same';
  if (!update) return 'is of another version and stays; replace it with --update-bootstrap when no job is queued';
  const version = bootstrap.versionOf(existing);
  if (version === undefined) return 'says no version, so it is not known whose it is: it stays';
  if (version > bootstrap.version)
    return `is version ${version}, newer than this tool's ${bootstrap.version}: it stays`;
  return undefined;
}
