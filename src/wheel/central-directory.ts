import type { ArchiveEntry } from './archive-entry.ts';
import { DEFLATED, STORED } from './archive-entry.ts';
import type { ArchiveFile } from './archive-file.ts';
import type { EndRecord } from './end-record.ts';
import { requireDistinctNames } from './distinct-names.ts';
import { findNameProblems } from './entry-name.ts';
import {
  type HeaderSizes,
  parseExtraFields,
  requireExactZip64,
  requireSameUnicodePath,
  resolveZip64,
} from './extra-field.ts';
import { readMode } from './entry-mode.ts';
import { MAX_DEFLATE_RATIO } from './limits.ts';
import { limitError, quoteName, wheelError } from './wheel-error.ts';
import type { WheelRules } from './wheel-rules.ts';
import { requireKnownVersion } from './version-needed.ts';

const HEADER_BYTES = 46;
const HEADER_SIGNATURE = 0x02014b50;
/** On average over as many entries as are allowed. Real wheels have about 150. */
const MAX_BYTES_PER_ENTRY = 400;
/** What deflate makes of nothing. */
const MAX_DIRECTORY_ENTRY_BYTES = 2;
/** Bits that change what the data are: encryption, strong encryption, masked headers; patched data (APPNOTE 4.4.4). */
const ENCRYPTED = (1 << 0) | (1 << 6) | (1 << 13);
const PATCHED = 1 << 5;
const NAME_IS_UTF8 = 1 << 11;
/** 4, 7 to 10, 12, 14 and 15: without a meaning, or with one for readers that nobody has. */
const RESERVED = (1 << 4) | (0b1111 << 7) | (1 << 12) | (0b11 << 14);

/** One header as its bytes say it, with numbers that ZIP64 may have moved. */
interface Header extends Required<HeaderSizes> {
  readonly name: string;
  /** A part of the directory. */
  readonly nameBytes: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly disk: number;
  /** External: the Unix mode in the upper half, the attributes of DOS in the lower. */
  readonly attributes: number;
}

/**
 * Reads the list of entries, in the directory's order: first all lengths, names and extra fields, then what they say of
 * the entries.
 *
 * @throws HdfsVenvError one `WHEEL_ZIP_…`, `WHEEL_NAME_…`, `WHEEL_MODE_…` or `WHEEL_LIMIT_…` per case
 */
export function readCentralDirectory(file: ArchiveFile, end: EndRecord, rules: WheelRules): ArchiveEntry[] {
  const { entries } = rules.limits;
  if (end.entryCount > entries || end.directorySize > entries * MAX_BYTES_PER_ENTRY) {
    const found = `${end.entryCount} entries in a directory of ${end.directorySize} bytes`;
    const allowed = `${entries} entries and ${entries * MAX_BYTES_PER_ENTRY} bytes`;
    throw limitError(file.name, 'WHEEL_LIMIT_ENTRIES', 'entries', `it has ${found}, the limits are ${allowed}`);
  }
  const directory = file.read(end.directoryOffset, end.directorySize);
  const headers = splitHeaders(rules, directory, end.entryCount);
  requireDistinctNames(
    rules,
    headers.map(({ name }) => name),
  );
  return headers.map((header) => toEntry(rules, header));
}

function splitHeaders(rules: WheelRules, directory: Buffer, count: number): Header[] {
  const { wheel } = rules;
  const headers: Header[] = [];
  let at = 0;
  while (at < directory.length) {
    const isHeader = at + HEADER_BYTES <= directory.length && directory.readUInt32LE(at) === HEADER_SIGNATURE;
    const nameLength = isHeader ? directory.readUInt16LE(at + 28) : 0;
    const extraLength = isHeader ? directory.readUInt16LE(at + 30) : 0;
    const next = at + HEADER_BYTES + nameLength + extraLength + (isHeader ? directory.readUInt16LE(at + 32) : 0);
    if (!isHeader || next > directory.length) {
      throw wheelError(
        wheel,
        'WHEEL_ZIP_DIRECTORY',
        `no whole header stands at byte ${at} of its directory of ${directory.length} bytes`,
      );
    }
    if (headers.length === count) throw countError(wheel, `more than ${count}`, count);
    const extraStart = at + HEADER_BYTES + nameLength;
    const nameBytes = directory.subarray(at + HEADER_BYTES, extraStart);
    const fixed = directory.subarray(at, at + HEADER_BYTES);
    headers.push(readHeader(rules, fixed, nameBytes, directory.subarray(extraStart, extraStart + extraLength)));
    at = next;
  }
  if (headers.length === count) return headers;
  throw countError(wheel, String(headers.length), count);
}

function countError(wheel: string, found: string, expected: number): Error {
  const problem = `its directory holds ${found} entries, its end record says ${expected}`;
  return wheelError(wheel, 'WHEEL_ZIP_COUNT', problem);
}

