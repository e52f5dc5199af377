/** The two compression methods that every reader of wheels knows (APPNOTE 4.4.5). */
export const STORED = 0;
export const DEFLATED = 8;

/** One entry as the central directory has it. */
export interface ArchiveEntry {
  /** POSIX; ends in `/` when it is a directory. */
  readonly name: string;
  readonly nameBytes: Buffer;
  /** General purpose bits (APPNOTE 4.4.4). */
  readonly flags: number;
  readonly method: typeof STORED | typeof DEFLATED;
  readonly crc: number;
  /** Bytes in the archive. */
  readonly compressedSize: number;
  /** Bytes of the file. */
  readonly size: number;
  /** Whether any of the three x bits is set. */
  readonly executable: boolean;
  /** Where the local header begins. */
  readonly offset: number;
}

/** Sizes and CRC follow the data. */
export const HAS_DESCRIPTOR = 1 << 3;
