import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

/**
 * The newest patch release of every supported Python, as of 2026-11-21. An older entry does no harm that a user would not
 * be told about: it only decides what `--python X.Y` is completed to, and a full version is taken as given.
 */
const NEWEST_PATCH: ReadonlyMap<string, number> = new Map([
  ['2.7', 18],
  ['3.4', 10],
  ['3.5', 10],
  ['3.6', 15],
  ['3.7', 17],
  ['3.8', 20],
  ['3.9', 25],
  ['3.10', 22],
  ['3.11', 18],
  ['3.12', 16],
  ['3.13', 18],
  ['3.14', 10],
]);

/** `2.7`, …, `3.14`: every Python that a target can have. */
export const KNOWN_PYTHONS: readonly string[] = [...NEWEST_PATCH.keys()];

export interface PythonVersion {
  readonly major: number;
  readonly minor: number;
  /** `3.7.17` */
  readonly full: string;
}

/**
 * Completes `3.7` to `3.7.17`, the newest patch release: pip takes a bare `3.7` for 3.7.0 and then passes over every
 * package that asks for `>=3.7.1`.
 *
 * @throws HdfsVenvError `TARGET_PYTHON` when it is not a version, or one that no target has
 */
export function completePythonVersion(given: string): PythonVersion {
  const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(given) ?? [];
  const newest = NEWEST_PATCH.get(`${major}.${minor}`);
  if (major === undefined || minor === undefined || newest === undefined) {
    const known = KNOWN_PYTHONS.join(', ');
    throw new HdfsVenvError({
      code: 'TARGET_PYTHON',
      exit: 'usage',
      message: `Cannot use ${JSON.stringify(given)} as the target's Python: expected X.Y or X.Y.Z with X.Y one of ${known}`,
      hints: [...guess(given), "Give the version that the cluster's `python --version` prints, for example 3.7.16."],
    });
  }
  return { major: Number(major), minor: Number(minor), full: `${major}.${minor}.${patch ?? newest}` };
}

/** For `3.7.`, `py37`, `python3.7`, `v3.7.16`, `37`. */
function guess(given: string): string[] {
  const [, major, minor, patch = ''] =
    /^(?:python|py|cp|v)?[- ]?([23])\.?(\d{1,2})(\.\d+)?(?:\.[x*]?)?$/i.exec(given.trim()) ?? [];
  const version = `${major}.${minor}`;
  return NEWEST_PATCH.has(version) ? [`Did you mean --python ${version}${patch}?`] : [];
}

/**
 * The ABI tag of CPython as distributions build it. 2.7 comes with UCS4 strings on every Linux distribution (`cp27mu`);
 * up to 3.7 the tag ends in `m` for pymalloc (PEP 3149).
 */
export function defaultAbi({ major, minor }: PythonVersion): string {
  if (major === 2) return 'cp27mu';
  return minor < 8 ? `cp${major}${minor}m` : `cp${major}${minor}`;
}

/**
 * Checks an ABI tag against the Python it is for: `cp27m` or `cp27mu`, `cp37dm`, `cp313t`. Letters that every such Python has must be there:
 * nearly no wheel carries `cp37`, and none would fit.
 *
 * @throws HdfsVenvError `TARGET_ABI` (usage) when it belongs to no CPython, or to another one
 */
export function checkAbi(abi: string, version: PythonVersion): string {
  const digits = `${version.major}${version.minor}`;
  const usual = defaultAbi(version);
  const always = usual.includes('m') ? '(?=[a-z]*m)' : '';
  if (new RegExp(`^cp${digits}${always}[a-z]{0,3}$`).test(abi)) return abi;
  const expected =
    always === '' ? `cp${digits}, alone or with letters` : `cp${digits} with letters, m among them, as in ${usual}`;
  throw new HdfsVenvError({
    code: 'TARGET_ABI',
    exit: 'usage',
    message: `Cannot use ${JSON.stringify(abi)} as the ABI of Python ${version.full}: expected ${expected}`,
    hints: abiHints(abi, version, usual),
  });
}

function abiHints(abi: string, { major, minor }: PythonVersion, usual: string): string[] {
  const isOfEvery = abi === 'none' || (abi === 'abi3' && major > 2);
  const other = minor < 13 ? '' : `; a free-threaded one has ${usual}t`;
  return [
    ...(isOfEvery ? [`Wheels for ${abi} are taken without it: leave --abi out.`] : []),
    `The usual one is ${usual}, and the default${major === 2 ? '; a Python 2.7 with narrow Unicode has cp27m' : other}.`,
  ];
}
