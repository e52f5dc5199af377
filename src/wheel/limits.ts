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
