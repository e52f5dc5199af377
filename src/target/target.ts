import { parseMachine } from './machine.ts';
import { markerEnvironment } from './markers.ts';
import { targetName } from './name.ts';
import { parsePlatform, platformOfGlibc } from './platform.ts';
import { checkAbi, completePythonVersion, defaultAbi } from './python-version.ts';
import { abisOf, compatibleTags } from './tags.ts';

/** What the cluster runs: all that decides which wheels fit and which markers hold. */
export interface Target {
  /** For file names, without dots: `rhel7-py37`; see `targetName`. */
  readonly name: string;
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
  /** Every compatible tag, `cp311-cp311-manylinux_2_28_x86_64` to `py30-none-any`, best first: see `compatibleTags`. */
  readonly tags: readonly string[];
  readonly implementation: 'cp';
  /** Values of PEP 508's environment markers. */
  readonly markerEnvironment: Readonly<Record<string, string>>;
}

/** The system by profiles and tags (see `parsePlatform`), or by the version of its glibc, `2.17`. */
export type SystemOptions = { readonly platform: readonly string[] } | { readonly glibc: string };

export type TargetOptions = SystemOptions & {
  /** `X.Y` or `X.Y.Z`, 2.7 to 3.14. */
  readonly python: string;
  /** `x86_64` unless the platform says otherwise. */
  readonly arch?: string;
  /** Another than the usual ABI: `cp27m` for a Python 2.7 built with UCS2. */
  readonly abi?: string;
};

/**
 * Reads what the user says of the cluster.
 *
 * @throws HdfsVenvError `TARGET_PYTHON`, `TARGET_PLATFORM`, `TARGET_GLIBC`, `TARGET_ARCH`, `TARGET_ABI` (usage), each with
 * what is known
 */
export function parseTarget(options: TargetOptions): Target {
  const version = completePythonVersion(options.python);
  const machine = options.arch === undefined ? undefined : parseMachine(options.arch);
  const platform =
    'glibc' in options ? platformOfGlibc(options.glibc, machine) : parsePlatform(options.platform, machine);
  const abi = options.abi === undefined ? defaultAbi(version) : checkAbi(options.abi, version);
  const tags = compatibleTags(version, abi, platform.tags);
  return {
    name: targetName(platform, version, abi),
    python: version.full,
    pythonGiven: options.python,
    profile: platform.profile,
    platforms: platform.tags,
    abi,
    abis: abisOf(tags),
    tags,
    implementation: 'cp',
    markerEnvironment: markerEnvironment(version, platform),
  };
}
