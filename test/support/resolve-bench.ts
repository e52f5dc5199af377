import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import type { ResolveEvent } from '../../src/resolve/events.ts';
import { type Resolution, type ResolveOptions, resolveWheels } from '../../src/resolve/resolve-wheels.ts';
import { parseTarget } from '../../src/target/target.ts';
import { type IndexFile, type LocalIndex, startLocalIndex } from './local-index.ts';
import { freshResolveCache } from './resolve-cache.ts';
import { scratchDirectory } from './scratch.ts';

export interface ResolveBench {
  readonly index: LocalIndex;
  readonly cachePath: string;
  /** Fresh for every test. */
  readonly workPath: string;
  run(requirements: readonly string[], build: readonly string[], more?: BenchOptions): Promise<Resolution>;
  /** What was told since the test began, or since `forget`. */
  texts(type: ResolveEvent['type']): string[];
  forget(): void;
  digestOf(fileName: string, algorithm?: string): string;
}

export type BenchOptions = Partial<ResolveOptions> & { readonly python?: string };

/** Sets a file of tests up: a local index of these files, one cache, and none of this machine's own settings. */
export function resolveBench(files: readonly IndexFile[]): ResolveBench {
  let index: LocalIndex;
  let cache: Awaited<ReturnType<typeof freshResolveCache>>;
  let work: ReturnType<typeof scratchDirectory>;
  const events: ResolveEvent[] = [];
  beforeAll(async () => {
    index = await startLocalIndex(files);
    cache = await freshResolveCache();
  }, 300_000);
  afterAll(async () => {
    cache?.remove();
    await index?.close();
  });
  beforeEach(() => {
    work = scratchDirectory('work');
    events.length = 0;
    index.requests.length = 0;
    vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
    vi.stubEnv('PIP_FIND_LINKS', '');
    vi.stubEnv('PIP_EXTRA_INDEX_URL', '');
    vi.stubEnv('PIP_INDEX_URL', index.url);
    vi.stubEnv('PIP_RETRIES', '0');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    work.remove();
  });
  return {
    get index() {
      return index;
    },
    get cachePath() {
      return cache.path;
    },
    get workPath() {
      return work.path;
    },
    run: (requirements, build, { python = '3.7.16', ...more } = {}) =>
      resolveWheels({
        requirements,
        build,
        target: parseTarget({ python, platform: ['rhel7'] }),
        cacheDirectory: cache.path,
        workingDirectory: work.path,
        onProgress: (event) => events.push(event),
        ...more,
      }),
    texts: (type) => events.filter((event) => event.type === type).map(({ text }) => text),
    forget: () => {
      events.length = 0;
      index.requests.length = 0;
    },
    digestOf: (fileName, algorithm = 'sha256') => {
      const file = files.find((one) => one.fileName === fileName);
      return createHash(algorithm)
        .update(file?.content ?? '')
        .digest('hex');
    },
  };
}

/** File names of the wheels. */
export function filesOf({ wheels }: Resolution): string[] {
  return wheels.map((path) => basename(path));
}
