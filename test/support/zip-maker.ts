import { crc32, deflateRawSync } from 'node:zlib';

/** The numbers of a ZIP header (APPNOTE 4.3.7 and 4.3.12) that a test may want to falsify. */
export interface HeaderFields {
  /** "Version needed to extract": 20 by default. */
  version: number;
  flags: number;
  method: number;
  crc: number;
  compressedSize: number;
  size: number;
  name: Buffer;
  extra: Buffer;
}

export interface ZipEntry {
  readonly name: string | Buffer;
  /** Uncompressed. */
  readonly data: Buffer;
  /** 8 (deflated) by default, 0 = stored. */
  readonly method?: number;
  /** Unix mode with file type: `0o100644` by default. */
  readonly mode?: number;
  /** 3 = Unix by default, 0 = DOS. */
  readonly createSystem?: number;
  /** Attributes of DOS, 0 by default: 0x08 for a volume label, 0x10 for a directory. */
  readonly attributes?: number;
  /** MS-DOS date and time; 1980-01-01 by default. */
  readonly dosTime?: number;
  /** Instead of the compressed form of `data`. */
  readonly compressed?: Buffer;
  /** Sizes and CRC follow the data (bit 3), as streaming writers do; fields given here are written instead of the true ones. */
  readonly descriptor?: Partial<Pick<HeaderFields, 'crc' | 'compressedSize' | 'size'>> & {
    signature?: boolean;
    /** Sizes of 8 bytes each, as by default in ZIP64 entries. */
    large?: boolean;
  };
  /** Sizes and offset go to the ZIP64 extra field. */
  readonly zip64?: boolean;
  readonly comment?: string;
  /** Overrides what the local header, or the central one, says. */
  readonly local?: Partial<HeaderFields>;
  readonly central?: Partial<HeaderFields> & { offset?: number };
  /** Leaves out one of the two. */
  readonly only?: 'local' | 'central';
}

export interface ZipOptions {
  readonly comment?: Buffer;
  /** Writes the ZIP64 end records even when they are not needed. */
  readonly zip64End?: boolean;
  /** Overrides the end record. */
  readonly end?: { entries?: number; directorySize?: number; directoryOffset?: number };
  /** Stands between the entries and the directory. */
  readonly beforeDirectory?: Buffer;
  /** Stands at the end of the directory, and counts for its size. */
  readonly endOfDirectory?: Buffer;
  /** Stands at the end of the ZIP64 end record, and counts for its size. */
  readonly zip64Extension?: Buffer;
}

/** Writes a ZIP archive byte by byte, so that each byte can be made wrong. Entries keep their order. */
export function makeZip(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const fields = trueFields(entry);
    const start = offset;
    if (entry.only !== 'central') {
      const written = localPart(entry, fields);
      parts.push(written);
      offset += written.length;
    }
    if (entry.only !== 'local') directory.push(centralHeader(entry, fields, start));
  }
  const { beforeDirectory = Buffer.alloc(0), endOfDirectory = Buffer.alloc(0) } = options;
  const central = Buffer.concat([...directory, endOfDirectory]);
  const start = offset + beforeDirectory.length;
  const end = endRecords(directory.length, central.length, start, options);
  return Buffer.concat([...parts, beforeDirectory, central, end]);
}

function trueFields(entry: ZipEntry): HeaderFields & { body: Buffer } {
  const method = entry.method ?? 8;
  const body = entry.compressed ?? (method === 8 ? deflateRawSync(entry.data) : entry.data);
  const name = typeof entry.name === 'string' ? Buffer.from(entry.name) : entry.name;
  const isAscii = name.every((byte) => byte < 0x80);
  const flags = (isAscii ? 0 : 0x800) | (entry.descriptor === undefined ? 0 : 8);
  return {
    version: 20,
    flags,
    method,
    crc: crc32(entry.data),
    compressedSize: body.length,
    size: entry.data.length,
    name,
    extra: Buffer.alloc(0),
    body,
  };
}

function localPart(entry: ZipEntry, truth: HeaderFields & { body: Buffer }): Buffer {
  const streamed = entry.descriptor === undefined ? {} : { crc: 0, compressedSize: 0, size: 0 };
  const large = entry.zip64 ? { extra: zip64Extra(sizesOf({ ...truth, ...entry.local })) } : {};
  const fields = { ...truth, ...streamed, ...large, ...entry.local };
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(fields.version, 4);
  header.writeUInt16LE(fields.flags, 6);
  header.writeUInt16LE(fields.method, 8);
  header.writeUInt32LE(entry.dosTime ?? 0x210000, 10);
  header.writeUInt32LE(fields.crc, 14);
  header.writeUInt32LE(entry.zip64 ? 0xffffffff : fields.compressedSize, 18);
  header.writeUInt32LE(entry.zip64 ? 0xffffffff : fields.size, 22);
  header.writeUInt16LE(fields.name.length, 26);
  header.writeUInt16LE(fields.extra.length, 28);
  return Buffer.concat([header, fields.name, fields.extra, truth.body, dataDescriptor(entry, truth)]);
}

