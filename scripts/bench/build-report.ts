import { layOut, median } from './report.ts';
import type { Usage } from './run-measured.ts';

export interface UsageSummary {
  readonly peer: string;
  readonly seconds: readonly number[];
  readonly medianSeconds: number;
  /** This median divided by that of the first peer. */
  readonly ratio: number;
  /** Medians of the processor time, in seconds. */
  readonly user: number;
  readonly system: number;
  /** The largest of all runs. */
  readonly peakBytes: number;
}

/** One line per peer, in the order of the map, whose first one is the reference. */
export function summariseUsages(measured: ReadonlyMap<string, readonly Usage[]>): UsageSummary[] {
  const medians = (usages: readonly Usage[], key: 'seconds' | 'user' | 'system'): number =>
    median(usages.map((usage) => usage[key]));
  const [reference = []] = measured.values();
  return [...measured].map(([peer, usages]) => ({
    peer,
    seconds: usages.map(({ seconds }) => seconds),
    medianSeconds: medians(usages, 'seconds'),
    ratio: medians(usages, 'seconds') / medians(reference, 'seconds'),
    user: medians(usages, 'user'),
    system: medians(usages, 'system'),
    peakBytes: Math.max(...usages.map(({ peakBytes }) => peakBytes)),
  }));
}

/** A table in plain text, the reference first. */
export function renderUsages(summaries: readonly UsageSummary[]): string {
  const rows = summaries.map((row) => [
    row.peer,
    row.seconds.map((seconds) => seconds.toFixed(2)).join(' / '),
    row.medianSeconds.toFixed(2),
    row.ratio.toFixed(2),
    row.user.toFixed(2),
    row.system.toFixed(2),
    megabytes(row.peakBytes),
  ]);
  return layOut([['', 'seconds', 'median', 'ratio', 'user CPU s', 'system CPU s', 'peak MB'], ...rows]);
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
