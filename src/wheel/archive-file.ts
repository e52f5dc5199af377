import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
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

  /**
   * @throws HdfsVenvError `WHEEL_NOT_READABLE` when there is no such file, or no permission; `WHEEL_NOT_A_FILE` when it is a
   * directory, a pipe or a device. A link to a file is fine
   */
  constructor(path: string) {
    this.path = path;
    this.name = basename(path);
    try {
      // Else opening a pipe would wait for somebody who writes into it. Windows knows no such flag.
      this.#descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (error) {
      throw notReadable(path, error);
    }
    const status = fstatSync(this.#descriptor);
    if (!status.isFile()) {
      closeSync(this.#descriptor);
      throw new HdfsVenvError({
        code: 'WHEEL_NOT_A_FILE',
        exit: 'usage',
        message: `Cannot read wheel ${path}: it is ${kindOf(status)}, expected a file`,
      });
    }
    this.size = status.size;
  }

  /**
   * @param start offset of the first byte
   * @throws HdfsVenvError `WHEEL_TRUNCATED` when the file ends before `start + length`; `WHEEL_NOT_READABLE` when the disk
   * fails
   */
  read(start: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const count = this.#readInto(buffer, filled, start + filled);
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

  #readInto(buffer: Buffer, filled: number, position: number): number {
    try {
      return readSync(this.#descriptor, buffer, filled, buffer.length - filled, position);
    } catch (error) {
      throw notReadable(this.path, error);
    }
  }
}

function notReadable(path: string, error: unknown): HdfsVenvError {
  return new HdfsVenvError({
    code: 'WHEEL_NOT_READABLE',
    exit: error instanceof Error && 'code' in error && error.code === 'EACCES' ? 'permission' : 'usage',
    message: `Cannot read wheel ${path}: ${error instanceof Error ? error.message : String(error)}`,
    cause: error,
  });
}

function kindOf(status: Stats): string {
  if (status.isDirectory()) return 'a directory';
  return status.isFIFO() ? 'a pipe' : 'a device';
}
