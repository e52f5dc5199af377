import { existsSync, readdirSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { compare as compareVersions, valid as isValidVersion } from '@renovatebot/pep440';
import { normaliseName, parseWheelName, type WheelName } from '../../src/wheel/wheel-name.ts';

/** A real wheel on the local disk. */
export interface CorpusWheel {
  readonly path: string;
  readonly name: WheelName;
  /** The Python for which it is laid out, full version. */
  readonly python: string;
}

/** The one for wheels that do not say; the newest of which the tests know a platform of every age. */
const ANY_PYTHON = '3.11.7';

/** All wheels below `directories`, one for each file name. */
export function findWheels(directories: readonly string[]): CorpusWheel[] {
  const found = new Map<string, CorpusWheel>();
  for (const directory of directories.filter((one) => existsSync(one))) {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.whl') || found.has(entry.name)) continue;
      const name = parseWheelName(entry.name);
      found.set(entry.name, { path: join(entry.parentPath, entry.name), name, python: pythonOf(name) });
    }
  }
  return [...found.values()].sort(byNameAndAge);
}

/** `HDFS_VENV_CORPUS`: directories with further wheels, separated as in PATH; all of them are taken. */
export function furtherDirectories(): string[] {
  return (process.env['HDFS_VENV_CORPUS'] ?? '').split(delimiter).filter((one) => one !== '');
}

function pythonOf({ pythonTags, abiTags }: WheelName): string {
  if (abiTags.includes('abi3') || pythonTags.includes('py3')) return ANY_PYTHON;
  const [, major, minor] = /^[a-z]+(\d)(\d*)$/.exec(pythonTags.at(-1) ?? '') ?? [];
  if (major === '2') return '2.7.18';
  return minor === undefined || minor === '' ? ANY_PYTHON : `${major}.${minor}.0`;
}

function byNameAndAge(left: CorpusWheel, right: CorpusWheel): number {
  const [one, other] = [normaliseName(left.name.distribution), normaliseName(right.name.distribution)];
  if (one !== other) return one < other ? -1 : 1;
  const versions = [left.name.version, right.name.version].map((version) => (isValidVersion(version) ? version : '0'));
  const [a = '0', b = '0'] = versions;
  const [leftFile, rightFile] = [basename(left.path), basename(right.path)];
  return compareVersions(a, b) || leftFile.localeCompare(rightFile, 'en', { numeric: true });
}
