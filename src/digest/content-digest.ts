import { createHash, hash } from 'node:crypto';
import { HdfsChecksum, hdfsChecksumOf } from './hdfs-checksum.ts';

/** What is known of a file's bytes after one pass. */
export interface ContentDigest {
  /** Bytes. */
  readonly size: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** What HDFS answers for these bytes in one block, CRC32C over chunks of 512 bytes: 32 hexadecimal digits. */
  readonly hdfsChecksum: string;
}

/** Size, sha256 and HDFS checksum of a stream, in one pass over its chunks, whatever their lengths. */
export class ContentDigester {
  readonly #sha256 = createHash('sha256');
  readonly #hdfsChecksum = new HdfsChecksum();
  #size = 0;

  update(chunk: Uint8Array): void {
    this.#sha256.update(chunk);
    this.#hdfsChecksum.update(chunk);
    this.#size += chunk.byteLength;
  }

  /** Call it once; the object is used up then. */
  finish(): ContentDigest {
    return { size: this.#size, sha256: this.#sha256.digest('hex'), hdfsChecksum: this.#hdfsChecksum.finish() };
  }
}

/** The same for bytes that are all in memory. Most files are small: what is not made for each is time that thousands of them do not take. */
export function digestContent(bytes: Uint8Array): ContentDigest {
  return { size: bytes.byteLength, sha256: hash('sha256', bytes, 'hex'), hdfsChecksum: hdfsChecksumOf(bytes) };
}
