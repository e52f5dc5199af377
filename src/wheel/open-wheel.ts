import { basename } from 'node:path';
import { ArchiveFile } from './archive-file.ts';
import { readCentralDirectory } from './central-directory.ts';
import { findDirectories, requireMetadata, requireWheelVersion, type WheelDirectories } from './dist-info.ts';
import { readEndRecord } from './end-record.ts';
import { type EntrySource, readWholeEntry, WHOLE_BYTES } from './entry-content.ts';
import { requireHarmlessEntryPoints } from './entry-points.ts';
import { type PlacedEntry, placeEntries } from './local-headers.ts';
import type { Metadata } from './metadata.ts';
import { isExemptFromRecord, parseRecord, type RecordRow } from './record.ts';
import { type Rules, STRICT } from './rules.ts';
import { requireHarmlessScripts } from './script-names.ts';
import { decodeText, requireFewLines } from './decode-text.ts';
import { limitError, quoteName, wheelError } from './wheel-error.ts';
import { normaliseName, parseWheelName, type WheelName } from './wheel-name.ts';
import { type AllowableWheelCode, WheelRules } from './wheel-rules.ts';

/** A row of RECORD takes about 120; it is the one file of dist-info that grows with the others. */
const BYTES_PER_FILE = 512;

/** A file of a wheel: where its bytes are, and what they must be. */
export interface WheelEntry extends EntrySource {
  /** Whether the archive gives it any x bit. */
  readonly executable: boolean;
}

/** One wheel whose archive, dist-info and RECORD agree with each other. The bytes of its files are checked when read. */
export interface Wheel {
  /** On the local disk. */
  readonly path: string;
  readonly fileName: WheelName;
  /** Normalised (PEP 503). */
  readonly name: string;
  /** As METADATA has it. */
  readonly version: string;
  readonly metadata: Metadata;
  readonly directories: WheelDirectories;
  /** Bytes of the archive. */
  readonly size: number;
  /** Files only, in the order of their data. */
  readonly entries: readonly WheelEntry[];
  /** Checks that it failed, or that are not made of it, because they are switched off for it. */
  readonly allowed: ReadonlySet<AllowableWheelCode>;
}

/**
 * Opens a wheel and checks all that can be checked before a file is unpacked: framing, names, modes, sizes, limits, the
 * file name against dist-info, RECORD against the archive. Blocks for a few milliseconds per thousand files.
 *
 * @throws HdfsVenvError one code `WHEEL_…` per case, exit `integrity`, with wheel, entry and both values
 */
export function openWheel(path: string, rules: Rules = STRICT): Wheel {
  const fileName = parseWheelName(basename(path));
  const file = new ArchiveFile(path);
  try {
    return readWheel(file, fileName, new WheelRules(fileName, rules));
  } finally {
    file.close();
  }
}

function readWheel(file: ArchiveFile, fileName: WheelName, rules: WheelRules): Wheel {
  const end = readEndRecord(file);
  const listed = readCentralDirectory(file, end, rules);
  requireWithinLimits(file, listed, rules);
  const placed = placeEntries(file, listed, end.directoryOffset);
  const files = placed.filter(({ name }) => !name.endsWith('/'));
  const directories = findDirectories(
    fileName,
    placed.map(({ name }) => name),
  );
  requireHarmlessScripts(
    file.name,
    directories,
    files.map(({ name }) => name),
  );
  const archive = new Map(files.map((entry) => [entry.name, entry]));
  const readText = (name: string, recordHash?: RecordRow['hash']): string =>
    readDistInfo(file, `${directories.distInfo}/${name}`, archive, recordHash);

  const record = parseRecord(rules, directories.distInfo, readText('RECORD'));
  const entries = files.map((entry) => toWheelEntry(rules, directories.distInfo, entry, record));
  requireEveryRowHasFile(rules, archive, record);
  const hashes = new Map(entries.map(({ path, recordHash }) => [path, recordHash]));
  const readRecorded = (name: string): string => {
    const path = `${directories.distInfo}/${name}`;
    const text = readText(name, hashes.get(path));
    requireFewLines(file.name, path, text);
    return text;
  };

  requireWheelVersion(fileName, readRecorded('WHEEL'));
  const metadata = requireMetadata(fileName, readRecorded('METADATA'));
  if (archive.has(`${directories.distInfo}/entry_points.txt`)) {
    requireHarmlessEntryPoints(rules, readRecorded('entry_points.txt'));
  }
  const { path, size } = file;
  return {
    path,
    fileName,
    name: normaliseName(metadata.name),
    version: metadata.version,
    metadata,
    directories,
    size,
    entries,
    allowed: rules.used,
  };
}

