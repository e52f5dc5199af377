import { parseCsv } from './csv.ts';
import { quoteName, wheelError } from './wheel-error.ts';

/** What RECORD says of one file. */
export interface RecordRow {
  readonly hash: RecordHash;
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

/** Files of dist-info that RECORD cannot vouch for: itself, and signatures made after it (PEP 427). */
const EXEMPT = ['RECORD', 'RECORD.jws', 'RECORD.p7s'];

export function isExemptFromRecord(distInfo: string, path: string): boolean {
  return EXEMPT.some((name) => path === `${distInfo}/${name}`);
}

/**
 * Reads RECORD (PEP 376, PEP 427): CSV with path, `algorithm=digest` in URL-safe Base64 without padding, and size.
 *
 * @returns rows by path, without the exempt ones
 * @throws HdfsVenvError `WHEEL_RECORD_FORMAT`, `WHEEL_RECORD_PATH`, `WHEEL_RECORD_DUPLICATE`, `WHEEL_RECORD_NO_HASH`,
 * `WHEEL_RECORD_WEAK_HASH`
 */
export function parseRecord(wheel: string, distInfo: string, text: string): Map<string, RecordRow> {
  const table = parseCsv(text);
  if (table === undefined) throw wheelError(wheel, 'WHEEL_RECORD_FORMAT', 'its RECORD has an unfinished quotation');
  const rows = new Map<string, RecordRow>();
  const seen = new Set<string>();
  for (const fields of table) {
    const [path = '', hash = '', size = ''] = fields;
    if (fields.length !== 3 || !/^\d{0,15}$/.test(size)) {
      throw wheelError(
        wheel,
        'WHEEL_RECORD_FORMAT',
        `RECORD has the row ${quoteName(fields.join(','))}, expected path,hash,size`,
      );
    }
    if (path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
      throw wheelError(
        wheel,
        'WHEEL_RECORD_PATH',
        `RECORD names ${quoteName(path)}, which is not a plain path inside the archive`,
      );
    }
    if (seen.has(path)) throw wheelError(wheel, 'WHEEL_RECORD_DUPLICATE', `RECORD names ${quoteName(path)} twice`);
    seen.add(path);
    if (isExemptFromRecord(distInfo, path)) continue;
    rows.set(path, { hash: parseHash(wheel, path, hash), size: size === '' ? undefined : Number(size) });
  }
  return rows;
}

function parseHash(wheel: string, path: string, hash: string): RecordHash {
  if (hash === '')
    throw wheelError(
      wheel,
      'WHEEL_RECORD_NO_HASH',
      `RECORD has no hash for ${quoteName(path)}, expected sha256 or stronger`,
    );
  const [algorithm, digest] = splitOnce(hash);
  if (!isStrong(algorithm)) {
    throw wheelError(
      wheel,
      'WHEEL_RECORD_WEAK_HASH',
      `RECORD has ${quoteName(algorithm)} for ${quoteName(path)}, expected sha256 or stronger`,
    );
  }
  // setuptools' wheels of old are padded; nothing else differs.
  const bytes = Buffer.from(digest, 'base64url');
  if (bytes.length !== DIGEST_BYTES[algorithm] || bytes.toString('base64url') !== digest.replace(/=+$/, '')) {
    throw wheelError(
      wheel,
      'WHEEL_RECORD_FORMAT',
      `RECORD has ${quoteName(hash)} for ${quoteName(path)}, which is no ${algorithm} digest`,
    );
  }
  return { algorithm, hex: bytes.toString('hex') };
}

function splitOnce(hash: string): [string, string] {
  const at = hash.indexOf('=');
  return at === -1 ? [hash, ''] : [hash.slice(0, at), hash.slice(at + 1)];
}

function isStrong(algorithm: string): algorithm is RecordAlgorithm {
  return Object.hasOwn(DIGEST_BYTES, algorithm);
}
