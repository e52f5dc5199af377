import type { Target } from '../../target/target.ts';
import type { Candidate } from './choose-pins.ts';
import type { EvaluateMarkers } from './evaluate-markers.ts';
import type { LockPlace } from './locate-file.ts';

/** What reading a lock needs to know, whatever its format. */
export interface LockReading {
  readonly place: LockPlace;
  /** As asked for, in brackets behind the lock's name. */
  readonly extras: readonly string[];
  readonly target: Target;
  /** Normalised names that are left out, with or without wheels. */
  readonly provided: ReadonlyMap<string, string | null>;
  readonly evaluate: EvaluateMarkers;
}

/** What a lock wants on the target. */
export interface LockSelection {
  readonly candidates: readonly Candidate[];
  readonly project: string | null;
  /** Normalised names of what it wants as well and the cluster brings. */
  readonly provided: readonly string[];
}
