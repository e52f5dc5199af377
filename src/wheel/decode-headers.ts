import AdmZip from 'adm-zip';
import { quoteName, wheelError } from './wheel-error.ts';

export type DecodedHeader = AdmZip.IZipEntry['header'];

/** A header of the central directory whose place is known. */
interface PlacedHeader {
  /** A part of the directory. */
  readonly nameBytes: Buffer;
}

/** adm-zip keeps some kilobytes for every entry, as long as it keeps any. */
const BATCH = 1000;
const FIXED_BYTES = 46;
const SLASH = 0x2f;

/**
 * Has adm-zip decode the headers, from copies that hold parts of the directory and end records of our own. It makes an
 * entry for every directory above every name, which may be millions; so it gets the names with a control character, which
 * none has, in place of each slash.
 *
 * @param directory the central directory and nothing else
 * @param headers all of them, in the directory's order
 * @returns as many; undefined where adm-zip finds another header than the one that was found before
 * @throws HdfsVenvError `WHEEL_ZIP_DIRECTORY` when adm-zip refuses it
 */
export function* decodeHeaders(
  wheel: string,
  directory: Buffer,
  headers: readonly PlacedHeader[],
): Generator<DecodedHeader | undefined, undefined> {
  const starts = headers.map(({ nameBytes }) => nameBytes.byteOffset - directory.byteOffset - FIXED_BYTES);
  for (let first = 0; first < headers.length; first += BATCH) {
    const batch = headers.slice(first, first + BATCH);
    const [start = 0, end = directory.length] = [starts[first], starts[first + BATCH]];
    const copy = Buffer.concat([directory.subarray(start, end), endRecords(batch.length, end - start)]);
    const names = batch.map(({ nameBytes }) => {
      const at = nameBytes.byteOffset - directory.byteOffset - start;
      return withoutSlashes(copy.subarray(at, at + nameBytes.length));
    });
    const decoded = decode(wheel, copy);
    for (const [index, name] of names.entries()) {
      const entry = decoded[index];
      yield entry?.rawEntryName.equals(name) === true ? entry.header : undefined;
    }
  }
}

function decode(wheel: string, archive: Buffer): AdmZip.IZipEntry[] {
  try {
    return new AdmZip(archive, { noSort: true }).getEntries();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw wheelError(wheel, 'WHEEL_ZIP_DIRECTORY', `its directory cannot be decoded (${quoteName(reason)})`, error);
  }
}

/** Changes the bytes in place. */
function withoutSlashes(name: Buffer): Buffer {
  for (const [index, byte] of name.entries()) if (byte === SLASH) name[index] = 1;
  return name;
}

/** End records for a buffer that begins with the directory. */
function endRecords(entryCount: number, directorySize: number): Buffer {
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
