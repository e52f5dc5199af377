import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openLocalStore } from '../../src/store/local/local-store.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { describeStoreContract } from './store-contract.ts';

const scratch = scratchDirectory('local-store');
afterAll(() => scratch.remove());

describeStoreContract('local', () =>
  Promise.resolve({
    open: (path) => openLocalStore(join(scratch.path, path)),
    blockBytes: 1 << 20,
  }),
);
