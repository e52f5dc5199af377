import { type ArchiveEntry, HAS_DESCRIPTOR } from './archive-entry.ts';
import type { ArchiveFile } from './archive-file.ts';
import {
  type ExtraFields,
  type HeaderSizes,
  hasZip64,
  parseExtraFields,
  requireSameUnicodePath,
  resolveZip64,
  zip64Sizes,
} from './extra-field.ts';
import { requireKnownVersion } from './version-needed.ts';
import { quoteName, wheelError } from './wheel-error.ts';

const SATURATED = 0xffffffff;
const HEADER_BYTES = 30;
const HEADER_SIGNATURE = 0x04034b50;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
/** CRC and two sizes of 4 or 8 bytes, with or without a signature in front (APPNOTE 4.3.9). */
const DESCRIPTOR_BYTES = new Set([12, 16, 20, 24]);
/** Local headers have few extra fields: one read of this much gets nearly all of them whole. */
const GUESSED_EXTRA_BYTES = 64;
/** Bits 1 and 2 tell how hard the compressor tried; they mean nothing to a reader. */
const MEANINGLESS_FLAGS = (1 << 1) | (1 << 2);

export interface PlacedEntry extends ArchiveEntry {
  /** Where the data begin. */
  readonly dataOffset: number;
}

/**
 * Compares every local header with the central directory, and requires that local headers and data fill the archive from
 * its first byte to the directory: nothing before, between or behind, nothing twice. A reader that streams then sees the
 * same files as one that starts at the end.
 *
 * @returns the entries in the order of their data
 * @throws HdfsVenvError `WHEEL_ZIP_LEADING_BYTES`, `WHEEL_ZIP_OVERLAP`, `WHEEL_ZIP_GAP`, `WHEEL_ZIP_LOCAL_HEADER`,
 * `WHEEL_ZIP_VERSION`, `WHEEL_ZIP_DESCRIPTOR`
 */
export function placeEntries(
  file: ArchiveFile,
  entries: readonly ArchiveEntry[],
  directoryOffset: number,
): PlacedEntry[] {
  const inOrder = [...entries].sort((left, right) => left.offset - right.offset);
  const first = inOrder[0]?.offset ?? directoryOffset;
  if (first !== 0) {
    throw wheelError(
      file.name,
      'WHEEL_ZIP_LEADING_BYTES',
      `${first} bytes stand before its first entry, expected none`,
    );
  }
  return inOrder.map((entry, index) => {
    const end = inOrder[index + 1]?.offset ?? directoryOffset;
    const { dataOffset, isLarge } = checkLocalHeader(file, entry);
    requireExactEnd(file, { ...entry, isLarge }, dataOffset + entry.compressedSize, end);
    return { ...entry, dataOffset };
  });
}

interface LocalHeader {
  /** Where the data begin. */
  readonly dataOffset: number;
  /** Whether sizes that follow the data may have 8 bytes each. */
  readonly isLarge: boolean;
}

function checkLocalHeader(file: ArchiveFile, entry: ArchiveEntry): LocalHeader {
  const guess = HEADER_BYTES + entry.nameBytes.length + GUESSED_EXTRA_BYTES;
  const window = file.read(entry.offset, Math.max(0, Math.min(guess, file.size - entry.offset)));
  if (window.length < HEADER_BYTES || window.readUInt32LE(0) !== HEADER_SIGNATURE) {
    throw wheelError(
      file.name,
      'WHEEL_ZIP_LOCAL_HEADER',
      `no local header of entry ${quoteName(entry.name)} stands at byte ${entry.offset}`,
    );
  }
  const nameLength = window.readUInt16LE(26);
  const dataOffset = entry.offset + HEADER_BYTES + nameLength + window.readUInt16LE(28);
  const rest = dataOffset - entry.offset <= window.length ? window : file.read(entry.offset, dataOffset - entry.offset);
  const name = rest.subarray(HEADER_BYTES, HEADER_BYTES + nameLength);
  const compare = (what: string, local: number, central: number): void => {
    if (local === central) return;
    throw wheelError(
      file.name,
      'WHEEL_ZIP_LOCAL_HEADER',
      `entry ${quoteName(entry.name)} has ${what} ${local} in its local header, ${central} in the directory`,
    );
  };
  if (!name.equals(entry.nameBytes)) {
    throw wheelError(
      file.name,
      'WHEEL_ZIP_LOCAL_HEADER',
      `entry ${quoteName(entry.name)} is called ${quoteName(name.toString())} in its local header`,
    );
  }
  requireKnownVersion(file.name, entry.name, window.readUInt16LE(4));
  const extraBytes = rest.subarray(HEADER_BYTES + nameLength, dataOffset - entry.offset);
  const extra = parseExtraFields(file.name, entry.name, extraBytes);
  requireSameUnicodePath(file.name, entry.name, name, extra);
  compare('flags', window.readUInt16LE(6) & ~MEANINGLESS_FLAGS, entry.flags & ~MEANINGLESS_FLAGS);
  compare('method', window.readUInt16LE(8), entry.method);
  const numbers = { compressedSize: window.readUInt32LE(18), size: window.readUInt32LE(22) };
  const crc = window.readUInt32LE(14);
  const areLater = (entry.flags & HAS_DESCRIPTOR) !== 0 && crc === 0 && areOpen(numbers);
  const isLarge = hasZip64(extra) || Math.max(entry.size, entry.compressedSize) >= SATURATED;
  const sizes = areLater
    ? laterSizes(file.name, entry, numbers, extra)
    : resolveZip64(file.name, entry.name, numbers, extra);
  if (!areLater) compare('CRC', crc, entry.crc);
  if (sizes !== undefined) {
    compare('size', sizes.size, entry.size);
    compare('compressed size', sizes.compressedSize, entry.compressedSize);
  }
  return { dataOffset, isLarge };
}

