import { readCsv } from './csv.ts';
import { quoteName, wheelError } from './wheel-error.ts';
import type { WheelRules } from './wheel-rules.ts';

/** What RECORD says of one file. */
export interface RecordRow {
  /** Undefined where nothing is to be compared: the user trusts the package. */
  readonly hash: RecordHash | undefined;
  /** Bytes; undefined where RECORD leaves it out, which the specification allows. */
  readonly size: number | undefined;
}

export interface RecordHash {
  readonly algorithm: RecordAlgorithm;
  /** Hexadecimal digits. */
  readonly hex: string;
}

export type RecordAlgorithm = 'sha256' | 'sha384' | 'sha512';

const DIGEST_BYTES: Readonly<Record<RecordAlgorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** Files of dist-info that RECORD need not vouch for: itself, and signatures made after it (PEP 427). */
const EXEMPT = ['RECORD', 'RECORD.jws', 'RECORD.p7s'];

export function isExemptFromRecord(distInfo: string, path: string): boolean {
  return EXEMPT.some((name) => path === `${distInfo}/${name}`);
}

/** No file can hold its own hash. */
function requireNoHash(rules: WheelRules, path: string, hash: string): void {
  if (hash === '') return;
  rules.complain('WHEEL_RECORD_HASH', `RECORD has ${quoteName(hash)} for itself, ${quoteName(path)}, expected no hash`);
}

/**
 * Reads RECORD (PEP 376, PEP 427): CSV with path, `algorithm=digest` in URL-safe Base64 without padding, and size.
 *
 * @returns rows by path; those of exempt files have what RECORD says of them all the same
 * @throws HdfsVenvError `WHEEL_RECORD_FORMAT`, `WHEEL_RECORD_PATH`, `WHEEL_RECORD_DUPLICATE`, `WHEEL_RECORD_NO_HASH`,
 * `WHEEL_RECORD_WEAK_HASH`, `WHEEL_RECORD_HASH` (of RECORD itself)
 */
export function parseRecord(rules: WheelRules, distInfo: string, text: string): Map<string, RecordRow> {
  const { wheel } = rules;
  const rows = new Map<string, RecordRow>();
  const seen = new Set<string>();
  for (const fields of readCsv(text)) {
    if (fields === undefined) throw wheelError(wheel, 'WHEEL_RECORD_FORMAT', 'its RECORD has an unfinished quotation');
    const [path = '', hash = '', size = ''] = fields;
    if (fields.length !== 3 || !/^\d{0,15}$/.test(size)) {
      throw wheelError(
        wheel,
        'WHEEL_RECORD_FORMAT',
        `RECORD has the row ${quoteName(fields.join(','))}, expected path,hash,size`,
      );
    }
    if (!isPlainPath(path)) {
      throw wheelError(
        wheel,
        'WHEEL_RECORD_PATH',
        `RECORD names ${quoteName(path)}, which is not a plain path inside the archive`,
      );
    }
    if (seen.has(path)) throw wheelError(wheel, 'WHEEL_RECORD_DUPLICATE', `RECORD names ${quoteName(path)} twice`);
    seen.add(path);
    const isItself = path === `${distInfo}/RECORD`;
    if (isItself) requireNoHash(rules, path, hash);
    const hasNone = isItself || (hash === '' && isExemptFromRecord(distInfo, path));
    const row = {
      hash: hasNone ? undefined : parseHash(rules, path, hash),
      size: size === '' ? undefined : Number(size),
    };
    rows.set(path, row);
  }
  return rows;
}

/** Some readers of RECORD take a backslash for a slash, as Windows does. */
function isPlainPath(path: string): boolean {
  return !/[\\\p{Cc}]/u.test(path) && !path.split('/').some((segment) => ['', '.', '..'].includes(segment));
}

function parseHash(rules: WheelRules, path: string, hash: string): RecordHash | undefined {
  const { wheel } = rules;
  if (hash === '') {
    const problem = `RECORD has no hash for ${quoteName(path)}, expected sha256 or stronger`;
    rules.complain('WHEEL_RECORD_NO_HASH', problem);
    return undefined;
  }
  const [algorithm, digest] = splitOnce(hash);
  if (!isStrong(algorithm)) {
    const problem = `RECORD has ${quoteName(algorithm)} for ${quoteName(path)}, expected sha256 or stronger`;
    rules.complain('WHEEL_RECORD_WEAK_HASH', problem);
    return undefined;
  }
  const bytes = Buffer.from(digest, 'base64url');
  if (bytes.length !== DIGEST_BYTES[algorithm] || !isBase64Of(bytes, digest)) {
    throw wheelError(
      wheel,
      'WHEEL_RECORD_FORMAT',
      `RECORD has ${quoteName(hash)} for ${quoteName(path)}, which is no ${algorithm} digest`,
    );
  }
  return { algorithm, hex: bytes.toString('hex') };
}

/** setuptools' wheels of old are padded, to whole groups of four; nothing else differs. */
function isBase64Of(bytes: Buffer, digest: string): boolean {
  const plain = bytes.toString('base64url');
  return digest === plain || digest === plain.padEnd(Math.ceil(plain.length / 4) * 4, '=');
}

function splitOnce(hash: string): [string, string] {
  const at = hash.indexOf('=');
  return at === -1 ? [hash, ''] : [hash.slice(0, at), hash.slice(at + 1)];
}

function isStrong(algorithm: string): algorithm is RecordAlgorithm {
  return Object.hasOwn(DIGEST_BYTES, algorithm);
}
