import { markerEnvironment } from './markers.ts';
import { parsePlatform } from './platform.ts';
import { checkAbi, completePythonVersion, defaultAbi } from './python-version.ts';

/** What the cluster runs: all that decides which wheels fit and which markers hold. */
export interface Target {
  /** Full version, `3.7.17`. */
  readonly python: string;
  /** As the user gave it: when it differs from `python`, tell the user what it was completed to. */
  readonly pythonGiven: string;
  /** `rhel7`; null when platform tags were given. */
  readonly profile: string | null;
  /** Platform tags, most specific first. */
  readonly platforms: readonly string[];
  /** The ABI tag of the interpreter: `cp37m`, `cp27mu`, `cp311`. */
  readonly abi: string;
  /** All ABI tags that the interpreter loads, most specific first: `cp311`, `abi3`, `none`. */
  readonly abis: readonly string[];
  readonly implementation: 'cp';
  /** Values of PEP 508's environment markers. */
  readonly markerEnvironment: Readonly<Record<string, string>>;
}

export interface TargetOptions {
  /** `X.Y` or `X.Y.Z`, 2.7 to 3.14. */
  readonly python: string;
  /** Profile names or platform tags; see `parsePlatform`. */
  readonly platform: readonly string[];
  /** Another than the usual ABI: `cp27m` for a Python 2.7 built with UCS2. */
  readonly abi?: string;
}

/**
 * Reads what the user says of the cluster.
 *
 * @throws HdfsVenvError `TARGET_PYTHON`, `TARGET_PLATFORM`, `TARGET_ABI` (usage), each with the list of what is known
 */
export function parseTarget(options: TargetOptions): Target {
  const version = completePythonVersion(options.python);
  const platform = parsePlatform(options.platform);
  const abi = options.abi === undefined ? defaultAbi(version) : checkAbi(options.abi, version);
  return {
    python: version.full,
    pythonGiven: options.python,
    profile: platform.profile,
    platforms: platform.tags,
    abi,
    // the stable ABI exists from 3.2 on, and not for free-threaded builds (PEP 703)
    abis: version.major === 2 || abi.endsWith('t') ? [abi, 'none'] : [abi, 'abi3', 'none'],
    implementation: 'cp',
    markerEnvironment: markerEnvironment(version, platform),
  };
}
