import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { EvaluateMarkers, MarkerAnswer, MarkerQuery } from './evaluate-markers.ts';
import { checkExtras, lockTargetError, settled } from './lock-target.ts';
import type { LockReading, LockSelection } from './reading.ts';
import { uvCandidate } from './uv-candidate.ts';
import type { UvDependency, UvLock, UvPackage } from './uv-lock.ts';
import { findPackage, rootOf } from './uv-packages.ts';

/**
 * What `uv sync --no-dev` installs on the target: everything that the project reaches through dependencies whose markers hold,
 * with the extras that were asked for; without the project itself, and without its dependency groups.
 *
 * @throws HdfsVenvError `RESOLVE_LOCK_EXTRA` (usage) for unknown extras, and for two that the lock says exclude each other;
 * `RESOLVE_LOCK_TARGET`; `RESOLVE_LOCK_FORMAT`
 */
export async function selectFromUvLock(lock: UvLock, reading: LockReading): Promise<LockSelection> {
  const { place } = reading;
  const root = rootOf(lock, place.name);
  const known = [...root['optional-dependencies'].keys(), ...(root.metadata?.['provides-extras'] ?? [])];
  const extras = checkExtras(reading.extras, known, place.name);
  const markers = rememberAnswers(reading.evaluate);
  let active = new Set([
    `project-${root.name.length}-${root.name}`,
    ...extras.map((extra) => encode(root.name, extra)),
  ]);
  await markers.learn([...targetQueries(lock), ...dependencyQueries(lock, active)]);
  checkTarget(lock, reading, markers.answer);
  for (;;) {
    const { reached, left } = walk(lock, { root, extras, active, reading, answer: markers.answer });
    const wider = new Set(active);
    for (const [{ name }, itsExtras] of reached) for (const extra of itsExtras) wider.add(encode(name, extra));
    if (wider.size === active.size) {
      refuseConflicts(lock, active, place.name);
      const packages = [...reached].filter(([one]) => one !== root && one.source.virtual === undefined);
      const candidates = packages.map(([one, itsExtras]) => uvCandidate(one, itsExtras, place));
      return { candidates, project: root.name, provided: [...left] };
    }
    // conflict markers may hold otherwise now that more extras are known to be switched on
    active = wider;
    await markers.learn(dependencyQueries(lock, active));
  }
}

/** As uv writes an extra into a conflict marker (`encode_package_extra`): `extra-8-risk-app-gpu`. */
function encode(name: string, extra: string): string {
  return `extra-${name.length}-${name}-${extra}`;
}

function targetQueries(lock: UvLock): MarkerQuery[] {
  return [
    { specifier: lock['requires-python'] },
    ...[...lock['supported-markers'], ...lock['resolution-markers']].map(anyExtra),
  ];
}

/** What a marker says of the environment alone (uv's `UniversalMarker::pep508`). */
function anyExtra(marker: string): MarkerQuery {
  return { marker, active: 'any' };
}

type Answer = (query: MarkerQuery) => MarkerAnswer | undefined;

function checkTarget(lock: UvLock, { place, target }: LockReading, answer: Answer): void {
  const python = lock['requires-python'];
  if (!settled(answer({ specifier: python }), python, place.name)) {
    throw lockTargetError(place.name, target, `Python ${python}`);
  }
  for (const markers of [lock['supported-markers'], lock['resolution-markers']]) {
    if (markers.length > 0 && !markers.some((marker) => settled(answer(anyExtra(marker)), marker, place.name))) {
      throw lockTargetError(place.name, target, markers.join(', or '));
    }
  }
}

/** Undefined for a dependency without marker, which always holds. */
function dependencyQuery({ name, extra, marker }: UvDependency, active: ReadonlySet<string>): MarkerQuery | undefined {
  if (marker === undefined) return undefined;
  if (!/\bextra\b/.test(marker)) return { marker };
  // what it switches on itself counts already
  return { marker, active: [...new Set([...active, ...extra.map((one) => encode(name, one))])].toSorted() };
}

function dependencyQueries(lock: UvLock, active: ReadonlySet<string>): MarkerQuery[] {
  return lock.package
    .flatMap((one) => [...one.dependencies, ...[...one['optional-dependencies'].values()].flat()])
    .map((dependency) => dependencyQuery(dependency, active))
    .filter((query) => query !== undefined);
}

interface Walk {
  readonly root: UvPackage;
  readonly extras: readonly string[];
  readonly active: ReadonlySet<string>;
  readonly reading: LockReading;
  readonly answer: Answer;
}

interface Reached {
  /** Every package that is reached, with its extras that are. */
  readonly reached: ReadonlyMap<UvPackage, ReadonlySet<string>>;
  /** Names of what is provided and would be reached. */
  readonly left: ReadonlySet<string>;
}

function walk(lock: UvLock, { root, extras, active, reading, answer }: Walk): Reached {
  const { place, provided } = reading;
  const reached = new Map<UvPackage, Set<string>>();
  const left = new Set<string>();
  const queue: UvDependency[][] = [];
  const visit = (one: UvPackage, itsExtras: readonly string[]): void => {
    const seen = reached.get(one) ?? new Set();
    if (!reached.has(one)) queue.push(one.dependencies);
    reached.set(one, seen);
    for (const extra of itsExtras.filter((name) => !seen.has(name))) {
      seen.add(extra);
      queue.push(one['optional-dependencies'].get(extra) ?? []);
    }
  };
  visit(root, extras);
  for (let dependencies = queue.shift(); dependencies !== undefined; dependencies = queue.shift()) {
    for (const dependency of dependencies) {
      const query = dependencyQuery(dependency, active);
      if (query !== undefined && !settled(answer(query), dependency.marker ?? '', place.name)) continue;
      const one = findPackage(lock, dependency, place.name);
      // the cluster brings what its packages need as well
      if (provided.has(one.name)) left.add(one.name);
      else visit(one, dependency.extra);
    }
  }
  return { reached, left };
}

function refuseConflicts(lock: UvLock, active: ReadonlySet<string>, lockName: string): void {
  for (const set of lock.conflicts) {
    const names = set.flatMap(({ package: name, extra }) =>
      extra !== undefined && active.has(encode(name, extra)) ? [`${name}[${extra}]`] : [],
    );
    if (names.length > 1) {
      throw new HdfsVenvError({
        code: 'RESOLVE_LOCK_EXTRA',
        exit: 'usage',
        message: `Cannot combine ${names.join(' and ')}: ${JSON.stringify(lockName)} says that they exclude each other`,
      });
    }
  }
}

interface RememberedAnswers {
  /** Asks what is not known yet, all at once. */
  learn(queries: readonly MarkerQuery[]): Promise<void>;
  readonly answer: Answer;
}

function rememberAnswers(evaluate: EvaluateMarkers): RememberedAnswers {
  const answers = new Map<string, MarkerAnswer | undefined>();
  return {
    learn: async (queries) => {
      const unknown = new Map(queries.map((query) => [JSON.stringify(query), query]));
      for (const key of answers.keys()) unknown.delete(key);
      if (unknown.size === 0) return;
      const found = await evaluate([...unknown.values()]);
      for (const [index, key] of [...unknown.keys()].entries()) answers.set(key, found[index]);
    },
    answer: (query) => answers.get(JSON.stringify(query)),
  };
}
