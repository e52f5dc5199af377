import { afterEach, beforeEach } from 'vitest';
import type { Content, Store } from '../../../src/store/store.ts';
import type { WebHdfsOptions } from '../../../src/store/webhdfs/options.ts';
import { BUDGETS, type Budget, type Budgets } from '../../../src/store/webhdfs/retry.ts';
import { openWebHdfsStore } from '../../../src/store/webhdfs/webhdfs-store.ts';
import { FakeWebHdfs } from '../../support/fake-webhdfs.ts';

const fast = (budget: Budget): Budget => ({ ...budget, tries: Math.min(budget.tries, 20), pause: 1, longest: 1 });

/** The usual numbers of tries with pauses of a millisecond; those of the first contact are the client's own. */
const FAST_BUDGETS: Partial<Budgets> = Object.fromEntries(
  Object.entries(BUDGETS)
    .filter(([action]) => action !== 'unreachable')
    .map(([action, budget]) => [action, fast(budget)]),
);

export const ROOT = '/user/alice/env';

export const text = (value: string): Content => ({
  size: Buffer.byteLength(value),
  async *open() {
    yield Buffer.from(value);
  },
});

/** Content of many chunks. */
export const large = (chunks: number, chunkBytes = 64 * 1024): Content => ({
  size: chunks * chunkBytes,
  async *open() {
    for (let index = 0; index < chunks; index += 1) yield Buffer.alloc(chunkBytes, index);
  },
});

export const FILE = { mode: 0o644 };

/** Stores on fakes, made for each test and closed behind it. */
export class FakeStores {
  #fakes: FakeWebHdfs[] = [];
  #stores: Store[] = [];
  /** What the user was told about waiting. */
  notes: string[] = [];

  constructor() {
    beforeEach(async () => {
      this.notes = [];
      this.#fakes = await Promise.all([FakeWebHdfs.start(), FakeWebHdfs.start()]);
      this.fake.makeDirectories(ROOT);
    });
    afterEach(async () => {
      await Promise.all(this.#stores.splice(0).map((store) => store.close()));
      await Promise.all(this.#fakes.map((fake) => fake.close()));
    });
  }

  get fake(): FakeWebHdfs {
    return this.#at(0);
  }

  /** A second NameNode, for high availability. */
  get other(): FakeWebHdfs {
    return this.#at(1);
  }

  open(options: Partial<WebHdfsOptions> = {}): Store {
    const store = openWebHdfsStore({
      nameNodes: [{ host: '127.0.0.1', port: this.fake.nameNodePort }],
      path: ROOT,
      user: 'alice',
      onWait: (note) => this.notes.push(note),
      ...options,
      limits: { stall: 5000, ...options.limits, budgets: { ...FAST_BUDGETS, ...options.limits?.budgets } },
    });
    this.#stores.push(store);
    return store;
  }

  #at(index: number): FakeWebHdfs {
    const fake = this.#fakes[index];
    if (fake === undefined) throw new Error('no fake is running');
    return fake;
  }
}
