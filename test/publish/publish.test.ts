import { hash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ContentDigester } from '../../src/digest/content-digest.ts';
import { renderFileList } from '../../src/env/file-list.ts';
import type { FileEntry, Manifest } from '../../src/env/manifest.ts';
import { bytesContent } from '../../src/publish/content.ts';
import { publish, type PublishOptions, type PublishResult } from '../../src/publish/publish.ts';
import { readCurrentRelease, releaseNumbers } from '../../src/publish/releases.ts';
import { verify } from '../../src/publish/verify.ts';
import { openLocalStore } from '../../src/store/local/local-store.ts';
import type { Store } from '../../src/store/store.ts';
import { scratchDirectory } from '../support/daemon.ts';

let scratch: ReturnType<typeof scratchDirectory>;
let root: string;
let store: Store;

beforeEach(() => {
  scratch = scratchDirectory('publish');
  root = join(scratch.path, 'env');
  store = openLocalStore(root);
});
afterEach(() => scratch.remove());

const ONE = { 'app/__init__.py': '', 'app/main.py': 'print(1)\n', 'six.py': 'six = 6\n' };
const TWO = { ...ONE, 'app/main.py': 'print(2)\n' };

describe('publish', () => {
  test('makes a release that holds exactly the files of the manifest', async () => {
    const result = await publishFiles(ONE);
    expect(result).toMatchObject({ kind: 'published', uploadedFiles: 3, reusedFiles: 0, current: { number: 1 } });
    const { release } = result.current;
    expect(await readTree(release.tree)).toEqual(ONE);
    expect(await readFile(join(root, release.bootstrap.path), 'utf8')).toBe('# bootstrap\n');
    expect(await readFile(join(root, 'activate_env.py'), 'utf8')).toBe('# bootstrap\n');
    expect(await readdir(join(root, '.incoming'))).toEqual([]);
    expect((await verify({ store, concurrency: 4 })).differences).toEqual([]);
  });

  test('the same again uploads nothing', async () => {
    await publishFiles(ONE);
    const { watched, calls } = watch(store);
    const result = await publishFiles(ONE, { store: watched });
    expect(result).toMatchObject({ kind: 'already-published', uploadedFiles: 0, current: { number: 1 } });
    expect(calls.filter(({ method }) => !['stat', 'list', 'read', 'checksum'].includes(method))).toEqual([]);
  });

  test('other content becomes the next release, and the first stays as it was', async () => {
    const first = await publishFiles(ONE);
    const second = await publishFiles(TWO);
    expect(second).toMatchObject({ kind: 'published', uploadedFiles: 3, current: { number: 2 } });
    expect(await readTree(first.current.release.tree)).toEqual(ONE);
    expect(await readTree(second.current.release.tree)).toEqual(TWO);
  });

  test('an older content becomes current again without an upload', async () => {
    const first = await publishFiles(ONE);
    await publishFiles(TWO);
    const third = await publishFiles(ONE);
    expect(third).toMatchObject({ kind: 'published', uploadedFiles: 0, reusedFiles: 3, current: { number: 3 } });
    expect(third.current.release.tree).toBe(first.current.release.tree);
  });

  test('a published tree that was damaged is not reused: a new one is uploaded', async () => {
    const first = await publishFiles(ONE);
    await writeFile(join(root, first.current.release.tree, 'six.py'), 'six = 7\n');
    const notes: string[] = [];
    const second = await publishFiles(ONE, { onNote: (note) => notes.push(note) });
    expect(second).toMatchObject({ kind: 'published', uploadedFiles: 3, current: { number: 2 } });
    expect((await verify({ store, concurrency: 4 })).differences).toEqual([]);
    expect(notes.join('\n')).toContain('1 differing');
  });

  test('"already published" puts back small files that were removed', async () => {
    const { release } = (await publishFiles(ONE)).current;

    for (const path of ['activate_env.py', release.bootstrap.path, release.list.path]) await rm(join(root, path));
    expect(await publishFiles(ONE)).toMatchObject({ kind: 'already-published', uploadedFiles: 0 });
    expect((await verify({ store, concurrency: 4 })).differences).toEqual([]);
    expect(await readFile(join(root, 'activate_env.py'), 'utf8')).toBe('# bootstrap\n');
  });

  test('a list whose bytes were changed is never relied on', async () => {
    const { release } = (await publishFiles(ONE)).current;
    await writeFile(join(root, release.list.path), '{}');
    await expect(publishFiles(ONE)).rejects.toMatchObject({ code: 'PUBLISH_NAME_TAKEN', exitCode: 4 });
    await expect(verify({ store, concurrency: 4 })).rejects.toMatchObject({ code: 'VERIFY_LIST_DAMAGED' });
  });

  test('activate_env.py at the top is made once, and replaced only on demand and never by an older one', async () => {
    const top = join(root, 'activate_env.py');
    await publishFiles(ONE);
    await publishFiles(ONE, { bootstrap: bootstrap('# version 2\n', 2) });
    expect(await readFile(top, 'utf8')).toBe('# bootstrap\n');
    await publishFiles(ONE, { bootstrap: bootstrap('# version 2\n', 2), updateBootstrap: true });
    expect(await readFile(top, 'utf8')).toBe('# version 2\n');
    await publishFiles(ONE, { bootstrap: bootstrap('# version 1\n', 1), updateBootstrap: true });
    expect(await readFile(top, 'utf8')).toBe('# version 2\n');
  });
});