function requireWithinLimits(
  file: ArchiveFile,
  entries: readonly { readonly size: number }[],
  { limits }: WheelRules,
): void {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.totalBytes) {
    const problem = `its files have ${total} bytes, the limit is ${limits.totalBytes}`;
    throw limitError(file.name, 'WHEEL_LIMIT_TOTAL_BYTES', 'totalBytes', problem);
  }
  if (total > limits.ratioFromBytes && total > limits.ratio * file.size) {
    const times = `${Math.round(total / file.size)} times as much; the limit is ${limits.ratio} times`;
    const problem = `its ${file.size} bytes unpack to ${total}, ${times}`;
    throw limitError(file.name, 'WHEEL_LIMIT_RATIO', 'ratio', problem);
  }
}

function readDistInfo(
  file: ArchiveFile,
  path: string,
  archive: ReadonlyMap<string, PlacedEntry>,
  recordHash: RecordRow['hash'],
): string {
  const entry = archive.get(path);
  if (entry === undefined) {
    const code = path.endsWith('/RECORD') ? 'WHEEL_RECORD_MISSING' : 'WHEEL_DIST_INFO_FILE';
    throw wheelError(file.name, code, `it has no ${quoteName(path)}`);
  }
  const most = Math.max(WHOLE_BYTES, archive.size * BYTES_PER_FILE);
  if (entry.size > most || entry.compressedSize > most) {
    const problem = `${quoteName(path)} has ${entry.size} bytes, the limit is ${most}`;
    throw wheelError(file.name, 'WHEEL_LIMIT_DIST_INFO', problem);
  }
  const compressed = file.read(entry.dataOffset, entry.compressedSize);
  return decodeText(file.name, path, readWholeEntry(file.name, { ...entry, path, recordHash }, compressed).data);
}

function toWheelEntry(
  rules: WheelRules,
  distInfo: string,
  entry: PlacedEntry,
  record: ReadonlyMap<string, RecordRow>,
): WheelEntry {
  const { name: path, dataOffset, compressedSize, size, method, crc, executable } = entry;
  const row = record.get(path);
  if (row === undefined && !isExemptFromRecord(distInfo, path)) {
    rules.complain('WHEEL_RECORD_ROW_MISSING', `RECORD does not name ${quoteName(path)}`);
  }
  if (row?.size !== undefined && row.size !== size) {
    rules.complain('WHEEL_RECORD_SIZE', `${quoteName(path)} has ${size} bytes, RECORD says ${row.size}`);
  }
  // Hashes are compared where files are unpacked, by whoever gets this: without one, nothing is compared but the CRC.
  const recordHash = rules.leavesOut('WHEEL_RECORD_HASH') ? undefined : row?.hash;
  return { path, dataOffset, compressedSize, size, method, crc, executable, recordHash };
}

function requireEveryRowHasFile(
  rules: WheelRules,
  archive: ReadonlyMap<string, PlacedEntry>,
  record: ReadonlyMap<string, RecordRow>,
): void {
  for (const path of record.keys()) {
    if (archive.has(path)) continue;
    rules.complain('WHEEL_RECORD_FILE_ABSENT', `RECORD names ${quoteName(path)}, which it does not hold`);
  }
}
