import { describe, expect, test } from 'vitest';
import { compareListing } from '../../src/publish/compare-tree.ts';
import { directoryLevels, parentDirectories, type Tree } from '../../src/publish/tree.ts';
import type { FileStatus } from '../../src/store/store.ts';

test('the directories of a path, nearest first', () => {
  expect(parentDirectories('a/b/c.py')).toEqual(['a/b', 'a']);
  expect(parentDirectories('c.py')).toEqual([]);
});

test('directories come parents first, each once', () => {
  expect(directoryLevels(['a/b/c.py', 'a/d.py', 'six.py', 'a/b/e.py', 'f/g.py'])).toEqual([['a', 'f'], ['a/b']]);
});

describe('compareListing', () => {
  const files = [entry('a/b.py', 3), entry('a/empty.py', 0)];

  test('finds nothing in an equal tree', () => {
    expect(compareListing(files, tree({ 'a/b.py': 3, 'a/empty.py': 0 }, ['a']))).toEqual([]);
  });

  test('finds what is missing, cut short, planted, and empty directories', () => {
    expect(compareListing(files, tree({ 'a/b.py': 2, 'a/planted.py': 1 }, ['a', 'a/empty']))).toEqual([
      { kind: 'length', path: 'a/b.py', expected: 3, found: 2 },
      { kind: 'missing', path: 'a/empty.py' },
      { kind: 'extra', path: 'a/planted.py' },
      { kind: 'extra', path: 'a/empty' },
    ]);
  });

  test('a directory in place of a file is missing and extra', () => {
    const kinds = compareListing([entry('a', 1)], tree({}, ['a'])).map(({ kind }) => kind);
    expect(kinds).toEqual(['missing', 'extra']);
  });
});

function entry(path: string, size: number): Parameters<typeof compareListing>[0][number] {
  return { path, size, sha256: '0'.repeat(64), mode: '644', hdfsChecksum: '0'.repeat(32) };
}

function tree(sizes: Record<string, number>, directories: string[]): Tree {
  const files = new Map(Object.entries(sizes).map(([path, size]) => [path, status(path, size)]));
  return { files, directories: new Set(directories) };
}

function status(path: string, size: number): FileStatus {
  const name = path.split('/').at(-1) ?? '';
  return { name, type: 'file', size, mode: 0o644, owner: 'alice', group: 'alice', modifiedAt: 0 };
}