describe('publish refuses', () => {
  test('a directory that holds something else, and leaves it alone', async () => {
    await mkdir(root);
    await writeFile(join(root, 'thesis.tex'), 'x');
    await expect(publishFiles(ONE)).rejects.toMatchObject({ code: 'PUBLISH_DIRECTORY_NOT_OURS', exitCode: 7 });
    expect(await readdir(root)).toEqual(['thesis.tex']);
  });

  test('a file', async () => {
    await writeFile(root, 'x');
    await expect(publishFiles(ONE)).rejects.toMatchObject({ code: 'PUBLISH_NOT_A_DIRECTORY', exitCode: 7 });
  });

  test('a local file that changed since the build', async () => {
    const content: PublishOptions['content'] = ({ path }) =>
      bytesContent(Buffer.from(path === 'six.py' ? 'six = 7\n' : (ONE[path as keyof typeof ONE] ?? '')));
    await expect(publishFiles(ONE, { content })).rejects.toMatchObject({ code: 'PUBLISH_SOURCE_CHANGED', exitCode: 4 });
    expect(await releaseNumbers(store)).toEqual([]);
  });
});

describe('a store that does not keep what it was sent', () => {
  /** Damages the first `times` files that end in six.py, keeping their length. */
  const damage = (times: number): Store => {
    let left = times;
    return intercept(store, 'put', async (put, path, content, options) => {
      const damaged = path.endsWith('six.py') && left > 0;
      if (damaged) left -= 1;
      await put(path, damaged ? bytesContent(Buffer.alloc(content.size, 'x')) : content, options);
    });
  };

  test('once: the file is sent again', async () => {
    expect(await publishFiles(ONE, { store: damage(1) })).toMatchObject({ kind: 'published' });
    expect((await verify({ store, concurrency: 4 })).differences).toEqual([]);
  });

  test('twice: nothing is published', async () => {
    await expect(publishFiles(ONE, { store: damage(2) })).rejects.toMatchObject({
      code: 'PUBLISH_DATA_CORRUPTED',
      exitCode: 4,
    });
    expect(await readCurrentRelease(store)).toBeUndefined();
  });

  test('a file that is cut short afterwards is found before the commit', async () => {
    const cutting = intercept(store, 'checksum', async (checksum, path) => {
      const result = await checksum(path);
      if (path.endsWith('six.py')) await writeFile(join(root, path), 'six');
      return result;
    });
    await expect(publishFiles(ONE, { store: cutting })).rejects.toMatchObject({ code: 'PUBLISH_TREE_CHANGED' });
    expect(await readCurrentRelease(store)).toBeUndefined();
  });
});

