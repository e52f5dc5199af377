import { closeSync, openSync, readSync } from 'node:fs';
import { type ElfReading, readElf } from '../../wheel/elf.ts';

/**
 * Reads an ELF file on the local disk. Blocks: it is a few pages of a file that was just written, and asynchronous reads
 * cost several times as much each.
 *
 * @throws errors of the file system as they come
 */
export function readElfFile(path: string): ElfReading {
  const descriptor = openSync(path, 'r');
  try {
    return readOpenElf(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The same for a file that is open. */
export function readOpenElf(descriptor: number): ElfReading {
  return readElf((offset, length) => {
    const buffer = Buffer.allocUnsafe(length);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, length, offset));
  });
}
