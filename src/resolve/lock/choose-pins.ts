import { eq, valid } from '@renovatebot/pep440';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../../errors/mask-secrets.ts';
import type { Target } from '../../target/target.ts';
import { normaliseName } from '../../wheel/wheel-name.ts';
import { explainBlocked } from '../failure/blocked.ts';
import type { Problem } from '../failure/problem.ts';
import type { FileLocation } from './locate-file.ts';
import type { Pin } from './lock-content.ts';
import { lockFormatError } from './lock-format.ts';
import { readWheelName, selectWheel } from './select-wheel.ts';

export interface CandidateFile extends FileLocation {
  readonly size: number | null;
  /** Algorithm in lower case to hexadecimal digest. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** What a package comes as, other than wheels. */
export type CandidateSource =
  | { readonly kind: 'sdist'; readonly fileName: string }
  /** A folder, as the lock writes it. */
  | { readonly kind: 'folder'; readonly location: string }
  /** A repository, or an archive that is no wheel. */
  | { readonly kind: 'sources'; readonly location: string };

/** A package that a lock wants on the target, before one of its files is chosen. */
export interface Candidate {
  /** Normalised. */
  readonly name: string;
  /** Null when the lock leaves it to the file. */
  readonly version: string | null;
  /** Sorted. */
  readonly extras: readonly string[];
  readonly wheels: readonly CandidateFile[];
  readonly source: CandidateSource | null;
  /** Its Requires-Python, where that excludes the target. */
  readonly excludedBy: string | null;
}

/**
 * Chooses one wheel for each package; all that stands against it is told at once.
 *
 * @param lockName for messages
 * @throws HdfsVenvError `RESOLVE_LOCK_NO_WHEEL` (resolve) when packages have nothing that fits; `RESOLVE_LOCK_HASH` (integrity) when
 * a chosen wheel has no sha256; `RESOLVE_LOCK_FORMAT` (usage) when it is of another package, or when there are two packages
 * of one name
 */
export function choosePins(candidates: readonly Candidate[], target: Target, lockName: string): Pin[] {
  refuseDoubles(candidates, lockName);
  const blocked: Problem[] = [];
  const withoutHash: string[] = [];
  const pins: Pin[] = [];
  for (const candidate of candidates) {
    const wheel = candidate.excludedBy === null ? selectWheel(candidate.wheels, target.tags) : undefined;
    if (wheel === undefined) {
      blocked.push(explain(candidate, target));
      continue;
    }
    const version = checkName(candidate, wheel, lockName);
    const { hashes, fileName, url, path, size } = wheel;
    const sha256 = hashes['sha256']?.toLowerCase();
    if (sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) withoutHash.push(`${fileName} has ${known(hashes)}`);
    else
      pins.push({
        name: candidate.name,
        version,
        extras: candidate.extras,
        file: { fileName, url, path, sha256, size },
      });
  }
  if (blocked.length > 0) throw noWheel(blocked, target, lockName);
  if (withoutHash.length > 0) {
    throw new HdfsVenvError({
      code: 'RESOLVE_LOCK_HASH',
      exit: 'integrity',
      message: `Cannot trust the files of the lock ${JSON.stringify(lockName)}: expected a sha256 for each, ${withoutHash.join('; ')}`,
      hints: ['Lock again with an index that tells the sha256 of its files.'],
    });
  }
  return pins.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function known(hashes: CandidateFile['hashes']): string {
  const algorithms = Object.keys(hashes).filter((algorithm) => algorithm !== 'sha256');
  if (hashes['sha256'] !== undefined) return `the sha256 ${JSON.stringify(hashes['sha256'])}`;
  return algorithms.length === 0 ? 'none' : `only ${algorithms.join(', ')}`;
}

function refuseDoubles(candidates: readonly Candidate[], lockName: string): void {
  const seen = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const other = seen.get(candidate.name);
    if (other !== undefined) {
      const versions = [other, candidate].map(({ version }) => version ?? 'no version').join(' and ');
      throw lockFormatError(lockName, `two entries of ${candidate.name} hold for the target: ${versions}`);
    }
    seen.set(candidate.name, candidate);
  }
}

/** A wheel must be what its entry says: pip would install whatever the file holds. @returns the version */
function checkName(candidate: Candidate, { fileName }: CandidateFile, lockName: string): string {
  const wheel = readWheelName(fileName);
  if (wheel === undefined || normaliseName(wheel.distribution) !== candidate.name) {
    throw lockFormatError(lockName, `expected a wheel of ${candidate.name}, got ${fileName}`);
  }
  const version = candidate.version ?? wheel.version;
  // a local version may be left out of the entry
  const versions = [wheel.version, wheel.version.replace(/\+.*$/, '')];
  if (
    !versions.some((one) => one === version || (valid(one) !== null && valid(version) !== null && eq(one, version)))
  ) {
    throw lockFormatError(lockName, `expected a wheel of ${candidate.name} ${version}, got ${fileName}`);
  }
  return version;
}

function explain(candidate: Candidate, target: Target): Problem {
  const { name, version, wheels, source, excludedBy } = candidate;
  const requirement = version === null ? name : `${name}==${version}`;
  const skip = (fileName: string, why: 'source' | 'tags' | 'python') => ({
    fileName,
    version: version ?? '0',
    why,
    requiresPython: excludedBy,
  });
  const readable = wheels.filter(({ fileName }) => readWheelName(fileName) !== undefined);
  const skipped = [
    ...(excludedBy === null ? [] : [skip(name, 'python')]),
    ...readable.map(({ fileName }) => skip(fileName, 'tags')),
    ...(source?.kind === 'sdist' ? [skip(source.fileName, 'source')] : []),
  ];
  if (skipped.length > 0) {
    return explainBlocked(
      { requirement, name, neededBy: null },
      { name, locations: [], fitting: [], wheels: [], skipped },
      target,
    );
  }
  if (source === null || source.kind === 'sdist') {
    return { kind: 'no-wheel', name, text: `${requirement} has no files in the lock`, hint: 'Lock again.' };
  }
  const location = maskSecrets(source.location);
  const hint =
    source.kind === 'folder'
      ? `Give the folder ${location} as an argument of its own, beside the lock.`
      : `Build a wheel of ${name} (\`pip wheel --no-deps …\`) and lock that one.`;
  return { kind: 'only-sources', name, text: `${requirement} comes from ${location}, without any wheel`, hint };
}

function noWheel(blocked: readonly Problem[], target: Target, lockName: string): HdfsVenvError {
  const count = blocked.length === 1 ? 'a package' : `${blocked.length} packages`;
  return new HdfsVenvError({
    code: 'RESOLVE_LOCK_NO_WHEEL',
    exit: 'resolve',
    message: `Cannot get ${count} of the lock ${JSON.stringify(lockName)} for Python ${target.python}: ${blocked.map(({ text }) => text).join('; ')}`,
    hints: [
      ...new Set(blocked.map(({ hint }) => hint)),
      'Or give what the lock was made from, pyproject.toml or requirements.txt: then the versions are chosen for the target.',
    ],
  });
}
