import type { Platform } from './platform.ts';
import { LIBRARY_MAJOR } from './platform-tag.ts';
import { defaultAbi, type PythonVersion } from './python-version.ts';

/**
 * Names a target in file names: `rhel7-py37`, `rhel8-aarch64-py38`, `rhel6-cp27m` with another ABI than the usual one,
 * `glibc217-x86_64-py37` and `musl12-x86_64-py311` where no profile was named. Without dots, because PEP 751 allows none
 * between `pylock.` and `.toml`.
 *
 * The patch release is not in it, nor is a list of tags: targets that differ only there share a name.
 */
export function targetName(platform: Platform, version: PythonVersion, abi: string): string {
  const python = abi === defaultAbi(version) ? `py${version.major}${version.minor}` : abi;
  return `${platform.profile ?? systemName(platform)}-${python}`;
}

function systemName({ library, machine }: Platform): string {
  const name = library === null ? 'linux' : `${library.name}${LIBRARY_MAJOR[library.name]}${library.minor}`;
  return `${name}-${machine}`;
}
