import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeZip, type ZipEntry, type ZipOptions } from './zip-maker.ts';

export interface WheelOptions {
  /** As in the file name, `risk_app`. */
  readonly name: string;
  readonly version: string;
  /** Path in the archive (also below `{name}-{version}.data/`) to content. Order is kept. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** Further lines of METADATA: `{ 'License-Expression': 'MIT', Classifier: ['…', '…'] }`. */
  readonly metadata?: Readonly<Record<string, string | readonly string[]>>;
  /** Requires-Dist, as written. */
  readonly requires?: readonly string[];
  /** `py3-none-any` by default. */
  readonly tag?: string;
  /** Build tag of the file name. */
  readonly build?: string;
  /** Permission bits by path; `0o644` by default. */
  readonly modes?: Readonly<Record<string, number>>;
  /** More files of dist-info, or other bytes than usual for one of them: `{ 'entry_points.txt': '…', WHEEL: '…' }`. */
  readonly distInfo?: Readonly<Record<string, string | Buffer>>;
  /** Changes RECORD's rows before they are written. */
  readonly record?: (rows: RecordRow[]) => RecordRow[];
  /** Changes the archive's entries before they are written. RECORD is the last one. */
  readonly entries?: (entries: ZipEntry[]) => ZipEntry[];
  /** How the archive ends. */
  readonly zip?: ZipOptions;
}

/** Path, `sha256=…`, size in bytes. */
export type RecordRow = [path: string, hash: string, size: string];

/** `risk_app-1.0-py3-none-any.whl` */
export function wheelFileName(options: WheelOptions): string {
  const fields = [options.name, options.version, options.build, options.tag ?? 'py3-none-any'];
  return `${fields.filter((field) => field !== undefined).join('-')}.whl`;
}

/** A valid wheel in memory, unless a hook breaks it. Equal options, equal bytes. */
export function makeWheel(options: WheelOptions): Buffer {
  const distInfo = `${options.name}-${options.version}.dist-info`;
  const contents: Map<string, Buffer> = new Map(
    Object.entries(options.files ?? {}).map(([path, data]) => [path, toBuffer(data)]),
  );
  const usual = { METADATA: metadata(options), WHEEL: wheelFile(options) };
  for (const [name, data] of Object.entries({ ...usual, ...options.distInfo })) {
    contents.set(`${distInfo}/${name}`, toBuffer(data));
  }
  const recordPath = `${distInfo}/RECORD`;
  if (!contents.has(recordPath)) contents.set(recordPath, recordFile(contents, recordPath, options));
  const entries = [...contents].map(([name, data]): ZipEntry => ({
    name,
    data,
    mode: 0o100000 | (options.modes?.[name] ?? 0o644),
  }));
  return makeZip(options.entries === undefined ? entries : options.entries(entries), options.zip);
}

/** Writes the wheel under its own name and returns its path. */
export function writeWheel(directory: string, options: WheelOptions): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, wheelFileName(options));
  writeFileSync(path, makeWheel(options));
  return path;
}

/** `sha256=…` as RECORD has it: URL-safe Base64 without padding. */
export function recordHash(data: Buffer, algorithm = 'sha256'): string {
  return `${algorithm}=${createHash(algorithm).update(data).digest('base64url')}`;
}

/** ASCII that becomes no shorter than three quarters of this length in bytes; equal seeds, equal bytes. */
export function noise(length: number, seed: string): Buffer {
  const bytes = createHash('shake256', { outputLength: Math.ceil((length * 3) / 4) }).update(seed);
  return Buffer.from(bytes.digest('base64').slice(0, length), 'latin1');
}

function metadata(options: WheelOptions): string {
  const lines = ['Metadata-Version: 2.1', `Name: ${options.name}`, `Version: ${options.version}`];
  for (const [key, value] of Object.entries(options.metadata ?? {})) {
    for (const one of typeof value === 'string' ? [value] : value) lines.push(`${key}: ${one}`);
  }
  for (const requirement of options.requires ?? []) lines.push(`Requires-Dist: ${requirement}`);
  return `${lines.join('\n')}\n`;
}

function wheelFile(options: WheelOptions): string {
  const [python = '', abi, platform] = (options.tag ?? 'py3-none-any').split('-');
  const isPure = platform === 'any';
  const tags = python.split('.').map((one) => `Tag: ${one}-${abi}-${platform}\n`);
  return `Wheel-Version: 1.0\nGenerator: wheel-maker\nRoot-Is-Purelib: ${isPure}\n${tags.join('')}`;
}

function recordFile(contents: ReadonlyMap<string, Buffer>, recordPath: string, options: WheelOptions): Buffer {
  const rows = [...contents].map(([path, data]): RecordRow => [path, recordHash(data), String(data.length)]);
  rows.push([recordPath, '', '']);
  const lines = (options.record === undefined ? rows : options.record(rows)).map((row) => row.map(quote).join(','));
  return Buffer.from(`${lines.join('\n')}\n`);
}

function quote(field: string): string {
  return /[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function toBuffer(data: string | Buffer): Buffer {
  return typeof data === 'string' ? Buffer.from(data) : data;
}
