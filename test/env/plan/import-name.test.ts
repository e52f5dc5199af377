import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isImportable, modulesAtTop } from '../../../src/env/plan/import-name.ts';
import { temporaryDirectories } from '../../support/environment-maker.ts';
import { findPython } from '../../support/python.ts';

const newDirectory = temporaryDirectories('import-name');

/** Each in a directory of its own that stands on sys.path: does Python take it for `json`? */
const CANDIDATES = [
  'json.py',
  'json.pyc',
  'json.pyi',
  'json.so',
  'json.abi3.so',
  'json.pyd',
  'jsonmodule.so',
  'json.backup.py',
  'json.py.orig',
  'json.cpython-36m-x86_64-linux-gnu.so',
  'json.cpython-37m-x86_64-linux-gnu.so',
  'json.cpython-311-x86_64-linux-gnu.so',
  'json.cpython-313-x86_64-linux-gnu.so',
  'json/__init__.py',
  'json/__init__.pyc',
  'json/__init__.txt',
  'json/other.py',
  'json/deeper/__init__.py',
  'JSON.py',
];

/** Asks for each candidate by itself, without running it. */
const FIND = `
import sys, os, json
def find(directory):
    if sys.version_info[0] == 2:
        import imp
        try:
            path = imp.find_module('json', [directory] + sys.path)[1]
        except ImportError:
            path = ''
    else:
        from importlib.machinery import PathFinder
        path = PathFinder.find_spec('json', [directory] + sys.path).origin
    return path.startswith(directory)
print(json.dumps([find(directory) for directory in json.loads(sys.argv[1])]))
`;

describe.each(['2.7', '3.6', '3.7', '3.11', '3.13'])('Python %s', (version) => {
  const python = findPython(version);
  test.skipIf(python === undefined)('sees what we see', () => {
    const base = newDirectory();
    const directories = CANDIDATES.map((path, index) => {
      const file = join(base, String(index), path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '');
      return join(base, String(index));
    });
    const answer = execFileSync(python ?? '', ['-S', '-E', '-c', FIND, JSON.stringify(directories)], {
      encoding: 'utf8',
    });
    const seen = CANDIDATES.filter((_, index) => (JSON.parse(answer) as boolean[])[index]);
    expect(CANDIDATES.filter((path) => modulesAtTop(path, `${version}.0`).includes('json'))).toEqual(seen);
    expect(seen).toEqual(expect.arrayContaining(['json.py', 'json/__init__.py']));
  });
});

test('names on Python 2 that come from one file', () => {
  expect(modulesAtTop('jsonmodule.so', '2.7.18')).toEqual(['jsonmodule', 'json']);
  expect(modulesAtTop('module.so', '2.7.18')).toEqual(['module']);
  expect(modulesAtTop('jsonmodule.so', '3.7.16')).toEqual(['jsonmodule']);
});

test('what can be imported at all', () => {
  const importable = ['a/b.py', 'a/b.pyc', 'a/b.so', 'a/b/__init__.cpython-37m.so'];
  const others = ['a/b.txt', 'a/py', 'a/.py', 'a/b.so.1', 'a/b.cpython-36m.so', 'a.py/b'];
  expect([...importable, ...others].filter((path) => isImportable(path, '3.7.16'))).toEqual(importable);
});
