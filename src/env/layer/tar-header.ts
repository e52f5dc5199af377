/** A regular file in a tar archive. */
export interface TarFile {
  /** POSIX, relative. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly mode: '644' | '755';
}

export const BLOCK_BYTES = 512;

/** 1980-01-01 in seconds: one time for all files, and none that old versions of GNU tar call implausibly old. */
const MODIFIED = 315_532_800;
const NAME_BYTES = 100;
const LARGEST_OCTAL = 8 ** 11;
/** The name under which GNU tar writes a header whose data are the next one's name. */
const LONG_LINK = '././@LongLink';

/**
 * The header of a file in GNU's format (GNU tar manual, "Basic Tar Format", `OLDGNU_MAGIC`), which GNU tar, busybox tar,
 * bsdtar, Python's tarfile and Hadoop all read: BusyBox does not look at the names in pax headers. A name of more than
 * 100 bytes stands in an entry of type `L` before it; a size of 8 GiB and more is in base 256. Owner and time are the same
 * for all files, so that equal files give equal bytes.
 */
export function tarHeader({ path, size, mode }: TarFile): Buffer {
  const name = Buffer.from(path);
  const header = block({ name: name.subarray(0, NAME_BYTES), size, mode, type: '0' });
  if (name.length <= NAME_BYTES) return header;
  const content = Buffer.concat([name, Buffer.alloc(1)]);
  const long = block({ name: Buffer.from(LONG_LINK), size: content.length, mode: '644', type: 'L', time: 0 });
  return Buffer.concat([long, content, padding(content.length), header]);
}

/** What fills the last block of a file. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);
}

/** Two empty blocks. */
export const END_OF_ARCHIVE: Buffer = Buffer.alloc(2 * BLOCK_BYTES);

interface Fields {
  readonly name: Uint8Array;
  readonly size: number;
  readonly mode: string;
  readonly type: string;
  readonly time?: number;
}

function block({ name, size, mode, type, time = MODIFIED }: Fields): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  header.set(name, 0);
  header.write(`${mode.padStart(7, '0')}\0`, 100, 'latin1');
  header.write('0000000\0', 108, 'latin1');
  header.write('0000000\0', 116, 'latin1');
  writeSize(header, size);
  header.write(`${time.toString(8).padStart(11, '0')}\0`, 136, 'latin1');
  // the checksum is computed with blanks in its own place
  header.fill(' ', 148, 156);
  header.write(type, 156, 'latin1');
  header.write('ustar  \0', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

function writeSize(header: Buffer, size: number): void {
  if (size < LARGEST_OCTAL) {
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
    return;
  }
  header[124] = 0x80;
  header.writeBigUInt64BE(BigInt(size), 128);
}
