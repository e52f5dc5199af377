import type { Goal, Row } from './result.ts';

export interface Summary extends Row {
  readonly median: number;
  /** This median divided by that of the reference in the same setting; `NaN` without one. */
  readonly ratio: number;
}

/**
 * Every row with its median and its ratio.
 * @throws Error when there are two rows of the same peer and setting
 */
export function summarise(rows: readonly Row[], reference?: string): Summary[] {
  const names = rows.map(({ peer, setting = '' }) => `${peer}, ${setting}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`There are two rows of ${twice}`);
  return rows.map((row) => ({
    ...row,
    median: median(row.seconds),
    ratio: reference === undefined ? Number.NaN : median(row.seconds) / medianOf(rows, reference, row.setting),
  }));
}

/** Of an even number of values, what lies between the two in the middle; `NaN` of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The median of a peer in a setting, in seconds; `NaN` when it was not measured. */
export function medianOf(rows: readonly Row[], peer: string, setting?: string): number {
  return median(rows.find((row) => row.peer === peer && row.setting === setting)?.seconds ?? []);
}

/** The smallest median of these peers in a setting, in seconds; `NaN` when none of them was measured. */
export function fastestOf(rows: readonly Row[], peers: readonly string[], setting?: string): number {
  const medians = peers.map((peer) => medianOf(rows, peer, setting)).filter((seconds) => !Number.isNaN(seconds));
  return medians.length === 0 ? Number.NaN : Math.min(...medians);
}

/** Undefined when it was not measured. */
export function isMet({ measured, aim }: Goal): boolean | undefined {
  if (Number.isNaN(measured)) return undefined;
  return 'atMost' in aim ? measured <= aim.atMost : measured >= aim.atLeast;
}
