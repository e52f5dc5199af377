import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, type InflateRaw, inflateRawSync } from 'node:zlib';
import type { ContentDigest } from '../digest/content-digest.ts';
import { DEFLATED } from './archive-entry.ts';
import type { ByteRanges } from './archive-file.ts';
import { checkContent, EntryCheck } from './entry-check.ts';
import type { RecordHash } from './record.ts';
import { quoteName, wheelError } from './wheel-error.ts';

/** All that is needed to read one file of a wheel and to tell whether it is what RECORD promised. Plain data. */
export interface EntrySource {
  /** Path in the archive. */
  readonly path: string;
  readonly dataOffset: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly method: number;
  readonly crc: number;
  /** Undefined for the files that RECORD does not vouch for. */
  readonly recordHash: RecordHash | undefined;
}

/** Above this an entry is read and inflated piece by piece; below, at once, which is several times as fast. */
export const WHOLE_BYTES = 8 * 2 ** 20;
const READ_BYTES = 2 ** 20;
const INFLATE_CHUNK_BYTES = 2 ** 18;

/**
 * Reads an entry, hands its bytes to `sink`, and compares CRC, size and RECORD's hash. What went to the sink counts only
 * when this returns. Holds at most twice `WHOLE_BYTES`, whatever the entry's size and whatever its headers say of it.
 *
 * @throws HdfsVenvError `WHEEL_TRUNCATED`, `WHEEL_ZIP_DATA`, `WHEEL_ZIP_ENTRY_SIZE`, `WHEEL_ZIP_ENTRY_TRAILING`,
 * `WHEEL_ZIP_CRC`, `WHEEL_RECORD_HASH`
 */
export async function readEntry(
  file: ByteRanges,
  entry: EntrySource,
  sink: (chunk: Buffer) => void,
): Promise<ContentDigest> {
  if (entry.compressedSize <= WHOLE_BYTES && entry.size <= WHOLE_BYTES) {
    const { data, digest } = readWholeEntry(file.name, entry, file.read(entry.dataOffset, entry.compressedSize));
    sink(data);
    return digest;
  }
  const check = new EntryCheck(file.name, entry);
  const accept = (chunk: Buffer): void => {
    check.update(chunk);
    sink(chunk);
  };
  if (entry.method === DEFLATED) await inflate(file, entry, accept);
  else for (const chunk of rangesOf(file, entry)) accept(chunk);
  return check.finish();
}

/** The same for an entry whose compressed bytes are in memory; blocks. */
export function readWholeEntry(
  wheel: string,
  entry: EntrySource,
  compressed: Buffer,
): { data: Buffer; digest: ContentDigest } {
  const data = entry.method === DEFLATED ? inflateWhole(wheel, entry, compressed) : compressed;
  return { data, digest: checkContent(wheel, entry, data) };
}

/** The bytes of an entry as the archive has them, in pieces of 1 MiB. @throws HdfsVenvError `WHEEL_TRUNCATED` */
export function* rangesOf(file: ByteRanges, entry: EntrySource): Generator<Buffer> {
  for (let at = 0; at < entry.compressedSize; at += READ_BYTES) {
    yield file.read(entry.dataOffset + at, Math.min(READ_BYTES, entry.compressedSize - at));
  }
}

async function inflate(file: ByteRanges, entry: EntrySource, accept: (chunk: Buffer) => void): Promise<void> {
  const inflater = createInflateRaw({ chunkSize: INFLATE_CHUNK_BYTES });
  // When the last step of a pipeline throws, the ones before it are aborted, and that may be all that the pipeline tells.
  let refusal: { readonly reason: unknown } | undefined;
  try {
    await pipeline(Readable.from(rangesOf(file, entry)), inflater, async (chunks: AsyncIterable<Buffer>) => {
      try {
        for await (const chunk of chunks) accept(chunk);
      } catch (reason) {
        refusal = { reason };
        throw reason;
      }
    });
  } catch (error) {
    throw explainInflateError(file.name, entry, refusal === undefined ? error : refusal.reason);
  }
  requireAllRead(file.name, entry, inflater.bytesWritten);
}

function inflateWhole(wheel: string, entry: EntrySource, compressed: Buffer): Buffer {
  let result: unknown;
  try {
    // One output buffer of the right size: zlib's usual 16 KiB pieces would be copied together again.
    const options = { info: true, maxOutputLength: Math.max(entry.size, 1), chunkSize: Math.max(entry.size + 1, 64) };
    result = inflateRawSync(compressed, options);
  } catch (error) {
    throw explainInflateError(wheel, entry, error);
  }
  if (!isInflated(result)) throw new TypeError('zlib returned no engine');
  requireAllRead(wheel, entry, result.engine.bytesWritten);
  return result.buffer;
}

/** With `info` zlib hands back the engine too, which tells how much it read; its types do not know. */
function isInflated(result: unknown): result is { buffer: Buffer; engine: InflateRaw } {
  return typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result;
}

/** Readers stop where deflate's last block ends; what stands behind it would be seen by none. */
function requireAllRead(wheel: string, entry: EntrySource, read: number): void {
  if (read === entry.compressedSize) return;
  const found = `${entry.compressedSize} bytes, its data end after ${read}`;
  throw wheelError(wheel, 'WHEEL_ZIP_ENTRY_TRAILING', `entry ${quoteName(entry.path)} has ${found}`);
}

function explainInflateError(wheel: string, entry: EntrySource, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const quoted = quoteName(entry.path);
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    const problem = `entry ${quoted} inflates to more than the ${entry.size} bytes that its headers say`;
    return wheelError(wheel, 'WHEEL_ZIP_ENTRY_SIZE', problem, error);
  }
  if (!code.startsWith('Z_')) return error;
  const expected = `expected ${entry.size} bytes from ${entry.compressedSize}`;
  return wheelError(wheel, 'WHEEL_ZIP_DATA', `entry ${quoted} cannot be inflated (${code}), ${expected}`, error);
}
