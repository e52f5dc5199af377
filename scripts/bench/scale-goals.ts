import type { Goal } from './results/result.ts';
import { median } from './results/summarise.ts';
import type { Usage } from './run-measured.ts';
import { peakBytesOf } from './usage-rows.ts';

/** Environments of one size. */
export interface Sized {
  readonly files: number;
  /** Of each run, what each command used, by its name. */
  readonly rounds: readonly ReadonlyMap<string, Usage>[];
}

/** Of the largest environment: bounded memory, and no more time for each file than in the one before it. */
export function scaleGoals(sized: readonly Sized[]): Goal[] {
  const [largest, smaller] = sized.toSorted((left, right) => right.files - left.files);
  if (largest === undefined) return [];
  const size = `${largest.files.toLocaleString('en')} files`;
  return [...(largest.rounds[0]?.keys() ?? [])].flatMap((command): Goal[] => {
    const memory = peakBytesOf(usagesOf(largest, command)) / 1e6;
    const goals: Goal[] = [
      { what: `memory of ${command}, ${size}`, measured: memory, unit: 'MB', aim: { atMost: 400 } },
    ];
    if (smaller === undefined) return goals;
    const measured = perFile(largest, command) / perFile(smaller, command);
    const what = `time per file of ${command}, ${size} beside ${smaller.files.toLocaleString('en')}`;
    return [...goals, { what, measured, unit: '×', aim: { atMost: 1.2 } }];
  });
}

function perFile(sized: Sized, command: string): number {
  return millisecondsPerFile(
    usagesOf(sized, command).map(({ seconds }) => seconds),
    sized.files,
  );
}

/** Of the median. */
export function millisecondsPerFile(seconds: readonly number[], files: number): number {
  return (1000 * median(seconds)) / files;
}

function usagesOf({ rounds }: Sized, command: string): Usage[] {
  return rounds.flatMap((round) => round.get(command) ?? []);
}
