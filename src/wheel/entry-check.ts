import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type ContentDigest, ContentDigester } from '../digest/content-digest.ts';
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
    if (this.#size > this.#entry.size) throw this.#sizeError(`more than ${this.#entry.size}`);
    this.#crc = crc32(chunk, this.#crc);
    this.#digester.update(chunk);
    this.#recordHash?.update(chunk);
  }

  /** @throws HdfsVenvError `WHEEL_ZIP_ENTRY_SIZE`, `WHEEL_ZIP_CRC`, `WHEEL_RECORD_HASH` */
  finish(): ContentDigest {
    const { path, size, crc, recordHash } = this.#entry;
    if (this.#size !== size) throw this.#sizeError(String(this.#size));
    if (this.#crc !== crc) {
      const found = `CRC ${this.#crc.toString(16)}, its headers say ${crc.toString(16)}`;
      throw wheelError(this.#wheel, 'WHEEL_ZIP_CRC', `entry ${quoteName(path)} has ${found}`);
    }
    const digest = this.#digester.finish();
    const hex = this.#recordHash?.digest('hex') ?? digest.sha256;
    if (recordHash === undefined || recordHash.hex === hex) return digest;
    const found = `${recordHash.algorithm} ${hex}, RECORD says ${recordHash.hex}`;
    throw wheelError(this.#wheel, 'WHEEL_RECORD_HASH', `entry ${quoteName(path)} has ${found}`);
  }

  #sizeError(found: string): Error {
    const { path, size } = this.#entry;
    return wheelError(
      this.#wheel,
      'WHEEL_ZIP_ENTRY_SIZE',
      `entry ${quoteName(path)} holds ${found} bytes, its headers say ${size}`,
    );
  }
}
