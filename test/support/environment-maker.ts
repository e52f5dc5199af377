import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { buildEnvironment } from '../../src/env/build/build-environment.ts';
import type { BuildOptions } from '../../src/env/build/build-options.ts';
import type { Manifest } from '../../src/env/manifest.ts';
import { wheelPath } from '../../src/resolve/wheel-cache.ts';
import { type ScratchDirectory, scratchDirectory } from './scratch.ts';
import { type WheelOptions, writeWheel } from './wheel-maker.ts';

/** A directory of its own for each use, removed at the end of the test file. */
export function temporaryDirectories(prefix: string): () => string {
  let base: ScratchDirectory | undefined;
  let count = 0;
  afterAll(() => base?.remove());
  return () => {
    base ??= scratchDirectory(prefix);
    count += 1;
    const directory = join(base.path, String(count));
    mkdirSync(directory);
    return directory;
  };
}

/** All that a build needs besides wheels and a directory. Without workers: unit tests need no compiled code. */
export const BUILD_DEFAULTS = {
  target: { python: '3.7.16', abi: 'cp37m', platforms: ['manylinux_2_17_x86_64'], profile: 'rhel7' },
  inputs: { requirements: ['risk'], digest: '0'.repeat(64) },
  provided: [],
  tool: 'hdfs-venv 0.0.0',
  workers: 0,
} satisfies Partial<BuildOptions>;

/** Builds an environment of wheels made on the spot, in `directory/env`; the wheels are in `directory/wheels`. */
export async function makeEnvironment(
  directory: string,
  wheels: readonly WheelOptions[],
  options: Partial<BuildOptions> = {},
): Promise<{ directory: string; manifest: Manifest }> {
  const environment = join(directory, 'env');
  const paths = wheels.map((wheel) => writeWheel(join(directory, 'wheels'), wheel));
  const manifest = await buildEnvironment({ ...BUILD_DEFAULTS, wheels: paths, directory: environment, ...options });
  return { directory: environment, manifest };
}

/**
 * Copies the wheels of `makeEnvironment(directory, …)` to where the command line looks for them: a build by hand has
 * resolved nothing, so no cache holds them.
 * @returns the path of the cache, `directory/cache`, for HDFS_VENV_CACHE
 */
export function cacheWheels(directory: string, manifest: Manifest): string {
  const cache = join(directory, 'cache');
  for (const { wheel, sha256 } of manifest.packages) {
    const path = wheelPath(sha256, wheel, cache);
    mkdirSync(dirname(path), { recursive: true });
    cpSync(join(directory, 'wheels', wheel), path);
  }
  return cache;
}

/** What is on disk: path to content and mode; a directory without files shows as `path/`. */
export function readTree(root: string, prefix = ''): Record<string, { text: string; mode: string }> {
  const found: Record<string, { text: string; mode: string }> = {};
  const entries = readdirSync(join(root, prefix), { withFileTypes: true });
  if (entries.length === 0 && prefix !== '') found[`${prefix}/`] = { text: '', mode: '' };
  for (const entry of entries) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(found, readTree(root, path));
    else found[path] = { text: readFileSync(join(root, path), 'utf8'), mode: modeOf(join(root, path)) };
  }
  return found;
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}
