import type * as fs from 'node:fs';

/** A disk that takes several spellings of a name for one, as those of macOS and Windows do. */
export interface FoldingDisk {
  /** Equal for names that are one. */
  readonly fold: (name: string) => string;
  /** How a new name is written down; as given by default. */
  readonly store?: (name: string) => string;
}

/** Directories with this in their name lie on such a disk. */
export const FOLDING = 'folding-disk';

/** By which argument the functions of node:fs take paths; all others see none of the names. */
const PATH_ARGUMENTS: Readonly<Record<string, number>> = {
  access: 1,
  chmod: 1,
  copyFile: 2,
  createReadStream: 1,
  createWriteStream: 1,
  exists: 1,
  link: 2,
  lstat: 1,
  mkdir: 1,
  mkdtemp: 1,
  open: 1,
  readFile: 1,
  readdir: 1,
  rename: 2,
  rm: 1,
  rmdir: 1,
  stat: 1,
  statfs: 1,
  unlink: 1,
  utimes: 1,
  writeFile: 1,
};

/**
 * node:fs, or its promises, with every path below a directory whose name contains `FOLDING` led to the spelling that is
 * there already. Unlike a stubbed method, nothing of the code under test can pass it by.
 *
 * @param module the real one
 * @param original node:fs itself
 */
export function onFoldingDisk<Module extends object>(
  module: Module,
  original: typeof fs,
  disk: () => FoldingDisk,
): Module {
  const lead = (path: unknown): unknown => (typeof path === 'string' ? spelling(original, path, disk()) : path);
  const entries = Object.entries(module).map(([name, value]: [string, unknown]) => {
    const count = PATH_ARGUMENTS[name.replace(/Sync$/, '')];
    if (count === undefined || typeof value !== 'function') return [name, value];
    const wrapped = (...args: unknown[]): unknown =>
      Reflect.apply(value, module, [...args.slice(0, count).map(lead), ...args.slice(count)]);
    return [name, wrapped];
  });
  return Object.fromEntries(entries) as Module;
}

function spelling(original: typeof fs, path: string, { fold, store = (name) => name }: FoldingDisk): string {
  const segments = path.split('/');
  const start = segments.findIndex((segment) => segment.includes(FOLDING)) + 1;
  if (start === 0) return path;
  let led = segments.slice(0, start).join('/');
  for (const segment of segments.slice(start)) {
    const there = list(original, led);
    const known = there.find((name) => name === segment) ?? there.find((name) => fold(name) === fold(segment));
    led += `/${known ?? store(segment)}`;
  }
  return led;
}

function list(original: typeof fs, directory: string): string[] {
  try {
    return original.readdirSync(directory);
  } catch {
    return [];
  }
}
