import { resolve } from 'node:path';
import { normaliseName } from '../../wheel/wheel-name.ts';
import type { Candidate, CandidateFile, CandidateSource } from './choose-pins.ts';
import type { MarkerAnswer, MarkerQuery } from './evaluate-markers.ts';
import { locateFile, type LockPlace } from './locate-file.ts';
import { checkExtras, lockTargetError, settled } from './lock-target.ts';
import type { Pylock, PylockPackage } from './pylock.ts';
import type { LockReading, LockSelection } from './reading.ts';

/**
 * What a `pylock.toml` installs on the target, in the steps of PEP 751's section "Installation": the lock's own
 * `requires-python` and `environments`, then every package's marker and `requires-python`. The dependency groups are the default ones.
 *
 * @throws HdfsVenvError `RESOLVE_LOCK_EXTRA`, `RESOLVE_LOCK_TARGET`, `RESOLVE_LOCK_FORMAT`
 */
export async function selectFromPylock(lock: Pylock, reading: LockReading): Promise<LockSelection> {
  const { place, target, provided } = reading;
  const extras = checkExtras(reading.extras, lock.extras, place.name);
  const answers = await answerAll(lock, extras, reading);
  const python = lock['requires-python'];
  if (python !== undefined && !settled(answers.specifiers.get(python), python, place.name)) {
    throw lockTargetError(place.name, target, `Python ${python}`);
  }
  const { environments } = lock;
  if (environments.length > 0 && !environments.some((one) => settled(answers.environments.get(one), one, place.name))) {
    throw lockTargetError(place.name, target, environments.join(', or '));
  }
  const candidates: Candidate[] = [];
  const left = new Set<string>();
  let project: string | null = null;
  for (const one of lock.packages) {
    const name = normaliseName(one.name);
    const { marker } = one;
    if (marker !== undefined && !settled(answers.markers.get(marker), marker, place.name)) continue;
    if (isProject(one, place)) project = name;
    else if (provided.has(name)) left.add(name);
    else candidates.push(asCandidate(one, place, answers.specifiers));
  }
  return { candidates, project, provided: [...left] };
}

type Answers = ReadonlyMap<string, MarkerAnswer | undefined>;

/** All questions of a lock at once. Environments know no extras and groups: they are compared without. */
async function answerAll(
  lock: Pylock,
  extras: readonly string[],
  { evaluate }: LockReading,
): Promise<{ readonly markers: Answers; readonly environments: Answers; readonly specifiers: Answers }> {
  const dependencyGroups = lock['default-groups'];
  const markers = distinct(lock.packages.map(({ marker }) => marker));
  const environments = distinct(lock.environments);
  const specifiers = distinct([lock, ...lock.packages].map((one) => one['requires-python']));
  const queries: MarkerQuery[] = [
    ...markers.map((marker) => ({ marker, extras, dependencyGroups })),
    ...environments.map((marker) => ({ marker })),
    ...specifiers.map((specifier) => ({ specifier })),
  ];
  const answers = await evaluate(queries);
  const from = (texts: readonly string[], start: number): Answers =>
    new Map(texts.map((text, index) => [text, answers[start + index]]));
  return {
    markers: from(markers, 0),
    environments: from(environments, markers.length),
    specifiers: from(specifiers, markers.length + environments.length),
  };
}

function distinct(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.filter((text) => text !== undefined))];
}

/** Lockers list the project itself as the folder that the lock is in. */
function isProject({ directory }: PylockPackage, place: LockPlace): boolean {
  return (
    directory !== undefined &&
    resolve(place.directory, directory.path, directory.subdirectory ?? '') === resolve(place.directory)
  );
}

function asCandidate(one: PylockPackage, place: LockPlace, specifiers: Answers): Candidate {
  const requiresPython = one['requires-python'];
  const fits = requiresPython === undefined || settled(specifiers.get(requiresPython), requiresPython, place.name);
  const archive = one.archive === undefined ? undefined : asFile(one.archive, place);
  const isWheel = archive?.fileName.endsWith('.whl') === true;
  return {
    name: normaliseName(one.name),
    version: one.version ?? null,
    extras: [],
    wheels: archive !== undefined && isWheel ? [archive] : one.wheels.map((wheel) => asFile(wheel, place)),
    source: isWheel ? null : sourceOf(one, place, archive),
    excludedBy: fits ? null : (requiresPython ?? null),
  };
}

function asFile(
  file: PylockPackage['wheels'][number] | NonNullable<PylockPackage['archive']>,
  place: LockPlace,
): CandidateFile {
  return { ...locateFile(file, place), size: file.size ?? null, hashes: file.hashes };
}

function sourceOf(one: PylockPackage, place: LockPlace, archive: CandidateFile | undefined): CandidateSource | null {
  if (one.sdist !== undefined) return { kind: 'sdist', fileName: locateFile(one.sdist, place).fileName };
  if (archive !== undefined) return { kind: 'sources', location: archive.url ?? archive.path ?? archive.fileName };
  if (one.directory !== undefined) return { kind: 'folder', location: one.directory.path };
  if (one.vcs === undefined) return null;
  const { type, url, path, 'commit-id': commit } = one.vcs;
  return { kind: 'sources', location: `${type}+${url ?? path}@${commit}` };
}