describe('an interrupted attempt', () => {
  /** Fails as a crash would: at the given put, and everything after it. */
  const crashAt = async (count: number): Promise<void> => {
    let puts = 0;
    const crashing = intercept(store, 'put', async (put, path, content, options) => {
      puts += 1;
      if (puts > count) throw new Error('crash');
      await put(path, content, options);
    });
    await expect(publishFiles(ONE, { store: crashing, concurrency: 1 })).rejects.toThrow('crash');
  };

  test('is gone on with when its process is gone: only what is missing is sent', async () => {
    await crashAt(3); // attempt.json and two files of the tree
    await claimDeadProcess();
    const result = await publishFiles(ONE);
    expect(result).toMatchObject({ kind: 'published', uploadedFiles: 1, reusedFiles: 2 });
    expect((await verify({ store, concurrency: 4 })).differences).toEqual([]);
    expect(await readdir(join(root, 'trees'))).toHaveLength(1);
  });

  test('is left alone while its process lives', async () => {
    await crashAt(3);
    expect(await publishFiles(ONE)).toMatchObject({ kind: 'published', uploadedFiles: 3 });
    expect(await readdir(join(root, 'trees'))).toHaveLength(2);
  });

  test('that was taken for dead cannot commit any more', async () => {
    const stalled = intercept(store, 'renameFile', async (renameFile, from, to) => {
      if (to.startsWith('releases/')) {
        await claimDeadProcess();
        expect(await publishFiles(ONE)).toMatchObject({ kind: 'published', uploadedFiles: 0, reusedFiles: 3 });
        const fenced = await renameFile(from, 'releases/000099.json');
        expect(fenced).toBe('missing');
        return fenced;
      }
      return renameFile(from, to);
    });
    await expect(publishFiles(ONE, { store: stalled })).rejects.toMatchObject({ code: 'PUBLISH_ATTEMPT_FENCED' });
    expect(await releaseNumbers(store)).toEqual([1]);
    expect((await verify({ store, concurrency: 4 })).differences).toEqual([]);
  });
});

describe('the commit', () => {
  test('whose answer was lost is recognised', async () => {
    const lossy = intercept(store, 'renameFile', async (renameFile, from, to) => {
      const result = await renameFile(from, to);
      return to.startsWith('releases/') ? 'missing' : result;
    });
    expect(await publishFiles(ONE, { store: lossy })).toMatchObject({ kind: 'published', current: { number: 1 } });
  });

  test('of several publishers of other contents gives each its own number', async () => {
    const contents = [1, 2, 3, 4, 5].map((value) => ({ ...ONE, 'app/main.py': `print(${value})\n` }));
    const results = await Promise.all(contents.map((files) => publishFiles(files)));
    const numbers = results.map(({ current }) => current.number);
    expect(new Set(numbers)).toEqual(new Set([1, 2, 3, 4, 5]));
    for (const number of numbers) expect((await verify({ store, number, concurrency: 4 })).differences).toEqual([]);
  });

  test('of several publishers of one content makes one release, and no second tree stays', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => publishFiles(ONE)));
    expect(results.map(({ kind }) => kind).filter((kind) => kind === 'published')).toHaveLength(1);
    expect(await releaseNumbers(store)).toEqual([1]);
    expect(await readdir(join(root, 'trees'))).toHaveLength(1);
    expect((await verify({ store, concurrency: 4 })).differences).toEqual([]);
  });

  test('does not happen after an interruption', async () => {
    const controller = new AbortController();
    const interrupting = intercept(store, 'put', async (put, path, content, options) => {
      await put(path, content, options);
      controller.abort();
    });
    await expect(publishFiles(ONE, { store: interrupting, signal: controller.signal })).rejects.toThrow('aborted');
    expect(await readCurrentRelease(store)).toBeUndefined();
  });
});

