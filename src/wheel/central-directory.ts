import AdmZip from 'adm-zip';
import type { ArchiveEntry } from './archive-entry.ts';
import { DEFLATED, STORED } from './archive-entry.ts';
import type { ArchiveFile } from './archive-file.ts';
import type { EndRecord } from './end-record.ts';
import { requireDistinctNames } from './distinct-names.ts';
import { findNameProblem } from './entry-name.ts';
import { type ExtraFields, parseExtraFields, requireSameUnicodePath, resolveZip64 } from './extra-field.ts';
import { readMode } from './entry-mode.ts';
import { type Limits, MAX_DEFLATE_RATIO } from './limits.ts';
import { quoteName, wheelError } from './wheel-error.ts';

const HEADER_BYTES = 46;
const HEADER_SIGNATURE = 0x02014b50;
const MAX_DIRECTORY_BYTES = 2 ** 28;
/** Bits that change what the data are: encryption, patched data, strong encryption, masked headers (APPNOTE 4.4.4). */
const ENCRYPTED = (1 << 0) | (1 << 6) | (1 << 13);
const PATCHED = 1 << 5;
const NAME_IS_UTF8 = 1 << 11;

interface RawHeader {
  readonly name: string;
  readonly nameBytes: Buffer;
  readonly extra: ExtraFields;
  /** The header's fixed part. */
  readonly fixed: Buffer;
}

/**
 * Reads the list of entries, in the directory's order. Lengths, names and extra fields are checked first; only then does
 * adm-zip decode the headers, from a copy that holds the directory alone: no data, so memory does not grow with the wheel.
 *
 * @throws HdfsVenvError one `WHEEL_ZIP_…`, `WHEEL_NAME_…`, `WHEEL_MODE_…` or `WHEEL_LIMIT_…` per case
 */
export function readCentralDirectory(file: ArchiveFile, end: EndRecord, limits: Limits): ArchiveEntry[] {
  if (end.entryCount > limits.entries || end.directorySize > MAX_DIRECTORY_BYTES) {
    const found = `${end.entryCount} entries in a directory of ${end.directorySize} bytes`;
    throw wheelError(
      file.name,
      'WHEEL_LIMIT_ENTRIES',
      `it has ${found}, the limits are ${limits.entries} and ${MAX_DIRECTORY_BYTES}`,
    );
  }
  const directory = file.read(end.directoryOffset, end.directorySize);
  const headers = splitHeaders(file.name, directory, end.entryCount);
  requireDistinctNames(
    file.name,
    headers.map(({ name }) => name),
  );
  const decoded = new AdmZip(Buffer.concat([directory, zip64End(end)]), { noSort: true }).getEntries();
  return headers.map((header, index) => toEntry(file.name, header, decoded[index], limits));
}

function splitHeaders(wheel: string, directory: Buffer, count: number): RawHeader[] {
  const headers: RawHeader[] = [];
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
    const extraStart = at + HEADER_BYTES + nameLength;
    const nameBytes = directory.subarray(at + HEADER_BYTES, extraStart);
    const fixed = directory.subarray(at, at + HEADER_BYTES);
    const name = decodeName(wheel, nameBytes, fixed.readUInt16LE(8));
    const extra = parseExtraFields(wheel, name, directory.subarray(extraStart, extraStart + extraLength));
    requireSameUnicodePath(wheel, name, nameBytes, extra);
    headers.push({ name, nameBytes, extra, fixed });
    at = next;
  }
  if (headers.length === count) return headers;
  throw wheelError(
    wheel,
    'WHEEL_ZIP_COUNT',
    `its directory holds ${headers.length} entries, its end record says ${count}`,
  );
}

/** Without the flag a name is in code page 437 to some readers and in UTF-8 to others. */
function decodeName(wheel: string, bytes: Buffer, flags: number): string {
  const isAscii = bytes.every((byte) => byte < 0x80);
  const name = bytes.toString('utf8');
  if ((!isAscii && (flags & NAME_IS_UTF8) === 0) || !Buffer.from(name).equals(bytes)) {
    const bytesText = bytes.subarray(0, 64).toString('hex');
    throw wheelError(
      wheel,
      'WHEEL_NAME_ENCODING',
      `the name of entry ${quoteName(name)} is not marked and valid UTF-8, its bytes are ${bytesText}`,
    );
  }
  const problem = findNameProblem(name);
  if (problem !== undefined) throw wheelError(wheel, problem.code, `entry ${quoteName(name)} ${problem.problem}`);
  return name;
}

function toEntry(wheel: string, raw: RawHeader, decoded: AdmZip.IZipEntry | undefined, limits: Limits): ArchiveEntry {
  const { name, nameBytes } = raw;
  if (decoded?.rawEntryName.equals(nameBytes) !== true) {
    throw wheelError(wheel, 'WHEEL_ZIP_DIRECTORY', `two readers of its directory differ at entry ${quoteName(name)}`);
  }
  const { header } = decoded;
  const { flags, method } = header;
  if ((flags & ENCRYPTED) !== 0)
    throw wheelError(wheel, 'WHEEL_ZIP_ENCRYPTED', `entry ${quoteName(name)} is encrypted`);
  if ((flags & PATCHED) !== 0 || (method !== STORED && method !== DEFLATED)) {
    throw wheelError(
      wheel,
      'WHEEL_ZIP_METHOD',
      `entry ${quoteName(name)} has compression method ${method}, expected 0 (stored) or 8 (deflated)`,
    );
  }
  if (header.diskNumStart !== 0 && header.diskNumStart !== 0xffff) {
    throw wheelError(
      wheel,
      'WHEEL_ZIP_DISKS',
      `entry ${quoteName(name)} is on disk ${header.diskNumStart}, expected 0`,
    );
  }
  // Read from the raw header: adm-zip takes ZIP64's numbers from fixed places and cuts them to 32 bits.
  const numbers = {
    size: raw.fixed.readUInt32LE(24),
    compressedSize: raw.fixed.readUInt32LE(20),
    offset: raw.fixed.readUInt32LE(42),
  };
  const { size, compressedSize, offset = 0 } = resolveZip64(wheel, name, numbers, raw.extra);
  requirePossibleSize(wheel, name, { method, size, compressedSize }, limits);
  const executable = readMode(wheel, name, header.attr, name.endsWith('/'));
  if (name.endsWith('/') && size !== 0) {
    throw wheelError(
      wheel,
      'WHEEL_NAME_CLASH',
      `entry ${quoteName(name)} is a directory and has ${size} bytes of data`,
    );
  }
  return { name, nameBytes, flags, method, crc: header.crc, compressedSize, size, executable, offset };
}

function requirePossibleSize(
  wheel: string,
  name: string,
  { method, size, compressedSize }: { method: number; size: number; compressedSize: number },
  limits: Limits,
): void {
  if (size > limits.fileBytes) {
    throw wheelError(
      wheel,
      'WHEEL_LIMIT_FILE_BYTES',
      `entry ${quoteName(name)} has ${size} bytes, the limit is ${limits.fileBytes}`,
    );
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

/** End records for a buffer that begins with the directory. The ZIP64 form carries any number of entries. */
function zip64End({ entryCount, directorySize }: EndRecord): Buffer {
  const end = Buffer.alloc(56 + 20 + 22);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(BigInt(entryCount), 24);
  end.writeBigUInt64LE(BigInt(entryCount), 32);
  end.writeBigUInt64LE(BigInt(directorySize), 40);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(directorySize), 64);
  end.writeUInt32LE(1, 72);
  end.writeUInt32LE(0x06054b50, 76);
  end.fill(0xff, 84, 96);
  return end;
}
