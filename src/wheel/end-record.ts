import type { ArchiveFile } from './archive-file.ts';
import { wheelError } from './wheel-error.ts';

/** Where the central directory is. */
export interface EndRecord {
  readonly entryCount: number;
  readonly directoryOffset: number;
  /** Bytes. */
  readonly directorySize: number;
}

const END_BYTES = 22;
const END_SIGNATURE = 0x06054b50;
const MAX_COMMENT_BYTES = 0xffff;
const LOCATOR_BYTES = 20;
const LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_END_BYTES = 56;
const ZIP64_END_SIGNATURE = 0x06064b50;

/**
 * Reads the end of the archive (APPNOTE 4.3.14 to 4.3.16) in the one way that every reader agrees on: the end record is
 * the last 22 bytes, a ZIP64 record stands right before it, and the directory right before that. Readers differ in how
 * they look for a record that is elsewhere, so that one archive could show two contents.
 *
 * @throws HdfsVenvError `WHEEL_NOT_A_ZIP`, `WHEEL_ZIP_TRAILING_BYTES`, `WHEEL_ZIP_COMMENT`, `WHEEL_ZIP_DISKS`,
 * `WHEEL_ZIP_ZIP64`, `WHEEL_ZIP_DIRECTORY_PLACE`
 */
export function readEndRecord(file: ArchiveFile): EndRecord {
  requireEndRecordAtEnd(file);
  const endOffset = file.size - END_BYTES;
  const end = file.read(endOffset, END_BYTES);
  const [disk, directoryDisk, here, all] = [4, 6, 8, 10].map((at) => end.readUInt16LE(at));
  if (disk !== 0 || directoryDisk !== 0 || here !== all) {
    const found = `it is disk ${disk} with ${here} of ${all} entries, and the directory begins on disk ${directoryDisk}`;
    throw wheelError(file.name, 'WHEEL_ZIP_DISKS', `its end record says that ${found}, expected one disk, 0, with all`);
  }
  const record = {
    entryCount: end.readUInt16LE(10),
    directorySize: end.readUInt32LE(12),
    directoryOffset: end.readUInt32LE(16),
  };
  const zip64 = readZip64End(file, endOffset, record);
  const { record: result, offset: directoryEnd } = zip64 ?? { record, offset: endOffset };
  const saidEnd = result.directoryOffset + result.directorySize;
  if (saidEnd !== directoryEnd) {
    if (saidEnd <= endOffset - END_BYTES) refuseSecondRecord(file, saidEnd);
    throw wheelError(
      file.name,
      'WHEEL_ZIP_DIRECTORY_PLACE',
      `its directory should end at byte ${directoryEnd}, where the end record begins, ` +
        `but offset ${result.directoryOffset} and size ${result.directorySize} say ${saidEnd}`,
    );
  }
  return result;
}

/** Where the last end record says that the directory ends, an earlier one stands: the last is behind it, or its comment. */
function refuseSecondRecord(file: ArchiveFile, offset: number): void {
  const earlier = file.read(offset, END_BYTES);
  if (earlier.readUInt32LE(0) === END_SIGNATURE) {
    throw behindError(file, earlier.readUInt16LE(20), file.size - offset - END_BYTES);
  }
}

function requireEndRecordAtEnd(file: ArchiveFile): void {
  const tail = file.read(
    Math.max(0, file.size - END_BYTES - MAX_COMMENT_BYTES),
    Math.min(file.size, END_BYTES + MAX_COMMENT_BYTES),
  );
  const last = tail.length - END_BYTES;
  if (last >= 0 && tail.readUInt32LE(last) === END_SIGNATURE && tail.readUInt16LE(last + 20) === 0) return;
  const signature = Buffer.from('PK\x05\x06', 'latin1');
  const found = last < 0 ? -1 : tail.lastIndexOf(signature, last);
  if (found === -1)
    throw wheelError(file.name, 'WHEEL_NOT_A_ZIP', `its ${file.size} bytes do not end as a zip archive does`);
  throw behindError(file, tail.readUInt16LE(found + 20), last - found);
}

/** @param behind bytes that follow the end record, which announces a comment of `commentBytes` */
function behindError(file: ArchiveFile, commentBytes: number, behind: number): Error {
  if (commentBytes === behind) {
    const problem = `the archive has a comment of ${commentBytes} bytes, expected none`;
    return wheelError(file.name, 'WHEEL_ZIP_COMMENT', problem);
  }
  const problem = `${behind} bytes follow the end record, which announces ${commentBytes}`;
  return wheelError(file.name, 'WHEEL_ZIP_TRAILING_BYTES', problem);
}

/** Undefined when there is no ZIP64 locator. A number that both records hold must be the same in both. */
function readZip64End(
  file: ArchiveFile,
  endOffset: number,
  record: EndRecord,
): { record: EndRecord; offset: number } | undefined {
  if (endOffset < LOCATOR_BYTES + ZIP64_END_BYTES) return undefined;
  const locator = file.read(endOffset - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.readUInt32LE(0) !== LOCATOR_SIGNATURE) return undefined;
  const offset = endOffset - LOCATOR_BYTES - ZIP64_END_BYTES;
  const end = file.read(offset, ZIP64_END_BYTES);
  const placed =
    end.readUInt32LE(0) === ZIP64_END_SIGNATURE &&
    end.readBigUInt64LE(4) === BigInt(ZIP64_END_BYTES - 12) &&
    locator.readBigUInt64LE(8) === BigInt(offset) &&
    locator.readUInt32LE(4) === 0 &&
    locator.readUInt32LE(16) === 1 &&
    end.readUInt32LE(16) === 0 &&
    end.readUInt32LE(20) === 0 &&
    end.readBigUInt64LE(24) === end.readBigUInt64LE(32);
  if (!placed) {
    throw wheelError(
      file.name,
      'WHEEL_ZIP_ZIP64',
      `no single ZIP64 end record stands at byte ${offset}, before its locator`,
    );
  }
  const exact = (what: string, at: number): number => {
    const number = end.readBigUInt64LE(at);
    if (number <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(number);
    const problem = `the ZIP64 end record says ${number} ${what}, the limit is ${Number.MAX_SAFE_INTEGER}`;
    throw wheelError(file.name, 'WHEEL_ZIP_ZIP64', problem);
  };
  const large = {
    entryCount: exact('entries', 32),
    directorySize: exact('bytes of directory', 40),
    directoryOffset: exact('as offset of the directory', 48),
  };
  requireAgreement(file, 'entries', record.entryCount, 0xffff, large.entryCount);
  requireAgreement(file, 'bytes of directory', record.directorySize, 0xffffffff, large.directorySize);
  requireAgreement(file, 'as offset of the directory', record.directoryOffset, 0xffffffff, large.directoryOffset);
  return { record: large, offset };
}

function requireAgreement(file: ArchiveFile, what: string, small: number, saturated: number, large: number): void {
  if (small === large || small === saturated) return;
  throw wheelError(file.name, 'WHEEL_ZIP_ZIP64', `the end record says ${small} ${what}, the ZIP64 end record ${large}`);
}
