/** One package as a lock keeps it, and as a resolution finds it. */
export interface LockedPackage {
  /** Normalised (PEP 503). */
  readonly name: string;
  readonly version: string;
  /** The wheel's file name. */
  readonly fileName: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Where the wheel is, without credentials; null when it is a local file, or was built here. */
  readonly url: string | null;
  /** Absolute path of a local file. */
  readonly path: string | null;
  /** The index that offered it, without credentials: `https://pypi.example.invalid/simple/`; null when it came otherwise. */
  readonly index: string | null;
  readonly requiresPython: string | null;
  /** Normalised names of the locked packages that it needs on the target. */
  readonly dependencies: readonly string[];
  /** The source that the wheel was built of; null for a wheel that was there. */
  readonly source: LockedSource | null;
}

export interface LockedSource {
  readonly fileName: string;
  readonly url: string | null;
  readonly path: string | null;
  readonly sha256: string;
  /** Build requirements that the wheel was built with, exact: `setuptools==84.2.1`. */
  readonly tools: readonly string[];
}
