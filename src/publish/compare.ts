import { createHash } from 'node:crypto';
import { HdfsChecksum } from '../digest/hdfs-checksum.ts';
import type { Content, FileChecksum, Store } from '../store/store.ts';

/** What the bytes of a file ought to be. `hdfsChecksum` as in the manifest: one block, CRC32C, chunks of 512 bytes. */
export interface ExpectedContent {
  readonly size: number;
  readonly sha256: string;
  readonly hdfsChecksum: string;
}

export interface ChecksumDifference {
  readonly kind: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Compares a stored file's bytes with what they ought to be by the store's own checksum, and where that says nothing
 * that can be compared, by reading the file back. The length is compared by listing, not here.
 *
 * HDFS's checksum depends on its block size as soon as a file has more than one block; then `local`, when there is such
 * a source, is digested with the store's block size. Whatever does not agree is read back before it is called different:
 * an old gateway does not say that a file is encrypted or erasure-coded, and its checksum means something else then.
 *
 * @returns the difference, `undefined` when the bytes are the same.
 */
export async function compareChecksum(
  store: Store,
  path: string,
  expected: ExpectedContent,
  local?: Content,
): Promise<ChecksumDifference | undefined> {
  // All that can be wrong with an empty file is its length.
  if (expected.size === 0) return undefined;
  const checksum = await store.checksum(path);
  if (checksum?.kind === 'sha256') return difference('sha256', expected.sha256, checksum.hex);
  if (checksum !== undefined) {
    if (isManifestForm(checksum) && checksum.hex === expected.hdfsChecksum) return undefined;
    if (!isManifestForm(checksum) && local !== undefined) {
      const own = await digestLocal(local, checksum);
      if (own.sha256 === expected.sha256 && own.hdfsChecksum === checksum.hex) return undefined;
    }
  }
  // No answer, or one that does not agree: only the bytes themselves can convict a file.
  const hash = createHash('sha256');
  for await (const chunk of store.read(path)) hash.update(chunk);
  return difference('sha256', expected.sha256, hash.digest('hex'));
}

type CrcChecksum = Extract<FileChecksum, { kind: 'md5-of-md5-of-crc' }>;

function isManifestForm(checksum: CrcChecksum): boolean {
  return checksum.crc === 'CRC32C' && checksum.chunkBytes === 512 && checksum.chunksPerBlock === 0;
}

async function digestLocal(
  local: Content,
  { crc, chunkBytes, chunksPerBlock }: CrcChecksum,
): Promise<{ sha256: string; hdfsChecksum: string }> {
  const sha256 = createHash('sha256');
  const hdfs = new HdfsChecksum({ crc, chunkBytes, chunksPerBlock });
  for await (const chunk of local.open()) {
    sha256.update(chunk);
    hdfs.update(chunk);
  }
  return { sha256: sha256.digest('hex'), hdfsChecksum: hdfs.finish() };
}

function difference(kind: string, expected: string, found: string): ChecksumDifference | undefined {
  return expected === found ? undefined : { kind, expected, found };
}
