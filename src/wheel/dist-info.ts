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

/** What fits into a file name. */
const MAX_VERSION_CHARACTERS = 255;
/** Fields that may come once (core metadata specification); readers differ in which of several they take. */
const SINGLE_FIELDS = ['metadata-version', 'name', 'version', 'requires-python'];
/** Fields that others work with, or that people see. */
const PLAIN_FIELDS = ['name', 'version', 'requires-python', 'requires-dist', 'provides-extra'];
/**
 * Fields that others keep, with the most characters that all values of one may have together. Real wheels have 61 of
 * Requires-Python and some 20,000 of Requires-Dist. A version is compared with the file name's, a licence is cut.
 */
const MAX_CHARACTERS: Readonly<Record<string, number>> = {
  name: 255,
  'requires-python': 1000,
  'requires-dist': 2 ** 18,
  'provides-extra': 2 ** 16,
};

/**
 * Finds the one dist-info directory and compares it with the file name. Upper and lower case are one here: Python's
 * `importlib.metadata` finds `X.DIST-INFO`, too.
 *
 * @param names of all entries in the archive; those of directories end in `/`. Installers count them all
 * @throws HdfsVenvError `WHEEL_DIST_INFO_MISSING`, `WHEEL_DIST_INFO_SEVERAL`, `WHEEL_DIST_INFO_NAME`, `WHEEL_DATA_NAME`,
 * `WHEEL_DATA_KEY`, `WHEEL_DATA_DIST_INFO`
 */
export function findDirectories(wheel: WheelName, names: readonly string[]): WheelDirectories {
  const top = new Set(names.map((name) => name.split('/', 1)[0] ?? ''));
  const candidates = [...top].filter((name) => name.toLowerCase().endsWith('.dist-info'));
  const [distInfo = ''] = candidates;
  if (candidates.length === 0)
    throw wheelError(wheel.fileName, 'WHEEL_DIST_INFO_MISSING', 'it has no .dist-info directory');
  if (candidates.length > 1) {
    const quoted = candidates.map(quoteName).join(' and ');
    throw wheelError(
      wheel.fileName,
      'WHEEL_DIST_INFO_SEVERAL',
      `it has ${candidates.length} .dist-info directories: ${quoted}`,
    );
  }
  const base = distInfo.slice(0, -'.dist-info'.length);
  const hyphen = base.lastIndexOf('-');
  const isOurs = isSameDistribution(wheel, base.slice(0, Math.max(hyphen, 0)), base.slice(hyphen + 1));
  if (!isOurs || !distInfo.endsWith('.dist-info')) {
    throw wheelError(wheel.fileName, 'WHEEL_DIST_INFO_NAME', `its .dist-info directory is ${quoteName(distInfo)}`);
  }
  const data = `${base}.data`;
  for (const name of names) requireKnownData(wheel.fileName, data, name);
  return { distInfo, data };
}

/** Of files only: directories are not installed. */
function requireKnownData(wheel: string, data: string, path: string): void {
  const [top = '', key, rest] = path.split('/');
  if (!top.endsWith('.data') || path.endsWith('/')) return;
  if (top !== data)
    throw wheelError(wheel, 'WHEEL_DATA_NAME', `it has ${quoteName(top)} at its top, expected ${quoteName(data)}`);
  if (key === undefined || rest === undefined || !isDataKey(key)) {
    const known = [...DATA_KEYS].join(', ');
    const problem = `${quoteName(path)} is not below a kind of data that is known: ${known}`;
    throw wheelError(wheel, 'WHEEL_DATA_KEY', problem);
  }
  if (key !== 'scripts' && key !== 'headers' && /\.(?:dist|egg)-info$/i.test(rest)) {
    const problem = `${quoteName(path)} would be installed as the metadata of a distribution, which only the top may bring`;
    throw wheelError(wheel, 'WHEEL_DATA_DIST_INFO', problem);
  }
}

/**
 * Reads METADATA and compares it with the file name.
 *
 * @throws HdfsVenvError `WHEEL_METADATA_NAME`, `WHEEL_METADATA_VERSION`: METADATA and the file name disagree;
 * `WHEEL_METADATA_REPEATED`, `WHEEL_METADATA_CONTROL`, `WHEEL_METADATA_LONG`: a field comes more than once, holds a
 * control character, or more than anybody writes
 */
export function requireMetadata(wheel: WheelName, text: string): Metadata {
  const fields = parseHeaderFields(text);
  requirePlainFields(wheel.fileName, fields);
  const metadata = readMetadata(fields);
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

function requirePlainFields(wheel: string, fields: HeaderFields): void {
  for (const name of SINGLE_FIELDS) {
    const values = fields.get(name) ?? [];
    if (values.length <= 1) continue;
    const quoted = values.slice(0, 2).map(quoteName).join(' and ');
    const problem = `its METADATA has ${name} ${values.length} times: ${quoted}`;
    throw wheelError(wheel, 'WHEEL_METADATA_REPEATED', problem);
  }
  for (const [name, limit] of Object.entries(MAX_CHARACTERS)) {
    const found = (fields.get(name) ?? []).reduce((sum, value) => sum + value.length, 0);
    if (found <= limit) continue;
    const problem = `its METADATA has ${found} characters of ${name}, the limit is ${limit}`;
    throw wheelError(wheel, 'WHEEL_METADATA_LONG', problem);
  }
  for (const name of PLAIN_FIELDS) {
    const odd = fields.get(name)?.find((value) => /[^\P{Cc}\n\t]|\p{Cf}|[\p{Zl}\p{Zp}]/u.test(value));
    if (odd === undefined) continue;
    const problem = `its METADATA has a control character in ${name} ${quoteName(odd)}`;
    throw wheelError(wheel, 'WHEEL_METADATA_CONTROL', problem);
  }
}

/**
 * WHEEL's own version must be one whose rules are known (PEP 427: a higher major version is refused).
 *
 * @throws HdfsVenvError `WHEEL_VERSION`
 */
export function requireWheelVersion(wheel: WheelName, text: string): HeaderFields {
  const fields = parseHeaderFields(text);
  const version = (fields.get('wheel-version') ?? []).join(' and ');
  if (/^1\.\d{1,4}$/.test(version)) return fields;
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
  // The pattern of PEP 440 overflows the stack at some millions of characters.
  if (left.length > MAX_VERSION_CHARACTERS) return false;
  if (isValidVersion(left) && isValidVersion(right)) return equalVersions(left, right);
  return left.replaceAll('-', '_') === right.replaceAll('-', '_');
}
