import type { Store } from '../../../src/store/store.ts';

export interface StoreFixture {
  /** A store at this path below a directory of the fixture's own. Nothing is there before the first test writes. */
  open(path: string): Store;
  /** The same as another user, who may read and not write; absent where users cannot be had. */
  readonly openAsStranger?: (path: string) => Store;
  /** What the store keeps in one piece; a larger file has several blocks. */
  readonly blockBytes: number;
}

/** What the tests share; there only while one runs. */
export interface StoreUnderTest {
  readonly fixture: StoreFixture;
  /** At `envs/risk`, whose root is there. */
  readonly store: Store;
}
