import { type Command, InvalidArgumentError } from 'commander';
import type { Output } from './output.ts';

export interface CommandContext {
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Runs a command's work with its output, and turns what it throws into an exit code. */
export type RunCommand = (
  json: boolean,
  work: (context: CommandContext) => Promise<number | undefined | void>,
) => Promise<void>;

/** One file per command exports one of these. */
export type AddCommand = (program: Command, run: RunCommand) => void;

/** For commander: a whole number from 1 up. */
export function parsePositiveInteger(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1) throw new InvalidArgumentError('It must be a whole number from 1 up.');
  return Number(text);
}

/** For commander: collects the values of an option that may be given several times. */
export function collectValues(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
