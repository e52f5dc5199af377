import type { Row } from './results/result.ts';
import { median } from './results/summarise.ts';
import type { Usage } from './run-measured.ts';

/** One row for each peer, with what its processes used: medians of processor time, and the largest memory of all runs. */
export function usageRows(measured: ReadonlyMap<string, readonly Usage[]>): Row[] {
  return [...measured].map(([peer, usages]) => ({
    peer,
    seconds: usages.map(({ seconds }) => seconds),
    columns: usageColumns(usages),
  }));
}

export function usageColumns(usages: readonly Usage[]): Readonly<Record<string, string>> {
  return {
    'user CPU s': median(usages.map(({ user }) => user)).toFixed(2),
    'system CPU s': median(usages.map(({ system }) => system)).toFixed(2),
    'peak MB': megabytes(peakBytesOf(usages)),
  };
}

/** The largest of all runs; `NaN` without one. */
export function peakBytesOf(usages: readonly Usage[]): number {
  return usages.length === 0 ? Number.NaN : Math.max(...usages.map(({ peakBytes }) => peakBytes));
}

/** Millions of bytes. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