describe('verify', () => {
  test('names every file that is missing, extra, cut short or changed', async () => {
    const { release } = (await publishFiles(ONE)).current;
    const tree = join(root, release.tree);

    await rm(join(tree, 'app/__init__.py'));
    await writeFile(join(tree, 'app/main.py'), 'print(7)\n');
    await writeFile(join(tree, 'app/planted.py'), '');
    await writeFile(join(tree, 'six.py'), 'six');
    await writeFile(join(root, release.bootstrap.path), '# other\n');
    const { differences } = await verify({ store, concurrency: 4 });
    expect(differences.map(({ kind, path }) => [kind, path.replace(release.tree, 'tree')])).toEqual([
      ['checksum', release.bootstrap.path],
      ['missing', 'tree/app/__init__.py'],
      ['checksum', 'tree/app/main.py'],
      ['extra', 'tree/app/planted.py'],
      ['length', 'tree/six.py'],
    ]);
  });

  test('without a release says so', async () => {
    await expect(verify({ store, concurrency: 4 })).rejects.toMatchObject({ code: 'RELEASE_NONE', exitCode: 2 });
    await publishFiles(ONE);
    await expect(verify({ store, number: 5, concurrency: 4 })).rejects.toMatchObject({ code: 'RELEASE_NONE' });
  });
});

function publishFiles(files: Record<string, string>, options: Partial<PublishOptions> = {}): Promise<PublishResult> {
  return publish({
    store,
    manifest: manifestOf(files),
    content: ({ path }) => bytesContent(Buffer.from(files[path] ?? '')),
    bootstrap: bootstrap('# bootstrap\n', 1),
    concurrency: 4,
    user: 'alice',
    updateBootstrap: false,
    tool: 'hdfs-venv 0.0.0',
    ...options,
  });
}

function bootstrap(text: string, version: number): PublishOptions['bootstrap'] {
  const bytes = Buffer.from(text);
  const versionOf = (other: Uint8Array): number | undefined =>
    other[2] === 0x76 ? Number(String.fromCharCode(other[10] ?? 0)) : 0;
  return { bytes, sha256: hash('sha256', bytes), version, versionOf };
}

function manifestOf(contents: Record<string, string>): Manifest {
  const files = Object.entries(contents)
    .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([path, text]): FileEntry => {
      const digester = new ContentDigester();
      digester.update(Buffer.from(text));
      return { path, mode: '644', ...digester.finish() };
    });
  return {
    schemaVersion: 1,
    tool: 'hdfs-venv 0.0.0',
    digest: hash('sha256', renderFileList(files)),
    target: { python: '3.11.9', abi: 'cp311', platforms: ['manylinux_2_17_x86_64'], profile: 'rhel7' },
    inputs: { requirements: ['six'], digest: '0'.repeat(64) },
    packages: [],
    provided: [],
    topLevel: [
      { name: 'app', type: 'directory' },
      { name: 'six.py', type: 'file' },
    ],
    files,
  };
}

async function readTree(tree: string): Promise<Record<string, string>> {
  const entries = await readdir(join(root, tree), { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files[path.slice(join(root, tree).length + 1)] = await readFile(path, 'utf8');
  }
  return files;
}

/** What the announcements of all attempts look like after the crash of their process: its id belongs to nobody. */
async function claimDeadProcess(): Promise<void> {
  for (const id of await readdir(join(root, '.incoming'))) {
    await writeFile(join(root, '.incoming', id, 'attempt.json'), JSON.stringify({ host: hostname(), pid: 2 ** 30 }));
  }
}

/** The store with one method replaced by another that is given the real one. */
function intercept<Method extends 'put' | 'checksum' | 'renameFile'>(
  real: Store,
  method: Method,
  replacement: (original: Store[Method], ...args: Parameters<Store[Method]>) => ReturnType<Store[Method]>,
): Store {
  const original = real[method].bind(real) as Store[Method];
  return new Proxy(real, {
    get: (target, property) => {
      if (property === method) return (...args: Parameters<Store[Method]>) => replacement(original, ...args);
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** The store, with a list of what was called. */
function watch(real: Store): { watched: Store; calls: { method: string; path: unknown }[] } {
  const calls: { method: string; path: unknown }[] = [];
  const watched = new Proxy(real, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        calls.push({ method: String(property), path: args[0] });
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { watched, calls };
}
