import { eq as equalVersions, valid as isValidVersion } from '@renovatebot/pep440';
import { type HeaderFields, type Metadata, parseHeaderFields, readMetadata } from './metadata.ts';
import { quoteName, wheelError } from './wheel-error.ts';
import { normaliseName, type WheelName } from './wheel-name.ts';

/** The names that the specification derives from `{distribution}-{version}`. */
export interface WheelDirectories {
  /** `risk_app-1.0.dist-info` */
  readonly distInfo: string;
  /** `risk_app-1.0.data`: what does not belong at the top, one directory per kind. */
  readonly data: string;
}

/** Where a file below `.data` goes when it is installed (PEP 427, "the .data directory"). */
export type DataKey = 'purelib' | 'platlib' | 'headers' | 'scripts' | 'data';
const DATA_KEYS: ReadonlySet<string> = new Set<DataKey>(['purelib', 'platlib', 'headers', 'scripts', 'data']);

export function isDataKey(key: string): key is DataKey {
  return DATA_KEYS.has(key);
}

/**
 * Finds the one dist-info directory and compares it with the file name.
 *
 * @param paths of the files in the archive
 * @throws HdfsVenvError `WHEEL_DIST_INFO_MISSING`, `WHEEL_DIST_INFO_SEVERAL`, `WHEEL_DIST_INFO_NAME`, `WHEEL_DATA_NAME`,
 * `WHEEL_DATA_KEY`
 */
export function findDirectories(wheel: WheelName, paths: readonly string[]): WheelDirectories {
  const top = new Set(paths.filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/'))));
  const candidates = [...top].filter((name) => name.endsWith('.dist-info'));
  const [distInfo = ''] = candidates;
  if (candidates.length === 0)
    throw wheelError(wheel.fileName, 'WHEEL_DIST_INFO_MISSING', 'it has no .dist-info directory');
  if (candidates.length > 1) {
    const names = candidates.map(quoteName).join(' and ');
    throw wheelError(
      wheel.fileName,
      'WHEEL_DIST_INFO_SEVERAL',
      `it has ${candidates.length} .dist-info directories: ${names}`,
    );
  }
  const base = distInfo.slice(0, -'.dist-info'.length);
  const hyphen = base.lastIndexOf('-');
  if (!isSameDistribution(wheel, base.slice(0, Math.max(hyphen, 0)), base.slice(hyphen + 1))) {
    throw wheelError(wheel.fileName, 'WHEEL_DIST_INFO_NAME', `its .dist-info directory is ${quoteName(distInfo)}`);
  }
  const data = `${base}.data`;
  for (const path of paths) requireKnownData(wheel.fileName, data, path);
  return { distInfo, data };
}

function requireKnownData(wheel: string, data: string, path: string): void {
  const [top = '', key = '', rest] = path.split('/');
  if (!top.endsWith('.data') || rest === undefined) return;
  if (top !== data)
    throw wheelError(wheel, 'WHEEL_DATA_NAME', `it has the directory ${quoteName(top)}, expected ${quoteName(data)}`);
  if (!isDataKey(key)) {
    throw wheelError(
      wheel,
      'WHEEL_DATA_KEY',
      `${quoteName(path)} is of the unknown kind ${quoteName(key)}, known are ${[...DATA_KEYS].join(', ')}`,
    );
  }
}

/**
 * @throws HdfsVenvError `WHEEL_METADATA_NAME`, `WHEEL_METADATA_VERSION`: METADATA and the file name disagree
 */
export function requireMetadata(wheel: WheelName, text: string): Metadata {
  const metadata = readMetadata(parseHeaderFields(text));
  if (normaliseName(metadata.name) !== normaliseName(wheel.distribution)) {
    throw wheelError(
      wheel.fileName,
      'WHEEL_METADATA_NAME',
      `its METADATA names ${quoteName(metadata.name)}, its file name ${quoteName(wheel.distribution)}`,
    );
  }
  if (!isSameVersion(metadata.version, wheel.version)) {
    throw wheelError(
      wheel.fileName,
      'WHEEL_METADATA_VERSION',
      `its METADATA has version ${quoteName(metadata.version)}, its file name ${quoteName(wheel.version)}`,
    );
  }
  return metadata;
}

/**
 * WHEEL's own version must be one whose rules are known (PEP 427: a higher major version is refused).
 *
 * @throws HdfsVenvError `WHEEL_VERSION`
 */
export function requireWheelVersion(wheel: WheelName, text: string): HeaderFields {
  const fields = parseHeaderFields(text);
  const version = fields.get('wheel-version')?.[0] ?? '';
  if (/^1\.\d+$/.test(version)) return fields;
  throw wheelError(
    wheel.fileName,
    'WHEEL_VERSION',
    `its WHEEL file says Wheel-Version ${quoteName(version)}, expected 1.x`,
  );
}

function isSameDistribution(wheel: WheelName, name: string, version: string): boolean {
  return normaliseName(name) === normaliseName(wheel.distribution) && isSameVersion(version, wheel.version);
}

/** Versions of old that PEP 440 does not know (`2004d`) must be equal; `-` may be written as `_` in file names. */
function isSameVersion(left: string, right: string): boolean {
  if (isValidVersion(left) && isValidVersion(right)) return equalVersions(left, right);
  return left.replaceAll('-', '_') === right.replaceAll('-', '_');
}
