import type { FileStatus, Store } from '../store/store.ts';
import { forEachBounded } from './for-each-bounded.ts';

/** Everything below a directory, by path relative to it. */
export interface Tree {
  readonly files: ReadonlyMap<string, FileStatus>;
  readonly directories: ReadonlySet<string>;
}

/** Lists a directory with all it holds, one level after the other; `undefined` when it does not exist. */
export async function listTree(store: Store, root: string, concurrency: number): Promise<Tree | undefined> {
  const top = await store.list(root);
  if (top === undefined) return undefined;
  const files = new Map<string, FileStatus>();
  const directories = new Set<string>();
  let level: string[] = [];
  const take = (parent: string, entries: readonly FileStatus[]): string[] => {
    const found: string[] = [];
    for (const entry of entries) {
      const path = parent === '' ? entry.name : `${parent}/${entry.name}`;
      if (entry.type === 'file') {
        files.set(path, entry);
      } else {
        directories.add(path);
        found.push(path);
      }
    }
    return found;
  };
  level = take('', top);
  while (level.length > 0) {
    const next: string[] = [];
    await forEachBounded(level, concurrency, async (directory) => {
      const entries = await store.list(`${root}/${directory}`);
      next.push(...take(directory, entries ?? []));
    });
    level = next;
  }
  return { files, directories };
}

/** The directories that a path stands in, nearest first: `a/b/c.py` → `a/b`, `a`. */
export function parentDirectories(path: string): string[] {
  const found: string[] = [];
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    found.push(path.slice(0, slash));
  }
  return found;
}

/** All directories that the given files stand in, grouped by depth, so that each group's parents are in the one before. */
export function directoryLevels(paths: Iterable<string>): string[][] {
  const levels: string[][] = [];
  const directories = new Set([...paths].flatMap(parentDirectories));
  for (const directory of directories) {
    const depth = directory.split('/').length - 1;
    (levels[depth] ??= []).push(directory);
  }
  return levels;
}
