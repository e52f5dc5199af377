import type { RecordRow, WheelOptions } from '../wheel-maker.ts';
import type { ZipEntry } from '../zip-maker.ts';

/** When a wheel is refused: before anything is inflated but dist-info, while a file is read, or among other wheels. */
export type Stage = 'opened' | 'read' | 'built';

/** What must be refused; it is valid but for the one thing that its code names. */
export interface HostileWheel {
  /** The error that it must raise. */
  readonly code: string;
  readonly what: string;
  /** `opened` by default. */
  readonly refusedWhen?: Stage;
  readonly wheel: Partial<WheelOptions>;
  /** Changes the finished archive. */
  readonly bytes?: (wheel: Buffer) => Buffer;
  /** Another wheel of the same environment. */
  readonly beside?: WheelOptions;
}

export const FILES = { 'risk/__init__.py': 'x = 1\n', 'risk/data.txt': 'some data, repeated '.repeat(50) };
const TARGET = 'risk/data.txt';

/** Changes one entry of an otherwise valid wheel. */
export function withEntry(change: (entry: ZipEntry) => ZipEntry): Partial<WheelOptions> {
  return {
    files: FILES,
    entries: (entries) => entries.map((entry) => (entry.name === TARGET ? change(entry) : entry)),
  };
}

/** Adds an entry that RECORD does not name. */
export function withMore(...more: ZipEntry[]): Partial<WheelOptions> {
  return { files: FILES, entries: (entries) => [...entries, ...more] };
}

/** A file of this name, listed in RECORD like any other. */
export function named(name: string): Partial<WheelOptions> {
  return { files: { ...FILES, [name]: 'named\n' } };
}

/** Changes the row of one file in RECORD. */
export function recordRow(change: (row: RecordRow) => RecordRow[]): Partial<WheelOptions> {
  return { files: FILES, record: (rows) => rows.flatMap((row) => (row[0] === TARGET ? change(row) : [row])) };
}

/** All headers and RECORD say this size of one entry. */
export function sized(size: number): Partial<WheelOptions> {
  return {
    ...withEntry((entry) => ({ ...entry, local: { size }, central: { size } })),
    record: (rows) => rows.map(([path, hash, right]) => [path, hash, path === TARGET ? String(size) : right]),
  };
}

/** Changes a copy of the archive. */
export function patched(change: (copy: Buffer) => unknown): (wheel: Buffer) => Buffer {
  return (wheel) => {
    const copy = Buffer.from(wheel);
    change(copy);
    return copy;
  };
}

/** Where the central directory begins, by an end record without ZIP64. */
export function directoryOf(wheel: Buffer): number {
  return wheel.readUInt32LE(wheel.length - 6);
}
