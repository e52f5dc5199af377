import type { Failure } from './failure.ts';

/** A pause that is worth a line, and how long the same line is not said again. Milliseconds. */
const WORTH_SAYING = 900;
const SAID_FOR = 15_000;

/** Tells the user why nothing moves, once for all the requests that wait for the same. */
export class WaitNotes {
  readonly #say: ((message: string) => void) | undefined;
  readonly #said = new Map<string, number>();

  constructor(say: ((message: string) => void) | undefined) {
    this.#say = say;
  }

  pausing(failure: Failure, milliseconds: number): void {
    if (this.#say === undefined || milliseconds < WORTH_SAYING) return;
    const what =
      failure.action === 'safe-mode'
        ? `The NameNode ${failure.server} is in safe mode; waiting until it leaves it`
        : `${failure.source} ${failure.server}: ${failure.reason}; trying again`;
    const now = performance.now();
    if ((this.#said.get(what) ?? -Infinity) + SAID_FOR > now) return;
    this.#said.set(what, now);
    this.#say(`${what}.`);
  }
}
