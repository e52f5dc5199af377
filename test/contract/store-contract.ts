import { beforeAll, describe } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { describeDirectories } from './store-contract/directories.ts';
import { describeFiles } from './store-contract/files.ts';
import { describeLists } from './store-contract/lists.ts';
import { describeNames } from './store-contract/names.ts';
import { describePermissions } from './store-contract/permissions.ts';
import { describeRemovalAndTime } from './store-contract/removal-and-time.ts';
import { describeRenames } from './store-contract/renames.ts';
import type { StoreFixture } from './store-contract/fixture.ts';

/** What every store must do. The tests of one store share a root and use names of their own. */
export function describeStoreContract(name: string, makeFixture: () => Promise<StoreFixture>): void {
  describe(`store contract: ${name}`, () => {
    let fixture: StoreFixture;
    let store: Store;
    beforeAll(async () => {
      fixture = await makeFixture();
      store = fixture.open('envs/risk');
      await store.makeDirectory('', 0o755);
      return () => store.close();
    });
    const tested = {
      get fixture() {
        return fixture;
      },
      get store() {
        return store;
      },
    };

    for (const describePart of [
      describeDirectories,
      describeFiles,
      describeNames,
      describeLists,
      describeRenames,
      describeRemovalAndTime,
      describePermissions,
    ])
      describePart(tested);
  });
}
