import { createHash, type Hash, hash } from 'node:crypto';
import { type Crc, type CrcKind, crcFunction } from './crc32.ts';

/** How a cluster cuts a file before it hashes it; what the algorithm name of a GETFILECHECKSUM answer says. */
export interface HdfsChecksumShape {
  readonly crc: CrcKind;
  /** Bytes per CRC (`dfs.bytes-per-checksum`). */
  readonly chunkBytes: number;
  /** Chunks per block; 0 when the whole file is one block. */
  readonly chunksPerBlock: number;
}

/** HDFS's defaults since Hadoop 2, for a file that is no longer than a block. */
export const SINGLE_BLOCK: HdfsChecksumShape = { crc: 'CRC32C', chunkBytes: 512, chunksPerBlock: 0 };

/** CRCs that are collected before they are handed to MD5: few calls, and so little memory that Node takes it from its pool. */
const PENDING_BYTES = 2048;

/** Java's DataOutputBuffer starts with 32 bytes and doubles; HDFS hashes the buffer, not what was written to it. */
const JAVA_BUFFER_BYTES = 32;

const MD5_BYTES = 16;

/**
 * Hadoop's MD5MD5CRC32FileChecksum, computed here: an MD5 over each block's big-endian CRCs, then an MD5 over the block
 * MD5s, zero-padded to 32, 64, 128 … bytes (`BlockChecksumHelper` and `FileChecksumHelper` in Hadoop's sources).
 * Memory does not grow with the file.
 */
export class HdfsChecksum {
  readonly #shape: HdfsChecksumShape;
  readonly #crc: Crc;
  readonly #file: Hash = createHash('md5');
  readonly #pending = Buffer.allocUnsafe(PENDING_BYTES);
  readonly #pendingView = new DataView(this.#pending.buffer, this.#pending.byteOffset, PENDING_BYTES);
  #block: Hash = createHash('md5');
  #pendingBytes = 0;
  #chunkCrc = 0;
  #bytesInChunk = 0;
  #chunksInBlock = 0;
  #blocks = 0;

  /** @throws RangeError for chunks without bytes */
  constructor(shape: HdfsChecksumShape = SINGLE_BLOCK) {
    if (shape.chunkBytes < 1) throw new RangeError(`a chunk cannot have ${shape.chunkBytes} bytes`);
    this.#shape = shape;
    this.#crc = crcFunction(shape.crc);
  }

  update(bytes: Uint8Array): void {
    const { chunkBytes } = this.#shape;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at < bytes.byteLength) {
      const end = Math.min(bytes.byteLength, at + chunkBytes - this.#bytesInChunk);
      this.#chunkCrc = this.#crc(view, at, end, this.#chunkCrc);
      this.#bytesInChunk += end - at;
      at = end;
      if (this.#bytesInChunk === chunkBytes) this.#endChunk();
    }
  }

  /** 32 hexadecimal digits. Call it once; the object is used up then. */
  finish(): string {
    if (this.#bytesInChunk > 0) this.#endChunk();
    if (this.#chunksInBlock > 0) this.#endBlock();
    let padded = JAVA_BUFFER_BYTES;
    while (padded < this.#blocks * MD5_BYTES) padded *= 2;
    return this.#file.update(Buffer.alloc(padded - this.#blocks * MD5_BYTES)).digest('hex');
  }

  #endChunk(): void {
    this.#pendingView.setInt32(this.#pendingBytes, this.#chunkCrc);
    this.#pendingBytes += 4;
    if (this.#pendingBytes === PENDING_BYTES) this.#flush();
    this.#chunkCrc = 0;
    this.#bytesInChunk = 0;
    this.#chunksInBlock += 1;
    if (this.#chunksInBlock === this.#shape.chunksPerBlock) this.#endBlock();
  }

  #endBlock(): void {
    this.#flush();
    this.#file.update(this.#block.digest());
    this.#block = createHash('md5');
    this.#blocks += 1;
    this.#chunksInBlock = 0;
  }

  #flush(): void {
    this.#block.update(this.#pending.subarray(0, this.#pendingBytes));
    this.#pendingBytes = 0;
  }
}

/** The checksum of a file in one block, all of whose bytes are in memory, as `HdfsChecksum` makes it: 32 hexadecimal digits. */
export function hdfsChecksumOf(bytes: Uint8Array): string {
  const { crc: kind, chunkBytes } = SINGLE_BLOCK;
  const crc = crcFunction(kind);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const crcs = Buffer.allocUnsafe(Math.ceil(bytes.byteLength / chunkBytes) * 4);
  const crcView = new DataView(crcs.buffer, crcs.byteOffset, crcs.byteLength);
  for (let start = 0, at = 0; start < bytes.byteLength; start += chunkBytes, at += 4) {
    crcView.setInt32(at, crc(view, start, Math.min(start + chunkBytes, bytes.byteLength), 0));
  }
  const padded = Buffer.alloc(JAVA_BUFFER_BYTES);
  if (crcs.byteLength > 0) padded.set(hash('md5', crcs, 'buffer'));
  return hash('md5', padded, 'hex');
}
