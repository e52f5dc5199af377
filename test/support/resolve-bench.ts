import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { beforeEach } from 'vitest';
import type { ResolveEvent } from '../../src/resolve/events.ts';
import type { Resolution, ResolveOptions } from '../../src/resolve/resolve-wheels.ts';
import type { IndexFile, LocalIndex } from './local-index.ts';
import { useResolvePlace } from './resolve-place.ts';

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
  const place = useResolvePlace(files);
  const events: ResolveEvent[] = [];
  beforeEach(() => {
    events.length = 0;
  });
  return {
    get index() {
      return place.index;
    },
    get cachePath() {
      return place.cachePath;
    },
    get workPath() {
      return place.path;
    },
    run: (requirements, build, { python = '3.7.16', ...more } = {}) =>
      place.run(python, requirements, { build, onProgress: (event) => events.push(event), ...more }),
    texts: (type) => events.filter((event) => event.type === type).map(({ text }) => text),
    forget: () => {
      events.length = 0;
      place.index.requests.length = 0;
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
