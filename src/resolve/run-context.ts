import type { Target } from '../target/target.ts';
import type { Rules } from '../wheel/rules.ts';
import type { OnResolveEvent } from './events.ts';
import type { ProvideEngine } from './pip/engine.ts';
import type { IndexOptions } from './pip/index-options.ts';

/** What every step of one run works with. */
export interface RunContext {
  readonly target: Target;
  /** Where files come from, besides pip's own settings: flags and requirements files taken together. */
  readonly index: IndexOptions;
  readonly engine: ProvideEngine;
  readonly cacheDirectory: string;
  /** Private to this run. */
  readonly scratch: string;
  readonly workingDirectory: string;
  /** For wheels that are opened; strict by default. */
  readonly rules?: Rules | undefined;
  readonly onEvent: OnResolveEvent;
  readonly signal: AbortSignal | undefined;
}
