import type { Endpoint } from './options.ts';

/** The NameNodes of one file system and which of them is asked. */
export class NameNodes {
  /** True once a NameNode has given a proper answer in this run. */
  hasAnswered = false;
  readonly #endpoints: readonly Endpoint[];
  #active = 0;

  constructor(endpoints: readonly Endpoint[]) {
    if (endpoints.length === 0) throw new RangeError('no NameNode was given');
    this.#endpoints = endpoints;
  }

  get count(): number {
    return this.#endpoints.length;
  }

  get active(): Endpoint {
    const endpoint = this.#endpoints[this.#active];
    if (endpoint === undefined) throw new RangeError(`no NameNode ${this.#active}`);
    return endpoint;
  }

  /** Turns to the next one, unless another of the many requests under way has already turned away from `failed`. */
  turnFrom(failed: Endpoint): void {
    if (failed === this.active) this.#active = (this.#active + 1) % this.#endpoints.length;
  }
}
