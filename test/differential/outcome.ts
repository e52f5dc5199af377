import { normaliseName, parseWheelName } from '../../src/wheel/wheel-name.ts';

/** What a resolution came to. */
export type Outcome =
  | {
      /** File names of the wheels. */
      readonly wheels: readonly string[];
    }
  | {
      /** Why there is none, in a few lines. */
      readonly failure: string;
    };

/**
 * `equal`: the same wheels. `other files`: the same versions, of which at least one comes from another wheel.
 */
export type Verdict = 'equal' | 'both fail' | 'other files' | 'different' | 'only natively' | 'only ours';

export interface Comparison {
  readonly verdict: Verdict;
  /** What only the target's own pip chose: `name==version`, or the file where the versions are the same. */
  readonly onlyNatively: readonly string[];
  readonly onlyOurs: readonly string[];
  /** Normalised names that the target's own pip chose, in whatever version, and we did not. */
  readonly missingNames: readonly string[];
}

/** Holds our outcome against that of the target's own pip. */
export function compare(natively: Outcome, ours: Outcome): Comparison {
  const [nativePins, ourPins] = [pins(natively), pins(ours)];
  const ourNames = new Set(ourPins.map(nameOf));
  const comparison = {
    onlyNatively: without(nativePins, ourPins),
    onlyOurs: without(ourPins, nativePins),
    missingNames: 'wheels' in ours ? nativePins.map(nameOf).filter((name) => !ourNames.has(name)) : [],
  };
  if ('failure' in natively) return { ...comparison, verdict: 'failure' in ours ? 'both fail' : 'only ours' };
  if ('failure' in ours) return { ...comparison, verdict: 'only natively' };
  if (comparison.onlyNatively.length + comparison.onlyOurs.length > 0) return { ...comparison, verdict: 'different' };
  const onlyNatively = without(natively.wheels, ours.wheels);
  if (onlyNatively.length === 0) return { ...comparison, verdict: 'equal' };
  return { ...comparison, verdict: 'other files', onlyNatively, onlyOurs: without(ours.wheels, natively.wheels) };
}

/** `name==version` of every wheel, sorted; none for a failure. */
export function pins(outcome: Outcome): string[] {
  if ('failure' in outcome) return [];
  return outcome.wheels
    .map((fileName) => parseWheelName(fileName))
    .map(({ distribution, version }) => `${normaliseName(distribution)}==${version}`)
    .sort();
}

function nameOf(pin: string): string {
  return pin.replace(/==.*$/, '');
}

function without(left: readonly string[], right: readonly string[]): string[] {
  return left.filter((one) => !right.includes(one));
}
