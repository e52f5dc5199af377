import { hash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
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
import { scratchDirectory } from '../support/scratch.ts';

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
    await writeFile(top, '# mine\n');
    await publishFiles(ONE, { bootstrap: bootstrap('# version 3\n', 3), updateBootstrap: true });
    expect(await readFile(top, 'utf8')).toBe('# mine\n');
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

  test('a directory that everybody may write to', async () => {
    await mkdir(root);
    await chmod(root, 0o777);
    await expect(publishFiles(ONE)).rejects.toMatchObject({ code: 'PUBLISH_SHARED_WRITABLE', exitCode: 6 });
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
  /** Fails as a crash would: at the given call of a method, and everything after it. */
  const crashAt = async (method: 'put' | 'renameDirectory' | 'renameFile', count: number): Promise<void> => {
    let calls = 0;
    let crashed = false;
    const crashing = new Proxy(store, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (property === method) calls += 1;
          crashed ||= calls > count;
          if (crashed) throw new Error('crash');
          return Reflect.apply(value, target, args);
        };
      },
    });
    await expect(publishFiles(ONE, { store: crashing, concurrency: 1 })).rejects.toThrow('crash');
    expect(await readCurrentRelease(store)).toBeUndefined();
  };

  test.each([
    ['among the files of the tree', 'put', 3, 1],
    ['before the tree gets its place', 'renameDirectory', 0, 0],
    ['between the place of the tree and the release', 'put', 6, 0],
    ['at the commit', 'renameFile', 3, 0],
  ] as const)('%s: only what is missing is sent', async (_, method, count, missing) => {
    await crashAt(method, count);
    const result = await publishFiles(ONE);
    expect(result).toMatchObject({ kind: 'published', uploadedFiles: missing, reusedFiles: 3 - missing });
    expect((await verify({ store, concurrency: 4 })).differences).toEqual([]);
    expect(await readdir(join(root, 'trees'))).toHaveLength(1);
    expect(await readdir(join(root, '.incoming'))).toEqual([]);
  });

  test.each([
    ['its process lives', () => ({ pid: process.ppid })],
    ['it is of another machine', () => ({ host: 'elsewhere.example.invalid' })],
    ['it is of a container of its own', () => ({ processes: 'pid:[1]', pid: 2 ** 30 })],
  ])('is left alone while %s', async (_, owner) => {
    await crashAt('put', 3);
    await changeOwner(owner());
    expect(await publishFiles(ONE)).toMatchObject({ kind: 'published', uploadedFiles: 3 });
    expect(await readdir(join(root, '.incoming'))).toHaveLength(1);
  });

  test('of another machine is gone on with when it was silent for ten minutes', async () => {
    await crashAt('put', 3);
    await changeOwner({ host: 'elsewhere.example.invalid' });
    const [name] = await readdir(join(root, '.incoming'));
    const eleven = new Date(Date.now() - 11 * 60_000);
    await utimes(join(root, '.incoming', name ?? '', 'attempt.json'), eleven, eleven);
    expect(await publishFiles(ONE)).toMatchObject({ kind: 'published', uploadedFiles: 1, reusedFiles: 2 });
  });

  test('whose files were damaged meanwhile is not believed', async () => {
    await crashAt('put', 3);
    const [name] = await readdir(join(root, '.incoming'));
    const tree = join(root, '.incoming', name ?? '', 'tree');
    const sent = (await readdir(tree, { recursive: true })).find((path) => path.endsWith('.py'));
    await writeFile(join(tree, sent ?? ''), 'damaged!!\n');
    await writeFile(join(tree, 'planted.py'), '');
    await publishFiles(ONE);
    expect((await verify({ store, concurrency: 4 })).differences).toEqual([]);
  });

  /** A store on which a publisher is taken for dead right when it calls `method` for `path`: another one publishes first. */
  const takenForDeadAt = (method: 'put' | 'renameFile', path: RegExp, base: Store): Store => {
    let taken = false;
    return new Proxy(base, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]): Promise<unknown> => {
          if (property === method && !taken && args.some((arg) => typeof arg === 'string' && path.test(arg))) {
            taken = true;
            const [name = ''] = await readdir(join(root, '.incoming'));
            await rename(join(root, '.incoming', name), join(root, 'fenced'));
            await rm(join(root, 'trees', name), { recursive: true, force: true });
            await rm(join(root, 'fenced'), { recursive: true });
          }
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
  };

  /** Hadoop before 2.8 makes missing parents of a file whatever it is told. */
  const makingParents = (): Store =>
    intercept(store, 'put', async (put, path, content, options) => {
      await mkdir(join(root, path, '..'), { recursive: true });
      await put(path, content, options);
    });

  test.each([
    ['while it uploads', 'put', /tree\/six\.py$/],
    ['while it stages a small file', 'renameFile', /^lists\//],
    ['before its release file is staged', 'put', /release\.json$/],
    ['right before the commit', 'renameFile', /^releases\//],
  ] as const)('that was taken for dead %s cannot commit', async (_, method, path) => {
    const { watched } = watch(takenForDeadAt(method, path, store));
    const fenced = publishFiles(ONE, { store: watched, concurrency: 1 });
    await expect(fenced).rejects.toMatchObject({ code: 'PUBLISH_ATTEMPT_FENCED', exitCode: 7 });
    expect(await releaseNumbers(store)).toEqual([]);
  });

  test('that was taken for dead cannot commit where missing parents are made again', async () => {
    const taken = takenForDeadAt('put', /release\.json$/, makingParents());
    await expect(publishFiles(ONE, { store: taken })).rejects.toMatchObject({ code: 'PUBLISH_ATTEMPT_FENCED' });
    expect(await releaseNumbers(store)).toEqual([]);
  });
});

