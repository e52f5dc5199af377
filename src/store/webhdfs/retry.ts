import { setTimeout as sleep } from 'node:timers/promises';
import type { Action } from './exceptions.ts';
import { Failure } from './failure.ts';

/** How often and how long one cause is retried within one operation. Milliseconds. */
export interface Budget {
  readonly tries: number;
  /** From the first failure of this kind. */
  readonly total: number;
  /** The first pause; each further one doubles, up to `longest`, ±50 %. */
  readonly pause: number;
  readonly longest: number;
}

const MINUTE = 60_000;

/** The causes that pass; every other action ends the operation at once. */
export const BUDGETS = {
  unreachable: { tries: 1, total: 5000, pause: 100, longest: 100 },
  'fail-over': { tries: 15, total: 2 * MINUTE, pause: 500, longest: 15_000 },
  lost: { tries: 15, total: 2 * MINUTE, pause: 500, longest: 15_000 },
  'back-off': { tries: Infinity, total: 2 * MINUTE, pause: 500, longest: 15_000 },
  'safe-mode': { tries: Infinity, total: 2 * MINUTE, pause: 1000, longest: 2000 },
  resend: { tries: 5, total: Infinity, pause: 200, longest: 5000 },
  reconnect: { tries: 5, total: Infinity, pause: 500, longest: 15_000 },
  exclude: { tries: 4, total: Infinity, pause: 0, longest: 0 },
  avoid: { tries: 30, total: 2 * MINUTE, pause: 20, longest: 2000 },
  'no-data-node': { tries: 3, total: Infinity, pause: 2000, longest: 10_000 },
  lease: { tries: Infinity, total: 90_000, pause: 1000, longest: 10_000 },
} satisfies Partial<Record<Action, Budget>>;

export type RetriedAction = keyof typeof BUDGETS;
export type Budgets = Readonly<Record<RetriedAction, Budget>>;

/** Holds back every request of a store while one of them waits for all. */
export class Gate {
  #opening: Promise<void> | undefined;

  /** Returns when no pause is under way. */
  async passed(): Promise<void> {
    while (this.#opening !== undefined) await this.#opening;
  }

  /** Pauses all; who comes while a pause is under way joins it. */
  async pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.#opening ??= sleepUnlessAborted(milliseconds, signal).finally(() => {
      this.#opening = undefined;
    });
    await this.#opening;
  }
}

export interface RetryContext {
  readonly budgets: Budgets;
  readonly nameNodeCount: number;
  readonly gate: Gate;
  readonly signal: AbortSignal;
  /** Called before every pause. */
  readonly onPause: (failure: Failure, milliseconds: number) => void;
}

/** The retries of one operation. */
export class Retries {
  readonly #context: RetryContext;
  readonly #spent = new Map<RetriedAction, { tries: number; since: number }>();

  constructor(context: RetryContext) {
    this.#context = context;
  }

  /** Runs `work` until it succeeds or fails for good; a `lost` answer is handed to the caller at once. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      await this.#context.gate.passed();
      this.#context.signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        // whoever asked has to look first
        if (error instanceof Failure && error.action === 'lost') throw error;
        await this.after(error);
      }
    }
  }

  /**
   * Returns when it is time for the next try.
   * @throws what was given when there is none: it is no failure of a request, does not pass, or its budget is spent
   */
  async after(error: unknown): Promise<void> {
    this.#context.signal.throwIfAborted();
    if (!(error instanceof Failure) || !isRetried(error.action)) throw error;
    const pause = this.#nextPause(error.action, error);
    if (pause === undefined) throw error;
    if (pause > 0) this.#context.onPause(error, pause);
    if (error.action === 'safe-mode') await this.#context.gate.pause(pause, this.#context.signal);
    else if (pause > 0) await sleepUnlessAborted(pause, this.#context.signal);
    this.#context.signal.throwIfAborted();
  }

  #nextPause(action: RetriedAction, failure: Failure): number | undefined {
    const budget = this.#context.budgets[action];
    const now = performance.now();
    const spent = this.#spent.get(action) ?? { tries: 0, since: now };
    this.#spent.set(action, { ...spent, tries: spent.tries + 1 });
    if (spent.tries >= budget.tries || now - spent.since >= budget.total) return undefined;
    // Another NameNode is tried at once; only when all have failed it is worth waiting.
    if (action === 'fail-over' && spent.tries < this.#context.nameNodeCount - 1) return 0;
    const doubled = Math.min(budget.longest, budget.pause * 2 ** spent.tries);
    const jittered = doubled * (0.5 + Math.random());
    return Math.min(Math.max(jittered, failure.retryAfter), budget.total - (now - spent.since));
  }
}

async function sleepUnlessAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    // aborted: whoever slept looks at the signal next
  }
}

function isRetried(action: Action): action is RetriedAction {
  return action in BUDGETS;
}
