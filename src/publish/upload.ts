import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { FileEntry } from '../env/manifest.ts';
import { ContentDigester } from '../digest/content-digest.ts';
import type { Content, PutOptions, Store } from '../store/store.ts';
import { type ChecksumDifference, compareChecksum, type ExpectedContent } from './compare.ts';

/** How often bytes are sent whose checksum comes back wrong before the data path itself is called broken. */
const TRIES = 2;

export interface Upload extends ExpectedContent {
  /** On the store, relative to the environment. */
  readonly path: string;
  readonly mode: number;
  /** The store's own unless told. */
  readonly replication?: number | undefined;
  readonly content: Content;
}

/** What uploading one file of the tree takes. */
export function treeUpload(tree: string, file: FileEntry, content: Content): Upload {
  return { ...file, path: `${tree}/${file.path}`, mode: Number.parseInt(file.mode, 8), content };
}

/** An upload of bytes in memory. */
export function bytesUpload(path: string, bytes: Uint8Array, content: Content): Upload {
  const digester = new ContentDigester();
  digester.update(bytes);
  return { ...digester.finish(), path, mode: 0o644, content };
}

/**
 * Puts one file and compares its checksum with the store's own; different bytes are sent once more.
 *
 * @throws PUBLISH_SOURCE_CHANGED when the local file is no longer what the manifest says.
 * @throws PUBLISH_DATA_CORRUPTED when the store twice holds something else than what was sent.
 */
export async function uploadVerified(
  store: Store,
  upload: Upload,
  watch: Pick<PutOptions, 'onProgress' | 'onStrain'> = {},
): Promise<void> {
  if (upload.content.size !== upload.size) throw sourceChanged(upload, `${upload.content.size} bytes`);
  let difference: ChecksumDifference | undefined;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    if (attempt > 1) watch.onProgress?.(-upload.size);
    await store.put(upload.path, upload.content, {
      mode: upload.mode,
      replication: upload.replication,
      ...watch,
    });
    difference = await compareChecksum(store, upload.path, upload, upload.content);
    if (difference === undefined) return;
    await refuseChangedSource(upload);
  }
  throw new HdfsVenvError({
    code: 'PUBLISH_DATA_CORRUPTED',
    exit: 'integrity',
    message: `Cannot publish ${upload.path}: sent ${TRIES} times, and the store holds other bytes (${difference?.kind} ${difference?.found} instead of ${difference?.expected}).`,
    hints: ['Something on the way corrupts data: a proxy, a network card, a disk. Nothing was published.'],
  });
}

async function refuseChangedSource(upload: Upload): Promise<void> {
  const digester = new ContentDigester();
  for await (const chunk of upload.content.open()) digester.update(chunk);
  const { sha256 } = digester.finish();
  if (sha256 !== upload.sha256) throw sourceChanged(upload, `sha256 ${sha256}`);
}

function sourceChanged(upload: Upload, found: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'PUBLISH_SOURCE_CHANGED',
    exit: 'integrity',
    message: `Cannot publish ${upload.path}: the local file changed since the build (${found}; the manifest says ${upload.size} bytes, sha256 ${upload.sha256}).`,
    hints: ['Build again, then publish. What was published before is unchanged.'],
  });
}
