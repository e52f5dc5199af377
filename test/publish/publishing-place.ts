import { hash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { ContentDigester } from '../../src/digest/content-digest.ts';
import { renderFileList } from '../../src/env/file-list.ts';
import type { FileEntry, Manifest } from '../../src/env/manifest.ts';
import { bytesContent } from '../../src/publish/content.ts';
import { publish, type PublishOptions, type PublishResult } from '../../src/publish/publish.ts';
import type { Release } from '../../src/publish/release.ts';
import { openLocalStore } from '../../src/store/local/local-store.ts';
import type { Store } from '../../src/store/store.ts';
import { type ScratchDirectory, scratchDirectory } from '../support/scratch.ts';

/** Path to text. */
export type Files = Readonly<Record<string, string>>;

export const ONE = { 'app/__init__.py': '', 'app/main.py': 'print(1)\n', 'six.py': 'six = 6\n' };
export const TWO = { ...ONE, 'app/main.py': 'print(2)\n' };

/** Where a release of the layout `tree` has its files. */
export function treeOf(release: Release): string {
  if (release.layout !== 'tree') throw new Error(`${release.layout} has no tree`);
  return release.tree;
}

/** A local store of its own for each test. */
export class PublishingPlace {
  #scratch: ScratchDirectory | undefined;
  #store: Store | undefined;

  constructor() {
    beforeEach(() => {
      this.#scratch = scratchDirectory('publish');
      this.#store = openLocalStore(this.root);
    });
    afterEach(() => this.#scratch?.remove());
  }

  get root(): string {
    return join(this.#scratch?.path ?? '', 'env');
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error('there is a store in tests only');
    return this.#store;
  }

  publish(files: Files, options: Partial<PublishOptions> = {}): Promise<PublishResult> {
    return publish({
      store: this.store,
      manifest: manifestOf(files),
      source: { layout: 'tree', content: ({ path }) => bytesContent(Buffer.from(files[path] ?? '')) },
      bootstrap: bootstrap('# bootstrap\n', 1),
      concurrency: 4,
      user: 'alice',
      updateBootstrap: false,
      tool: 'hdfs-venv 0.0.0',
      ...options,
    });
  }

  /** The files under a directory of the store. */
  async readTree(tree: string): Promise<Files> {
    const top = join(this.root, tree);
    const entries = await readdir(top, { recursive: true, withFileTypes: true });
    const files: Record<string, string> = {};
    for (const entry of entries.filter((found) => found.isFile())) {
      const path = join(entry.parentPath, entry.name);
      files[path.slice(top.length + 1)] = await readFile(path, 'utf8');
    }
    return files;
  }

  /** Changes what the announcements of all attempts say of their owner. */
  async changeOwner(change: object): Promise<void> {
    for (const name of await readdir(join(this.root, '.incoming'))) {
      const path = join(this.root, '.incoming', name, 'attempt.json');
      const owner = JSON.parse(await readFile(path, 'utf8')) as object;
      await writeFile(path, JSON.stringify({ ...owner, ...change }));
    }
  }
}

export function bootstrap(text: string, version: number): PublishOptions['bootstrap'] {
  const bytes = Buffer.from(text);
  return { bytes, sha256: hash('sha256', bytes), version, versionOf };
}

/** `# version 2` is version 2, `# bootstrap` 0; anything else is of nobody knows whom. */
function versionOf(bytes: Uint8Array): number | undefined {
  const match = /^# (?:version (\d)|bootstrap)\n$/.exec(Buffer.from(bytes).toString());
  return match === null ? undefined : Number(match[1] ?? 0);
}

function manifestOf(contents: Files): Manifest {
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
    layers: [],
    layout: 'tree',
    digest: hash('sha256', renderFileList(files)),
    target: { python: '3.11.9', abi: 'cp311', platforms: ['manylinux_2_17_x86_64'], profile: 'rhel7' },
    inputs: { requirements: ['six'], digest: '0'.repeat(64) },
    packages: [],
    provided: [],
    allowed: [],
    topLevel: [
      { name: 'app', type: 'directory' },
      { name: 'six.py', type: 'file' },
    ],
    files,
  };
}

/** The store with one method replaced by another that is given the real one. */
export function intercept<Method extends 'put' | 'checksum' | 'renameFile' | 'delete' | 'touch' | 'countReplicas'>(
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
export function watch(real: Store): { watched: Store; calls: { method: string; path: unknown }[] } {
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
