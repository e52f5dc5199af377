import { closeSync, fchmodSync, openSync, writeSync } from 'node:fs';
import { type ContentDigest, ContentDigester } from '../../digest/content-digest.ts';
import { ArchiveFile, type ByteRanges } from '../../wheel/archive-file.ts';
import { type EntrySource, readEntry, WHOLE_BYTES } from '../../wheel/entry-content.ts';
import { localPath } from '../local-path.ts';
import { rewriteShebang } from './shebang.ts';

/** Files of one wheel to unpack, in the order of their data. Plain data: it travels to a worker. */
export interface UnpackTask {
  /** The wheel on the local disk. */
  readonly wheel: string;
  readonly files: readonly UnpackFile[];
}

export interface UnpackFile {
  readonly source: EntrySource;
  /** POSIX, relative to the tree. Its directory exists. */
  readonly path: string;
  readonly mode: '644' | '755';
  readonly isScript: boolean;
}

/** What was written. */
export interface UnpackedFile extends ContentDigest {
  readonly path: string;
}

/**
 * Unpacks and checks the files of one task below `root`; without a root it only checks them. Blocks while it works, which
 * is why it runs in workers.
 *
 * @throws HdfsVenvError the codes of `readEntry`; errors of the file system as they come
 */
export async function unpackTask(root: string | undefined, task: UnpackTask): Promise<UnpackedFile[]> {
  const file = new ArchiveFile(task.wheel);
  try {
    const ranges = readAhead(file, task.files);
    const unpacked: UnpackedFile[] = [];
    for (const one of task.files) {
      const digest =
        root === undefined ? await digestFile(ranges, one) : await unpackFile(ranges, one, localPath(root, one.path));
      unpacked.push({ path: one.path, ...digest });
    }
    return unpacked;
  } finally {
    file.close();
  }
}

/** One read for the whole task when its data lie close together: thousands of small reads cost more than their bytes. */
function readAhead(file: ArchiveFile, files: readonly UnpackFile[]): ByteRanges {
  const start = files[0]?.source.dataOffset ?? 0;
  const last = files.at(-1)?.source;
  const length = last === undefined ? 0 : last.dataOffset + last.compressedSize - start;
  if (length > WHOLE_BYTES) return file;
  const window = file.read(start, length);
  return { name: file.name, read: (at, count) => window.subarray(at - start, at - start + count) };
}

async function unpackFile(ranges: ByteRanges, file: UnpackFile, local: string): Promise<ContentDigest> {
  const descriptor = openSync(local, 'wx');
  try {
    const digest = await digestFile(ranges, file, (bytes) => writeAll(descriptor, bytes));
    // Not by the mode of open, which the user's umask would cut.
    fchmodSync(descriptor, Number.parseInt(file.mode, 8));
    return digest;
  } finally {
    closeSync(descriptor);
  }
}

/** Checks a file against its wheel; the digest is that of the bytes as the environment has them, which `sink` gets. */
async function digestFile(
  ranges: ByteRanges,
  { source, isScript }: UnpackFile,
  sink?: (bytes: Buffer) => void,
): Promise<ContentDigest> {
  let isStart = true;
  let rewritten: ContentDigester | undefined;
  const digest = await readEntry(ranges, source, (chunk) => {
    const bytes = isStart && isScript ? rewriteShebang(chunk) : chunk;
    if (bytes !== chunk) rewritten = new ContentDigester();
    isStart = false;
    rewritten?.update(bytes);
    sink?.(bytes);
  });
  return rewritten?.finish() ?? digest;
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}