function dataDescriptor(entry: ZipEntry, truth: HeaderFields): Buffer {
  if (entry.descriptor === undefined) return Buffer.alloc(0);
  const fields = { ...truth, ...entry.descriptor };
  const { signature = true, large = entry.zip64 ?? false } = entry.descriptor;
  const descriptor = Buffer.alloc(large ? 24 : 16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(fields.crc, 4);
  if (large) {
    descriptor.writeBigUInt64LE(BigInt(fields.compressedSize), 8);
    descriptor.writeBigUInt64LE(BigInt(fields.size), 16);
  } else {
    descriptor.writeUInt32LE(fields.compressedSize, 8);
    descriptor.writeUInt32LE(fields.size, 12);
  }
  return signature ? descriptor : descriptor.subarray(4);
}

function centralHeader(entry: ZipEntry, truth: HeaderFields, start: number): Buffer {
  const offset = entry.central?.offset ?? start;
  const large = entry.zip64 ? { extra: zip64Extra([...sizesOf({ ...truth, ...entry.central }), offset]) } : {};
  const fields = { ...truth, ...large, ...entry.central };
  const comment = Buffer.from(entry.comment ?? '');
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20 | ((entry.createSystem ?? 3) << 8), 4);
  header.writeUInt16LE(fields.version, 6);
  header.writeUInt16LE(fields.flags, 8);
  header.writeUInt16LE(fields.method, 10);
  header.writeUInt32LE(entry.dosTime ?? 0x210000, 12);
  header.writeUInt32LE(fields.crc, 16);
  header.writeUInt32LE(entry.zip64 ? 0xffffffff : fields.compressedSize, 20);
  header.writeUInt32LE(entry.zip64 ? 0xffffffff : fields.size, 24);
  header.writeUInt16LE(fields.name.length, 28);
  header.writeUInt16LE(fields.extra.length, 30);
  header.writeUInt16LE(comment.length, 32);
  header.writeUInt32LE((((entry.mode ?? 0o100644) << 16) | (entry.attributes ?? 0)) >>> 0, 38);
  header.writeUInt32LE(entry.zip64 ? 0xffffffff : offset, 42);
  return Buffer.concat([header, fields.name, fields.extra, comment]);
}

/** In the order of the ZIP64 extra field. */
function sizesOf({ size, compressedSize }: HeaderFields): number[] {
  return [size, compressedSize];
}

/** The extra field with these numbers of 8 bytes each (APPNOTE 4.5.3). */
export function zip64Extra(numbers: readonly number[]): Buffer {
  const body = Buffer.alloc(8 * numbers.length);
  for (const [index, number] of numbers.entries()) body.writeBigUInt64LE(BigInt(number), 8 * index);
  return extraField(1, body);
}

/** One extra field with its header (APPNOTE 4.5.1). */
export function extraField(id: number, body: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(id, 0);
  header.writeUInt16LE(body.length, 2);
  return Buffer.concat([header, body]);
}

function endRecords(count: number, size: number, offset: number, options: ZipOptions): Buffer {
  const entries = options.end?.entries ?? count;
  const directorySize = options.end?.directorySize ?? size;
  const directoryOffset = options.end?.directoryOffset ?? offset;
  const needsZip64 = options.zip64End === true || entries >= 0xffff;
  const comment = options.comment ?? Buffer.alloc(0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(needsZip64 ? 0xffff : entries, 8);
  end.writeUInt16LE(needsZip64 ? 0xffff : entries, 10);
  end.writeUInt32LE(needsZip64 ? 0xffffffff : directorySize, 12);
  end.writeUInt32LE(needsZip64 ? 0xffffffff : directoryOffset, 16);
  end.writeUInt16LE(comment.length, 20);
  if (!needsZip64) return Buffer.concat([end, comment]);
  const { zip64Extension = Buffer.alloc(0) } = options;
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(BigInt(44 + zip64Extension.length), 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(directorySize), 40);
  record.writeBigUInt64LE(BigInt(directoryOffset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, zip64Extension, locator, end, comment]);
}
