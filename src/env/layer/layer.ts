import { crc32 } from 'node:zlib';
import { deflateSync } from 'fflate';
import { DEFLATED } from '../../wheel/archive-entry.ts';
import type { ByteRanges } from '../../wheel/archive-file.ts';
import { type EntrySource, rangesOf } from '../../wheel/entry-content.ts';
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
 * the headers in between are made here, and what the wheel has stored or the environment holds otherwise. That is deflated
 * without zlib, whose output depends on its version and on the processor: equal wheels give equal bytes everywhere.
 * Whoever calls this has checked the files against CRC and RECORD.
 *
 * @param files in the order of their paths' UTF-8 bytes
 * @returns the archive in pieces of about 1 MiB at most, apart from bytes of our own
 */
export function* layerBytes(wheel: ByteRanges, files: Iterable<LayerFile>): Generator<Uint8Array> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const add = (bytes: Buffer): void => {
    pending.push(bytes);
    pendingBytes += bytes.length;
  };
  function* takePending(): Generator<Uint8Array> {
    const bytes = Buffer.concat(pending);
    yield* member(bytes, deflateRuns(bytes));
    [pending, pendingBytes] = [[], 0];
  }
  for (const { path, mode, content } of files) {
    const size = content instanceof Uint8Array ? content.length : content.size;
    add(tarHeader({ path, size, mode }));
    // many empty files may follow one another
    if (size > 0 || pendingBytes >= READ_BYTES) yield* takePending();
    if (size === 0) continue;
    add(padding(size));
    if (content instanceof Uint8Array) {
      yield* member(content, deflateSync(content));
    } else if (content.method === DEFLATED) {
      yield MEMBER_START;
      yield* rangesOf(wheel, content);
      yield memberEnd(content.crc, size);
    } else {
      // piece by piece, each a member of its own: a file that nobody compressed may be larger than memory
      for (const piece of rangesOf(wheel, content)) yield* member(piece, deflateSync(piece));
    }
  }
  add(END_OF_ARCHIVE);
  yield* takePending();
}

function* member(bytes: Uint8Array, deflated: Uint8Array): Generator<Uint8Array> {
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
