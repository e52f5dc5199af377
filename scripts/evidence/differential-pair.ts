import { type Comparison, compare, type Outcome, type Verdict } from '../../test/differential/outcome.ts';
import type { NativePython } from '../../test/differential/native-python.ts';
import { proveComplete } from '../../test/differential/prove-complete.ts';
import { remembered } from '../../test/differential/remembered.ts';
import type { RequirementSet } from '../../test/differential/requirement-set.ts';
import { resolveNatively } from '../../test/differential/resolve-natively.ts';
import { resolveOurs, targetOf, withHostMarkers } from '../../test/differential/resolve-ours.ts';

export interface PairOptions {
  /** The interpreter that runs our pip; else the one that is found. */
  readonly host: string | undefined;
  /** The markers of this machine's Python instead of the target's. */
  readonly hostMarkers: boolean;
}

export interface Judgement {
  readonly set: string;
  /** `3.7` */
  readonly version: string;
  readonly verdict: Verdict;
  readonly comparison: Comparison;
  readonly failures: Readonly<Record<string, string>>;
  /** What the target's own Python misses among our wheels; null when it misses nothing, or when we chose none. */
  readonly incomplete: string | null;
  /** We chose wheels, and the target's own Python has looked at them. */
  readonly proven: boolean;
  /** The new resolver of Python 2.7's pip answers as we do, the old one does not. */
  readonly newResolverAgrees: boolean;
}

/** Resolves a set both ways, compares, and has the target's own Python look at our wheels. */
export async function judgePair(
  set: RequirementSet,
  version: string,
  python: NativePython,
  { host, hostMarkers }: PairOptions,
): Promise<Judgement> {
  const question = [python.version, python.pip, set];
  let natively = await remembered<Outcome>(['native', ...question], () => resolveNatively(python, set));
  const target = targetOf(python);
  const { paths, ...ours } = await resolveOurs(hostMarkers ? await withHostMarkers(target, host) : target, set, host);
  // the index may have changed since
  if (!hostMarkers && compare(natively, ours).verdict !== 'equal') natively = await resolveNatively(python, set);
  const comparison = compare(natively, ours);
  const { verdict } = comparison;
  const hasNewResolver = version === '2.7' && !hostMarkers && verdict !== 'equal' && verdict !== 'both fail';
  const newResolver = (): Promise<Outcome> => resolveNatively(python, set, { newResolver: true });
  return {
    set: set.name,
    version,
    verdict,
    comparison,
    failures: {
      ...('failure' in natively ? { native: natively.failure } : {}),
      ...('failure' in ours ? { ours: ours.failure } : {}),
    },
    incomplete:
      paths.length === 0
        ? null
        : await remembered(['complete', ...question, paths], () => proveComplete(python, set, paths)),
    proven: paths.length > 0,
    newResolverAgrees:
      hasNewResolver && compare(await remembered(['new resolver', ...question], newResolver), ours).verdict === 'equal',
  };
}

/** Why a pair is not equal, null when nobody knows. */
export function explanationOf({ verdict, newResolverAgrees, incomplete }: Judgement): string | null {
  if (verdict === 'both fail') return 'neither finds a set';
  if (newResolverAgrees) return 'its new resolver chooses as we do';
  // there is no choice to be equal to
  if (verdict === 'only ours' && incomplete === null) return 'its own Python finds our choice complete';
  return null;
}
