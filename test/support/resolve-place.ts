import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import type { ResolveEvent } from '../../src/resolve/events.ts';
import { pylockName } from '../../src/resolve/lock/lock-name.ts';
import { renderPylock } from '../../src/resolve/lock/write-pylock.ts';
import { type Resolution, type ResolveOptions, resolveWheels } from '../../src/resolve/resolve-wheels.ts';
import { parseTarget, type Target } from '../../src/target/target.ts';
import { type IndexFile, type LocalIndex, startLocalIndex } from './local-index.ts';
import { freshResolveCache } from './resolve-cache.ts';
import { type CommandLineResult, runCommandLine } from './run-command-line.ts';
import { scratchDirectory } from './scratch.ts';

/** A local index, a cache of its own with the pinned pips in it, and a working directory that is new for every test. */
export interface ResolvePlace {
  readonly index: LocalIndex;
  readonly cachePath: string;
  readonly path: string;
  /** Of the latest run. */
  readonly events: readonly ResolveEvent[];
  /** Writes a file into the working directory and returns its name. */
  write(name: string, ...lines: string[]): string;
  /** Resolves for this Python on RHEL 7. */
  run(python: string, requirements: readonly string[], more?: Partial<ResolveOptions>): Promise<Resolution>;
  /** Resolves, writes `pylock.TARGET.toml` into the working directory, forgets what the index was asked for, and returns the lock's path. */
  lock(python: string, requirements: readonly string[], more?: Partial<ResolveOptions>): Promise<string>;
  /** Texts of the notices of the latest run. */
  notices(): string[];
  /** The error that it ends with; fails when there is none. */
  fail(python: string, requirements: readonly string[], more?: Partial<ResolveOptions>): Promise<HdfsVenvError>;
}

/** Sets the place up for all tests of a file: pip knows the index and nothing of this machine's own settings. */
export function useResolvePlace(files: readonly IndexFile[]): ResolvePlace {
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
    index.requests.length = 0;
    for (const name of Object.keys(process.env)) if (/^PIP_|_proxy$/i.test(name)) vi.stubEnv(name, undefined);
    vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
    vi.stubEnv('PIP_INDEX_URL', index.url);
    vi.stubEnv('PIP_RETRIES', '0');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    work.remove();
  });

  const targetOf = (python: string): Target => parseTarget({ python, platform: ['rhel7'] });
  const run: ResolvePlace['run'] = (python, requirements, more = {}) => {
    events.length = 0;
    return resolveWheels({
      requirements,
      target: targetOf(python),
      cacheDirectory: cache.path,
      workingDirectory: work.path,
      onProgress: (event) => events.push(event),
      ...more,
    });
  };
  return {
    get index() {
      return index;
    },
    get cachePath() {
      return cache.path;
    },
    get path() {
      return work.path;
    },
    events,
    write(name, ...lines) {
      mkdirSync(dirname(join(work.path, name)), { recursive: true });
      writeFileSync(join(work.path, name), `${lines.join('\n')}\n`);
      return name;
    },
    run,
    async lock(python, requirements, more) {
      const resolution = await run(python, requirements, more);
      const target = more?.target ?? targetOf(python);
      const path = join(work.path, pylockName(target));
      writeFileSync(path, renderPylock({ target, ...resolution }, work.path));
      index.requests.length = 0;
      return path;
    },
    notices: () => events.filter(({ type }) => type === 'notice').map(({ text }) => text),
    async fail(python, requirements, more) {
      try {
        await run(python, requirements, more);
      } catch (error) {
        if (error instanceof HdfsVenvError) return error;
        throw error;
      }
      throw new Error('It did not fail');
    },
  };
}

/** The same, with the command line run in its working directory, and with its cache. */
export function useCommandLinePlace(files: readonly IndexFile[]): ResolvePlace & {
  hdfsVenv: (...args: string[]) => Promise<CommandLineResult>;
} {
  const place = useResolvePlace(files);
  beforeEach(() => {
    vi.spyOn(process, 'cwd').mockReturnValue(place.path);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const hdfsVenv = (...args: string[]): Promise<CommandLineResult> =>
    runCommandLine(args, { HDFS_VENV_CACHE: place.cachePath });
  // its values are known while a test runs only
  return Object.defineProperties({ hdfsVenv }, Object.getOwnPropertyDescriptors(place)) as ReturnType<
    typeof useCommandLinePlace
  >;
}

/** `lib 1.0` of each wheel. */
export function wheelNames({ wheels }: Resolution): string[] {
  return wheels.map((path) => basename(path).split('-').slice(0, 2).join(' '));
}
