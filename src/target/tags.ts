import type { PythonVersion } from './python-version.ts';

/**
 * Every tag `python-abi-platform` (PEP 425) that CPython of this version loads on these platforms, best first: the order in
 * which pip compares wheels of one version. The same list as `cpython_tags` followed by `compatible_tags` of
 * `packaging.tags` (26.3) give for these platforms.
 *
 * On the machine itself `packaging` 26.3 began to put `linux_*` before all other platforms, because such a wheel was most
 * likely built right there. Here it was not, and promises nothing of the glibc it needs: it stays last.
 *
 * The stable ABI of an older Python counts (`cp36-abi3`), back to 3.2 where it came in; free-threaded builds have one of their
 * own (`abi3t`, PEP 803). Nothing of the kind exists for Python 2.
 */
export function compatibleTags(version: PythonVersion, abi: string, platforms: readonly string[]): string[] {
  const { major, minor } = version;
  const interpreter = `cp${major}${minor}`;
  const stable = stableAbi(version, abi);
  const pythons = [`py${major}${minor}`, `py${major}`, ...minorsBelow(minor, 0).map((older) => `py${major}${older}`)];
  const onEach = (python: string, one: string): string[] => platforms.map((tag) => `${python}-${one}-${tag}`);
  return [
    ...onEach(interpreter, abi),
    ...(stable === undefined ? [] : onEach(interpreter, stable)),
    ...onEach(interpreter, 'none'),
    ...(stable === undefined ? [] : minorsBelow(minor, 2).flatMap((older) => onEach(`cp${major}${older}`, stable))),
    ...pythons.flatMap((python) => onEach(python, 'none')),
    ...[interpreter, ...pythons].map((python) => `${python}-none-any`),
  ];
}

/** The ABI tags among `tags`, in their order. */
export function abisOf(tags: readonly string[]): string[] {
  return [...new Set(tags.map((tag) => tag.split('-')[1] ?? ''))];
}

/** All platforms among `tags`, in their order; `any` is none. */
export function platformsOf(tags: readonly string[]): string[] {
  return [...new Set(tags.map((tag) => tag.split('-')[2] ?? ''))].filter((platform) => platform !== 'any');
}

/** `py2.py3-none-any` stands for `py2-none-any` and `py3-none-any` (PEP 425, "compressed tag sets"); case is of no matter. */
export function expandTag(compressed: string): string[] {
  const [pythons = [], abis = [], platforms = []] = compressed
    .toLowerCase()
    .split('-')
    .map((part) => part.split('.'));
  return pythons.flatMap((python) => abis.flatMap((abi) => platforms.map((tag) => `${python}-${abi}-${tag}`)));
}

function stableAbi({ major }: PythonVersion, abi: string): string | undefined {
  if (major === 2) return undefined;
  return /^cp\d+[a-z]*t/.test(abi) ? 'abi3t' : 'abi3';
}

/** `minor - 1` down to `last`. */
function minorsBelow(minor: number, last: number): number[] {
  return Array.from({ length: Math.max(0, minor - last) }, (_, index) => minor - 1 - index);
}
