import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { wheelError } from './wheel-error.ts';

/** Where bytes of a wheel come from. */
export interface ByteRanges {
  /** The wheel's file name, for messages. */
  readonly name: string;
  /** @param start offset of the first byte */
  read(start: number, length: number): Buffer;
}

/**
 * An open wheel that is read by ranges, never whole. Reads block: a wheel is a local file, its headers are thousands of
 * small reads, and asynchronous ones cost several times as much each.
 */
export class ArchiveFile implements ByteRanges {
  readonly path: string;
  /** The last segment of the path, for messages. */
  readonly name: string;
  /** Bytes, when it was opened. */
  readonly size: number;
  readonly #descriptor: number;

  /** @throws HdfsVenvError `WHEEL_NOT_READABLE` when there is no such file, or no permission */
  constructor(path: string) {
    this.path = path;
    this.name = basename(path);
    try {
      this.#descriptor = openSync(path, 'r');
    } catch (error) {
      throw new HdfsVenvError({
        code: 'WHEEL_NOT_READABLE',
        exit: error instanceof Error && 'code' in error && error.code === 'EACCES' ? 'permission' : 'usage',
        message: `Cannot open wheel ${path}: ${error instanceof Error ? error.message : String(error)}`,
        cause: error,
      });
    }
    this.size = fstatSync(this.#descriptor).size;
  }

  /**
   * @param start offset of the first byte
   * @throws HdfsVenvError `WHEEL_TRUNCATED` when the file ends before `start + length`
   */
  read(start: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(this.#descriptor, buffer, filled, length - filled, start + filled);
      if (count === 0) {
        throw wheelError(
          this.name,
          'WHEEL_TRUNCATED',
          `bytes ${start} to ${start + length} are needed, the file ends at ${start + filled}`,
        );
      }
      filled += count;
    }
    return buffer;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
