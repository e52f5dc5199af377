import { closeSync, openSync, writeSync } from 'node:fs';
import { type ContentDigest, ContentDigester } from '../../digest/content-digest.ts';
import { ArchiveFile, type ByteRanges } from '../../wheel/archive-file.ts';
import { type LayerFile, layerBytes } from './layer.ts';

const WRITE_BYTES = 2 ** 20;
const READ_BYTES = 2 ** 18;

export interface LayerRequest {
  /** `pandas-2.2.3` */
  readonly label: string;
  /** Path of the wheel; undefined when no file is copied from one. */
  readonly wheel: string | undefined;
  /** In the order of their paths' UTF-8 bytes. */
  readonly files: readonly LayerFile[];
}

/**
 * Writes the archive of these files, digested on the way.
 *
 * @param path of a file that is not there yet
 * @throws HdfsVenvError `WHEEL_TRUNCATED`; errors of the file system as they come
 */
export function writeLayer({ wheel, files }: LayerRequest, path: string): ContentDigest {
  const archive = wheel === undefined ? undefined : new ArchiveFile(wheel);
  const descriptor = openSync(path, 'wx');
  const digester = new ContentDigester();
  const held = Buffer.allocUnsafe(WRITE_BYTES);
  let heldBytes = 0;
  const write = (bytes: Uint8Array): void => {
    digester.update(bytes);
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  };
  const flush = (): void => {
    write(held.subarray(0, heldBytes));
    heldBytes = 0;
  };
  try {
    for (const chunk of layerBytes(archive === undefined ? NO_WHEEL : new ReadAhead(archive), files)) {
      if (heldBytes + chunk.length > WRITE_BYTES) flush();
      if (chunk.length > WRITE_BYTES) write(chunk);
      else {
        held.set(chunk, heldBytes);
        heldBytes += chunk.length;
      }
    }
    flush();
    return digester.finish();
  } finally {
    closeSync(descriptor);
    archive?.close();
  }
}

/** Files that stand side by side in a layer mostly do so in the wheel, too: one read gets many small ones. */
class ReadAhead implements ByteRanges {
  readonly name: string;
  readonly #archive: ArchiveFile;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(archive: ArchiveFile) {
    this.#archive = archive;
    this.name = archive.name;
  }

  read(start: number, length: number): Buffer {
    const at = start - this.#start;
    if (at >= 0 && at + length <= this.#window.length) return this.#window.subarray(at, at + length);
    const ahead = Math.min(READ_BYTES, this.#archive.size - start);
    if (length >= ahead) return this.#archive.read(start, length);
    this.#window = this.#archive.read(start, ahead);
    this.#start = start;
    return this.#window.subarray(0, length);
  }
}

const NO_WHEEL: ByteRanges = {
  name: '',
  read: () => {
    throw new TypeError('no file of this layer lies in a wheel');
  },
};
