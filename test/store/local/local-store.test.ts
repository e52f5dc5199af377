import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localError } from '../../../src/store/local/local-errors.ts';
import { openLocalStore } from '../../../src/store/local/local-store.ts';
import type { Content, Store } from '../../../src/store/store.ts';
import { scratchDirectory } from '../../support/scratch.ts';

const text = (value: string): Content => ({
  size: Buffer.byteLength(value),
  async *open() {
    yield Buffer.from(value);
  },
});

let scratch: ReturnType<typeof scratchDirectory>;
let root: string;
let store: Store;

beforeEach(async () => {
  scratch = scratchDirectory('local');
  root = join(scratch.path, 'env');
  store = openLocalStore(root);
  await store.makeDirectory('', 0o755);
});
afterEach(() => scratch.remove());

describe('symbolic links', () => {
  const refused = { code: 'STORE_LINK_REFUSED', exit: 'conflict' };

  beforeEach(() => {
    mkdirSync(join(scratch.path, 'outside'));
    writeFileSync(join(scratch.path, 'outside', 'secret'), 'secret');
    symlinkSync(join(scratch.path, 'outside'), join(root, 'out'));
    symlinkSync(join(scratch.path, 'outside', 'secret'), join(root, 'file-out'));
  });

  it('out of the root are not followed on the way to an entry', async () => {
    await expect(store.put('out/planted', text('x'), { mode: 0o644 })).rejects.toMatchObject(refused);
    await expect(store.makeDirectory('out/planted', 0o755)).rejects.toMatchObject(refused);
    await expect(store.stat('out/secret')).rejects.toMatchObject(refused);
    await expect(store.checksum('out/secret')).rejects.toMatchObject(refused);
    await expect(store.delete('out/secret')).rejects.toMatchObject(refused);
    await expect(store.renameFile('out/secret', 'stolen')).rejects.toMatchObject(refused);
    await expect(store.list('')).rejects.toMatchObject(refused);
  });

  it('are replaced and deleted themselves, not what they lead to', async () => {
    await store.put('file-out', text('own'), { mode: 0o644 });
    expect(await store.delete('out')).toBe(true);
    expect(readFileSync(join(scratch.path, 'outside', 'secret'), 'utf8')).toBe('secret');
    expect(readFileSync(join(root, 'file-out'), 'utf8')).toBe('own');
  });

  it('do not fool by a common prefix', async () => {
    mkdirSync(`${root}-evil`);
    symlinkSync(`${root}-evil`, join(root, 'evil'));
    await expect(store.stat('evil')).rejects.toMatchObject(refused);
  });

  it('inside the root are followed, and the root may be one', async () => {
    symlinkSync(root, join(scratch.path, 'alias'));
    const aliased = openLocalStore(join(scratch.path, 'alias'));
    await aliased.put('real', text('real'), { mode: 0o644 });
    symlinkSync('real', join(root, 'inside'));
    expect(await aliased.stat('inside')).toMatchObject({ name: 'inside', type: 'file', size: 4 });
  });
});

it('never writes into a file that also has a committed name', async () => {
  // What a crash between link and unlink leaves.
  await store.put('staged', text('committed'), { mode: 0o644 });
  linkSync(join(root, 'staged'), join(root, 'committed'));
  await store.put('staged', text('another'), { mode: 0o600 });
  expect(readFileSync(join(root, 'committed'), 'utf8')).toBe('committed');
});

it('lets a reader finish with the bytes it began with', async () => {
  const old = 'x'.repeat(1_000_000);
  await store.put('read', text(old), { mode: 0o644 });
  let seen = 0;
  for await (const chunk of store.read('read')) {
    if (seen === 0) await store.put('read', text('new'), { mode: 0o644 });
    seen += chunk.byteLength;
  }
  expect(seen).toBe(old.length);
});

it('refuses what is neither file nor directory', async () => {
  execFileSync('mkfifo', [join(root, 'pipe')]);
  await expect(store.stat('pipe')).rejects.toMatchObject({ code: 'STORE_NOT_A_FILE', exit: 'conflict' });
});

it.skipIf(process.getuid?.() === 0)('says that permission is denied', async () => {
  mkdirSync(join(root, 'closed'));
  chmodSync(join(root, 'closed'), 0o500);
  await expect(store.put('closed/file', text('x'), { mode: 0o644 })).rejects.toMatchObject({
    code: 'STORE_PERMISSION',
    exit: 'permission',
  });
});

describe('localError', () => {
  it.each([
    ['EACCES', 'STORE_PERMISSION', 'permission'],
    ['EPERM', 'STORE_PERMISSION', 'permission'],
    ['EROFS', 'STORE_PERMISSION', 'permission'],
    ['ENOSPC', 'STORE_QUOTA', 'conflict'],
    ['EDQUOT', 'STORE_QUOTA', 'conflict'],
    ['EIO', 'STORE_LOCAL_IO', 'other'],
  ])('%s is %s', (errno, code, exit) => {
    const cause = Object.assign(new Error(`${errno}: it failed`), { code: errno });
    const error = localError('write /srv/env/file', cause);
    expect(error).toMatchObject({ code, exit, cause });
    expect(error.message).toMatch(/^Cannot write \/srv\/env\/file: .+\.$/);
  });

  it('keeps what is not of the operating system as it is said', () => {
    expect(localError('write x', new Error('odd')).message).toBe('Cannot write x: odd.');
  });
});
