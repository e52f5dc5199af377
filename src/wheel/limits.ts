import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

/** What a wheel, and all wheels of an environment together, may hold. A bomb is stopped before anything is inflated. */
export interface Limits {
  /** Files and directories. */
  readonly entries: number;
  /** Bytes of one file, uncompressed. */
  readonly fileBytes: number;
  /** Bytes of all files, uncompressed. */
  readonly totalBytes: number;
  /** Uncompressed bytes per byte of the archive. Only asked when the total is above `ratioFromBytes`. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/**
 * Several times what the largest real wheels hold (torch: 1 GB, 12,000 files, 4 times as much uncompressed; awscli:
 * 8,082 files).
 */
export const DEFAULT_LIMITS: Limits = {
  entries: 100_000,
  fileBytes: 8 * GIB,
  totalBytes: 32 * GIB,
  ratio: 60,
  ratioFromBytes: 256 * MIB,
};

/** Deflate cannot do better than 1032 to 1 (zlib's technical notes); a header that says otherwise lies. */
export const MAX_DEFLATE_RATIO = 1032;

const FLAG_NAMES: ReadonlyMap<string, keyof Limits> = new Map([
  ['entries', 'entries'],
  ['file-bytes', 'fileBytes'],
  ['total-bytes', 'totalBytes'],
  ['ratio', 'ratio'],
]);
const UNITS = ['', 'K', 'M', 'G', 'T'];

/**
 * Reads `--limit NAME=NUMBER`; a number may end in K, M, G or T for powers of 1024: `total-bytes=64G`.
 *
 * @throws HdfsVenvError `WHEEL_LIMIT_VALUE` (usage) when there is no such limit, or the number is none
 */
export function parseLimit(text: string): Partial<Limits> {
  const [, name = '', digits = '', unit = ''] = /^([a-z-]+)=(\d{1,15})([KMGT]?)$/.exec(text.trim()) ?? [];
  const limit = FLAG_NAMES.get(name);
  const number = Number(digits) * 1024 ** UNITS.indexOf(unit);
  if (limit !== undefined && number > 0 && Number.isSafeInteger(number)) return { [limit]: number };
  throw new HdfsVenvError({
    code: 'WHEEL_LIMIT_VALUE',
    exit: 'usage',
    message: `Cannot read --limit ${JSON.stringify(text)}: it must be NAME=NUMBER with one of ${[...FLAG_NAMES.keys()].join(', ')}`,
    hints: ['A number may end in K, M, G or T: --limit total-bytes=64G.'],
  });
}

/** What raises a limit, for the hint of a refusal. */
export function limitFlag(limit: keyof Limits): string {
  const [name = ''] = [...FLAG_NAMES].find(([, key]) => key === limit) ?? [];
  return `--limit ${name}=NUMBER`;
}
