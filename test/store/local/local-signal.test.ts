import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLocalStore } from '../../../src/store/local/local-store.ts';
import type { Content, Store } from '../../../src/store/store.ts';
import { scratchDirectory } from '../../support/scratch.ts';

const MODE = { mode: 0o644 };
const reason = new Error('interrupted');

const chunks = (count: number): Content => ({
  size: count,
  async *open() {
    for (let chunk = 0; chunk < count; chunk += 1) yield Buffer.from('x');
  },
});

let scratch: ReturnType<typeof scratchDirectory>;
let controller: AbortController;
let store: Store;

beforeEach(async () => {
  scratch = scratchDirectory('local-signal');
  const root = join(scratch.path, 'env');
  const before = openLocalStore(root);
  await before.makeDirectory('', 0o755);
  const long = Buffer.alloc(1_000_000);
  await before.put(
    'long',
    {
      size: long.length,
      open: async function* () {
        yield long;
      },
    },
    MODE,
  );
  await before.put('empty', chunks(0), MODE);
  controller = new AbortController();
  store = openLocalStore(root, controller.signal);
});
afterEach(() => scratch.remove());

async function readAll(path: string, onChunk: () => void): Promise<void> {
  for await (const chunk of store.read(path)) if (chunk.byteLength > 0) onChunk();
}

it('is heard before a call begins', async () => {
  controller.abort(reason);
  await expect(store.stat('long')).rejects.toBe(reason);
  await expect(readAll('empty', () => undefined)).rejects.toBe(reason);
});

it('is heard in the middle of a file that is read', async () => {
  await expect(readAll('long', () => controller.abort(reason))).rejects.toBe(reason);
});

it('is heard in the middle of a file that is written', async () => {
  let written = 0;
  const onProgress = (bytes: number): void => {
    written += bytes;
    if (written === 3) controller.abort(reason);
  };
  await expect(store.put('written', chunks(10), { ...MODE, onProgress })).rejects.toBe(reason);
  expect(written).toBe(3);
});

it('is heard in the middle of a list', async () => {
  const listing = store.list('');
  controller.abort(reason);
  await expect(listing).rejects.toBe(reason);
});

it('is why a call under way fails, whatever else went wrong', async () => {
  const making = store.makeDirectory('absent/directory', 0o755);
  const writing = store.put('absent/file', chunks(1), MODE);
  controller.abort(reason);
  await expect(making).rejects.toBe(reason);
  await expect(writing).rejects.toBe(reason);
});
