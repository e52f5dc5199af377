import { crc32, deflateRawSync } from 'node:zlib';
import { DEFLATED } from '../../wheel/archive-entry.ts';
import type { ByteRanges } from '../../wheel/archive-file.ts';
import type { EntrySource } from '../../wheel/entry-content.ts';
import { deflateRuns } from './deflate-runs.ts';
import { END_OF_ARCHIVE, padding, tarHeader } from './tar-header.ts';

/** One file of a layer: as it lies in the wheel, or bytes of our own. */
export interface LayerFile {
  /** POSIX, relative to the environment. */
  readonly path: string;
  readonly mode: '644' | '755';
  readonly content: EntrySource | Uint8Array;
}

const READ_BYTES = 2 ** 20;

/** Deflate, no flags, no time, no extra flags, system unknown (RFC 1952, 2.3): the same for every member on every system. */
const MEMBER_START = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/**
 * A `.tar.gz` of files of one wheel, as a chain of gzip members (RFC 1952, 2.2: "A gzip file consists of a series of
 * members"). What the wheel holds deflated is copied as it is, with the CRC and the size that the wheel has for it; only
 * the headers in between are made here. Whoever calls this has checked the files against CRC and RECORD.
 *
 * @param files in the order of their paths' UTF-8 bytes
 * @returns the archive in pieces of about 1 MiB at most, apart from bytes of our own
 */
export function* layerBytes(wheel: ByteRanges, files: Iterable<LayerFile>): Generator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  for (const { path, mode, content } of files) {
    const size = content instanceof Uint8Array ? content.length : content.size;
    pending = Buffer.concat([pending, tarHeader({ path, size, mode })]);
    if (size === 0) continue;
    yield* member(pending, deflateRuns(pending));
    pending = padding(size);
    if (content instanceof Uint8Array) {
      yield* member(content, deflateRawSync(content));
    } else if (content.method === DEFLATED) {
      yield MEMBER_START;
      yield* ranges(wheel, content);
      yield memberEnd(content.crc, size);
    } else {
      // piece by piece, each a member of its own: a file that nobody compressed may be larger than memory
      for (const piece of ranges(wheel, content)) yield* member(piece, deflateRawSync(piece));
    }
  }
  const end = Buffer.concat([pending, END_OF_ARCHIVE]);
  yield* member(end, deflateRuns(end));
}

function* member(bytes: Uint8Array, deflated: Buffer): Generator<Buffer> {
  yield MEMBER_START;
  yield deflated;
  yield memberEnd(crc32(bytes), bytes.length);
}

/** CRC-32 and the size modulo 2^32 (RFC 1952, 2.3.1). */
function memberEnd(crc: number, size: number): Buffer {
  const end = Buffer.alloc(8);
  end.writeUInt32LE(crc >>> 0, 0);
  end.writeUInt32LE(size % 2 ** 32, 4);
  return end;
}

function* ranges(wheel: ByteRanges, { dataOffset, compressedSize }: EntrySource): Generator<Buffer> {
  for (let at = 0; at < compressedSize; at += READ_BYTES)
    yield wheel.read(dataOffset + at, Math.min(READ_BYTES, compressedSize - at));
}