/** A streaming writer of ZIP64 entries leaves all ones instead of zeros: in both, or in none. */
function areOpen({ size, compressedSize }: HeaderSizes): boolean {
  return size === compressedSize && (size === 0 || size === SATURATED);
}

/**
 * What a local header says of sizes that follow the data: nothing, which writers of ZIP64 entries say by zeros in their
 * field (Python's `zipfile`, before 3.11 with zeros in the header, too). A reader that streams may take any other number.
 */
function laterSizes(
  wheel: string,
  { name }: ArchiveEntry,
  numbers: HeaderSizes,
  extra: ExtraFields,
): HeaderSizes | undefined {
  if (numbers.size === 0 && !hasZip64(extra)) return undefined;
  const sizes = zip64Sizes(wheel, name, extra);
  return sizes.size === 0 && sizes.compressedSize === 0 ? undefined : sizes;
}

/** What follows the data up to the next header is nothing, or the one data descriptor that was announced. */
function requireExactEnd(
  file: ArchiveFile,
  entry: ArchiveEntry & Pick<LocalHeader, 'isLarge'>,
  dataEnd: number,
  end: number,
): void {
  const length = end - dataEnd;
  if (length < 0) {
    throw wheelError(
      file.name,
      'WHEEL_ZIP_OVERLAP',
      `entry ${quoteName(entry.name)} ends at byte ${dataEnd}, what follows it begins at ${end}`,
    );
  }
  if ((entry.flags & HAS_DESCRIPTOR) === 0) {
    if (length === 0) return;
    throw wheelError(
      file.name,
      'WHEEL_ZIP_GAP',
      `${length} bytes that belong to nothing follow entry ${quoteName(entry.name)}`,
    );
  }
  const descriptor = DESCRIPTOR_BYTES.has(length) ? file.read(dataEnd, length) : Buffer.alloc(0);
  if (!isDescriptorOf(entry, descriptor)) {
    const found = descriptor.length > 0 ? descriptor.toString('hex') : `${length} bytes`;
    const bytes = entry.isLarge ? '4 or 8 bytes' : '4 bytes';
    const expected = `CRC ${entry.crc}, sizes ${entry.compressedSize} and ${entry.size} of ${bytes} each`;
    throw wheelError(
      file.name,
      'WHEEL_ZIP_DESCRIPTOR',
      `the data descriptor of entry ${quoteName(entry.name)} is ${found}, expected ${expected}`,
    );
  }
}

function isDescriptorOf(entry: ArchiveEntry & Pick<LocalHeader, 'isLarge'>, bytes: Buffer): boolean {
  const isLarge = bytes.length >= 20;
  if (bytes.length === 0 || (isLarge && !entry.isLarge)) return false;
  const hasSignature = bytes.length % 8 === 0;
  const body = bytes.subarray(hasSignature ? 4 : 0);
  const number = (at: number): number => (isLarge ? Number(body.readBigUInt64LE(at)) : body.readUInt32LE(at));
  return (
    (!hasSignature || bytes.readUInt32LE(0) === DESCRIPTOR_SIGNATURE) &&
    body.readUInt32LE(0) === entry.crc &&
    number(4) === entry.compressedSize &&
    number(isLarge ? 12 : 8) === entry.size
  );
}
