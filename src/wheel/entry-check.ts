import { createHash, type Hash, hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type ContentDigest, ContentDigester, digestContent } from '../digest/content-digest.ts';
import type { EntrySource } from './entry-content.ts';
import { quoteName, wheelError } from './wheel-error.ts';

/** Compares the bytes of an entry with what the archive's headers and RECORD say, while they pass. */
export class EntryCheck {
  readonly #wheel: string;
  readonly #entry: EntrySource;
  readonly #digester = new ContentDigester();
  /** RECORD may use a stronger hash than the one that is computed for every file. */
  readonly #recordHash: Hash | undefined;
  #crc = 0;
  #size = 0;

  constructor(wheel: string, entry: EntrySource) {
    this.#wheel = wheel;
    this.#entry = entry;
    const algorithm = entry.recordHash?.algorithm ?? 'sha256';
    this.#recordHash = algorithm === 'sha256' ? undefined : createHash(algorithm);
  }

  /** @throws HdfsVenvError `WHEEL_ZIP_ENTRY_SIZE` as soon as there are more bytes than the headers say */
  update(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#entry.size) requireSize(this.#wheel, this.#entry, this.#size);
    this.#crc = crc32(chunk, this.#crc);
    this.#digester.update(chunk);
    this.#recordHash?.update(chunk);
  }

  /** @throws HdfsVenvError `WHEEL_ZIP_ENTRY_SIZE`, `WHEEL_ZIP_CRC`, `WHEEL_RECORD_HASH` */
  finish(): ContentDigest {
    requireSize(this.#wheel, this.#entry, this.#size);
    requireCrc(this.#wheel, this.#entry, this.#crc);
    const digest = this.#digester.finish();
    requireRecordHash(this.#wheel, this.#entry, this.#recordHash?.digest('hex') ?? digest.sha256);
    return digest;
  }
}

/**
 * The same for an entry whose bytes are all in memory.
 *
 * @throws HdfsVenvError `WHEEL_ZIP_ENTRY_SIZE`, `WHEEL_ZIP_CRC`, `WHEEL_RECORD_HASH`
 */
export function checkContent(wheel: string, entry: EntrySource, data: Buffer): ContentDigest {
  requireSize(wheel, entry, data.length);
  requireCrc(wheel, entry, crc32(data));
  const digest = digestContent(data);
  const algorithm = entry.recordHash?.algorithm ?? 'sha256';
  requireRecordHash(wheel, entry, algorithm === 'sha256' ? digest.sha256 : hash(algorithm, data, 'hex'));
  return digest;
}

function requireSize(wheel: string, { path, size }: EntrySource, found: number): void {
  if (found === size) return;
  const holds = found > size ? `more than ${size}` : found;
  const problem = `entry ${quoteName(path)} holds ${holds} bytes, its headers say ${size}`;
  throw wheelError(wheel, 'WHEEL_ZIP_ENTRY_SIZE', problem);
}

function requireCrc(wheel: string, { path, crc }: EntrySource, found: number): void {
  if (found === crc) return;
  const problem = `entry ${quoteName(path)} has CRC ${found.toString(16)}, its headers say ${crc.toString(16)}`;
  throw wheelError(wheel, 'WHEEL_ZIP_CRC', problem);
}

function requireRecordHash(wheel: string, { path, recordHash }: EntrySource, hex: string): void {
  if (recordHash === undefined || recordHash.hex === hex) return;
  const found = `${recordHash.algorithm} ${hex}, RECORD says ${recordHash.hex}`;
  throw wheelError(wheel, 'WHEEL_RECORD_HASH', `entry ${quoteName(path)} has ${found}`);
}
