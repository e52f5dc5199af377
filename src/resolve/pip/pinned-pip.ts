import type { Target } from '../../target/target.ts';
import type { HostPython } from './host-python.ts';

/** A release of pip that `pip_for_target.py` is known to drive. */
export interface PinnedPip {
  readonly version: string;
  /** Oldest Python 3 that it runs on. */
  readonly oldestMinor: number;
  /** Of its wheel. */
  readonly sha256: string;
}

/** For targets from Python 3.8 on, newest first: the first that runs on the host's Python is taken. */
const FOR_MODERN: readonly PinnedPip[] = [
  { version: '26.3', oldestMinor: 10, sha256: 'f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13' },
  { version: '26.0.1', oldestMinor: 9, sha256: 'bdb1b08f4274833d62c1aa29e20907365a2ceb950410df15fc9521bad440122b' },
  { version: '25.0.1', oldestMinor: 8, sha256: 'c46efd13b6aa8279f33f2864459c8ce587ea6a1a59ee20de055868d8f7688f7f' },
];

/**
 * From 24.1 on pip passes over wheels with metadata of old (`pytz (>dev)`, `PyYAML (>=5.1.*)`), of which the last releases for Python 2.7 to 3.7 are
 * full: sets that the target's own pip resolves would have no solution, or one of pre-releases.
 */
const FOR_LEGACY: readonly PinnedPip[] = [
  { version: '24.0', oldestMinor: 7, sha256: 'ba0d021a166865d2265246961bec0152ff124de910c5cc39f1156ce3fa7c69dc' },
];

/** The pips that choose for this target and run on this machine's Python, the one to take first; and the one for a newer Python. */
export function pinnedPips(
  target: Target,
  python: HostPython,
): { readonly usable: readonly [PinnedPip, ...PinnedPip[]]; readonly newest: PinnedPip } {
  const choice = isLegacy(target) ? FOR_LEGACY : FOR_MODERN;
  const [first, ...others] = choice.filter(({ oldestMinor }) => python.minor >= oldestMinor);
  const [newest] = choice;
  if (first === undefined || newest === undefined) throw new RangeError(`No pip for Python 3.${python.minor}`);
  return { usable: [first, ...others], newest };
}

/** `pip-26.3-py3-none-any.whl` */
export function pipFileName({ version }: PinnedPip): string {
  return `pip-${version}-py3-none-any.whl`;
}

/** Whether a pip that this machine's Python has can be driven for the target: 24.0 to 26.3; up to Python 3.7 only 24.0. */
export function canDrive(version: string, target: Target): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (isLegacy(target)) return major === 24 && minor === 0;
  return (major >= 24 && major < 26) || (major === 26 && minor <= 3);
}

/** Whether the pip for the target is the one that still reads metadata of old: for Python 2.7 to 3.7. */
export function isLegacy({ python }: Target): boolean {
  const [major = 0, minor = 0] = python.split('.').map(Number);
  return major === 2 || (major === 3 && minor <= 7);
}