test('a late write to where the tree was uploaded does not reach the published one', async () => {
  const { watched, calls } = watch(store);
  const { release } = (await publishFiles(ONE, { store: watched })).current;
  const sent = calls.filter(({ method, path }) => method === 'put' && String(path).endsWith('six.py'));
  expect(sent).toHaveLength(1);
  const late = store.put(String(sent[0]?.path), bytesContent(Buffer.from('six')), { mode: 0o644 });
  await expect(late).rejects.toMatchObject({ code: 'STORE_PARENT_MISSING' });
  expect(await readTree(release.tree)).toEqual(ONE);
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

  test('goes past a directory that has the name of a release', async () => {
    await publishFiles(ONE);
    await mkdir(join(root, 'releases', '000002.json'));
    expect(await publishFiles(TWO)).toMatchObject({ kind: 'published', current: { number: 3 } });
  });

  test('is not hindered by an old release that cannot be read', async () => {
    await publishFiles(ONE);
    await publishFiles(TWO);
    await writeFile(join(root, 'releases', '000001.json'), '{}');
    const third = { ...ONE, 'six.py': 'six = 66\n' };
    expect(await publishFiles(third)).toMatchObject({ kind: 'published', current: { number: 3 } });
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

  test('finds a release file that does not agree with its list', async () => {
    await publishFiles(ONE);
    const path = join(root, 'releases', '000001.json');
    const release = JSON.parse(await readFile(path, 'utf8')) as { topLevel: object[]; digest: string };
    await writeFile(path, JSON.stringify({ ...release, fileCount: 9, topLevel: release.topLevel.slice(1) }));
    const { differences } = await verify({ store, concurrency: 4 });
    expect(differences).toMatchObject([{ algorithm: 'fileCount' }, { algorithm: 'topLevel' }]);
    await writeFile(path, JSON.stringify({ ...release, digest: 'f'.repeat(64) }));
    await expect(verify({ store, concurrency: 4 })).rejects.toMatchObject({ code: 'RELEASE_UNREADABLE' });
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
  return { bytes, sha256: hash('sha256', bytes), version, versionOf };
}

/** `# version 2` is version 2, `# bootstrap` 0; anything else is of nobody knows whom. */
function versionOf(bytes: Uint8Array): number | undefined {
  const match = /^# (?:version (\d)|bootstrap)\n$/.exec(Buffer.from(bytes).toString());
  return match === null ? undefined : Number(match[1] ?? 0);
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

/** Changes what the announcements of all attempts say of their owner. */
async function changeOwner(change: object): Promise<void> {
  for (const name of await readdir(join(root, '.incoming'))) {
    const path = join(root, '.incoming', name, 'attempt.json');
    const owner = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...owner, ...change }));
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
