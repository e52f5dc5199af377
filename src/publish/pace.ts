/** Enough to keep the DataNodes' few threads busy, which stand still while a file is closed: docs/decisions/0004. */
export const DEFAULT_CONCURRENCY = 128;

/** A quarter of the most at first: 32 of the usual 128 for a cluster, 8 of 32 for a gateway. */
const FIRST_PART = 1 / 4;
const LOWEST_LIMIT = 4;
/** More at once must bring this much more throughput, or it is taken back. */
const WORTHWHILE = 1.1;
/** Of fewer files than this the throughput says little: some take 400 ms more than others. */
const SHORTEST_ROUND = 48;
/** How many rounds a limit is kept and measured after a fall, before a higher one is tried again: other files may behave otherwise. */
const ROUNDS_KEPT = 3;
/** A file costs about as much as this many bytes: opening, closing and naming it takes servers about 10 ms. */
const BYTES_PER_FILE = 1_000_000;

/**
 * How many uploads go on at once: starts low, doubles while that raises the throughput, and halves when the store shows
 * strain; from then on it rises by a quarter at a time (additive increase and multiplicative decrease, as in RFC 5681,
 * with steps that suit the few hundred rounds an upload has). Pure: it knows no clock and no store.
 *
 * A round is as many finished files as may run at once, and not too few. After each change as many as ran before pass
 * unseen; then a round is measured.
 */
export class Pace {
  readonly #most: number;
  #limit: number;
  #hasStrained = false;
  /** The limit before the last rise, and its throughput; undefined when there is nothing to compare. */
  #before: { readonly limit: number; readonly rate: number } | undefined;
  /** How many rounds are measured before the next decision. */
  #rounds = 1;
  /** Files of the round that passes unseen. */
  #unseen = 0;
  /** Strain that files show which were started before the last fall has been answered already. */
  #answered = 0;
  #measured = { since: 0, files: 0, cost: 0 };

  /** @param most never more at once */
  constructor(most: number) {
    this.#most = most;
    this.#limit = Math.max(1, Math.floor(most * FIRST_PART));
  }

  /** How many may run at once now. */
  get limit(): number {
    return this.#limit;
  }

  /** To be told when the first file starts. @param now milliseconds, of a clock that never goes back */
  start(now: number): void {
    this.#measured = { since: now, files: 0, cost: 0 };
  }

  /** To be told of every file that has been uploaded. */
  finished(now: number, bytes: number): void {
    this.#answered = Math.max(0, this.#answered - 1);
    if (this.#unseen > 0) {
      this.#unseen -= 1;
      if (this.#unseen === 0) this.start(now);
      return;
    }
    this.#measured.files += 1;
    this.#measured.cost += 1 + bytes / BYTES_PER_FILE;
    const { since, files, cost } = this.#measured;
    if (files < this.#rounds * Math.max(SHORTEST_ROUND, this.#limit) || now <= since) return;
    const rate = cost / (now - since);
    this.start(now);
    this.#decide(rate);
  }

  /** To be told whenever the store failed as it may when too much is asked for at once. */
  strained(): void {
    if (this.#answered > 0) {
      this.#answered -= 1;
      return;
    }
    this.#answered = this.#limit;
    this.#hasStrained = true;
    this.#before = undefined;
    this.#rounds = ROUNDS_KEPT;
    this.#change(Math.min(this.#limit, Math.max(LOWEST_LIMIT, Math.floor(this.#limit / 2))));
  }

  #decide(rate: number): void {
    if (this.#before !== undefined && rate < WORTHWHILE * this.#before.rate) {
      this.#rounds = ROUNDS_KEPT;
      this.#change(this.#before.limit);
      this.#before = undefined;
      return;
    }
    this.#before = undefined;
    if (this.#limit === this.#most) return;
    this.#rounds = 1;
    this.#before = { limit: this.#limit, rate };
    this.#change(Math.min(this.#most, Math.ceil(this.#limit * (this.#hasStrained ? 1.25 : 2))));
  }

  #change(limit: number): void {
    this.#unseen = this.#limit;
    this.#limit = limit;
  }
}