/** One header (APPNOTE 4.3.12), with the numbers that its ZIP64 field may hold in its place. */
function readHeader(rules: WheelRules, fixed: Buffer, nameBytes: Buffer, extraBytes: Buffer): Header {
  const { wheel } = rules;
  const name = decodeName(rules, nameBytes, fixed.readUInt16LE(8));
  requireKnownVersion(wheel, name, fixed.readUInt16LE(6));
  const extra = parseExtraFields(wheel, name, extraBytes);
  requireSameUnicodePath(wheel, name, nameBytes, extra);
  const numbers = {
    size: fixed.readUInt32LE(24),
    compressedSize: fixed.readUInt32LE(20),
    offset: fixed.readUInt32LE(42),
  };
  requireExactZip64(wheel, name, { ...numbers, disk: fixed.readUInt16LE(34) }, extra);
  const { size, compressedSize, offset = 0 } = resolveZip64(wheel, name, numbers, extra);
  return {
    name,
    nameBytes,
    flags: fixed.readUInt16LE(8),
    method: fixed.readUInt16LE(10),
    crc: fixed.readUInt32LE(16),
    disk: fixed.readUInt16LE(34),
    attributes: fixed.readUInt32LE(38),
    size,
    compressedSize,
    offset,
  };
}

/** Without the flag a name is in code page 437 to some readers and in UTF-8 to others. */
function decodeName(rules: WheelRules, bytes: Buffer, flags: number): string {
  const isAscii = bytes.every((byte) => byte < 0x80);
  const name = bytes.toString('utf8');
  if ((!isAscii && (flags & NAME_IS_UTF8) === 0) || !Buffer.from(name).equals(bytes)) {
    const bytesText = bytes.subarray(0, 64).toString('hex');
    throw wheelError(
      rules.wheel,
      'WHEEL_NAME_ENCODING',
      `the name of entry ${quoteName(name)} is not marked and valid UTF-8, its bytes are ${bytesText}`,
    );
  }
  for (const { code, problem } of findNameProblems(name)) {
    rules.complain(code, `entry ${quoteName(name)} ${problem}`);
  }
  return name;
}

function toEntry(rules: WheelRules, header: Header): ArchiveEntry {
  const { wheel } = rules;
  const { name, nameBytes, flags, method, crc, disk, attributes, size, compressedSize, offset } = header;
  if ((flags & ENCRYPTED) !== 0)
    throw wheelError(wheel, 'WHEEL_ZIP_ENCRYPTED', `entry ${quoteName(name)} is encrypted`);
  if ((flags & (PATCHED | RESERVED)) !== 0) {
    const found = `0x${(flags & (PATCHED | RESERVED)).toString(16)}`;
    const problem = `entry ${quoteName(name)} has flags ${found}, expected none of 0x${(PATCHED | RESERVED).toString(16)}`;
    throw wheelError(wheel, 'WHEEL_ZIP_FLAGS', problem);
  }
  if (method !== STORED && method !== DEFLATED) {
    throw wheelError(
      wheel,
      'WHEEL_ZIP_METHOD',
      `entry ${quoteName(name)} has compression method ${method}, expected 0 (stored) or 8 (deflated)`,
    );
  }
  if (disk !== 0 && disk !== 0xffff) {
    throw wheelError(wheel, 'WHEEL_ZIP_DISKS', `entry ${quoteName(name)} is on disk ${disk}, expected 0`);
  }
  const entry = { name, nameBytes, flags, method, crc, compressedSize, size, offset };
  requirePossibleSize(rules, entry);
  if (name.endsWith('/')) requireNoData(wheel, entry);
  return { ...entry, method, executable: readMode(rules, name, attributes, name.endsWith('/')) };
}

function requirePossibleSize(
  { wheel, limits }: WheelRules,
  { name, method, size, compressedSize }: { name: string; method: number; size: number; compressedSize: number },
): void {
  if (size > limits.fileBytes) {
    const problem = `entry ${quoteName(name)} has ${size} bytes, the limit is ${limits.fileBytes}`;
    throw limitError(wheel, 'WHEEL_LIMIT_FILE_BYTES', 'fileBytes', problem);
  }
  const most = method === STORED ? compressedSize : compressedSize * MAX_DEFLATE_RATIO;
  if (size > most || (method === STORED && size !== compressedSize)) {
    throw wheelError(
      wheel,
      'WHEEL_ZIP_SIZE',
      `entry ${quoteName(name)} says ${size} bytes, which ${compressedSize} bytes of data (method ${method}) cannot hold`,
    );
  }
}

/** Nobody reads the data of a directory, so whatever stands there would be seen by nobody. */
function requireNoData(
  wheel: string,
  { name, size, compressedSize, crc }: Pick<ArchiveEntry, 'name' | 'size' | 'compressedSize' | 'crc'>,
): void {
  if (size === 0 && crc === 0 && compressedSize <= MAX_DIRECTORY_ENTRY_BYTES) return;
  const found = `${compressedSize} bytes of data for ${size} bytes with CRC ${crc.toString(16)}`;
  throw wheelError(wheel, 'WHEEL_NAME_CLASH', `entry ${quoteName(name)} is a directory and has ${found}`);
}
