import { relative } from 'node:path';
import type { SettingName, Settings } from './settings.ts';

/** Where a value was said. */
export type Origin =
  /** `--python`; `--requirements` and `--address` stand for arguments. */
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'variable'; readonly variable: string }
  /** Lines count from 1; null where the key stands in no line of its own. */
  | { readonly kind: 'file'; readonly file: string; readonly line: number | null }
  | { readonly kind: 'default' };

export interface Setting<Value> {
  readonly value: Value;
  readonly origin: Origin;
}

/** Every setting that somebody said, with where. */
export type OriginatedSettings = { readonly [Name in SettingName]?: Setting<NonNullable<Settings[Name]>> };

/** `--python`, `HDFS_VENV_USER`, `hdfs-venv.toml:7`, `default`. Files are shown as seen from the working directory. */
export function describeOrigin(origin: Origin, workingDirectory: string): string {
  switch (origin.kind) {
    case 'flag':
      return origin.flag;
    case 'variable':
      return origin.variable;
    case 'file':
      return describeLine(origin.file, origin.line, workingDirectory);
    default:
      return 'default';
  }
}

/** `../hdfs-venv.toml:7`; without the line where that is not known. */
export function describeLine(file: string, line: number | null, workingDirectory: string): string {
  const shown = shortPath(file, workingDirectory);
  return line === null ? shown : `${shown}:${line}`;
}

/** Seen from the working directory, unless that is longer. */
export function shortPath(path: string, workingDirectory: string): string {
  const seen = relative(workingDirectory, path);
  return seen.length < path.length ? seen : path;
}
