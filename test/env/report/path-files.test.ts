import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPathFile } from '../../../src/env/report/path-files.ts';
import { temporaryDirectories } from '../../support/environment-maker.ts';
import { hostPython } from '../../support/python.ts';

const newDirectory = temporaryDirectories('path-files');

/** As setuptools wrote it, with the middle left out. */
const NAMESPACE =
  "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('zope',));m = has_mfs and 1\n";

test.each<[string, string, string, object]>([
  ['one namespace', 'zope.event-4.5.0-py3.6-nspkg.pth', NAMESPACE, { kind: 'namespace', directories: [] }],
  ['two namespaces', 'a-nspkg.pth', NAMESPACE + NAMESPACE, { kind: 'namespace' }],
  ['a namespace and a directory', 'a.pth', `${NAMESPACE}more\n`, { kind: 'other', directories: ['more'] }],
  ['a name that lies', 'a-nspkg.pth', 'import os; os.system("x")\n', { kind: 'other' }],
  ['nothing', 'a.pth', '# words\n\n  \n', { kind: 'other', directories: [], imports: [] }],
])('%s', (_name, path, text, found) => {
  expect(readPathFile(path, text)).toMatchObject({ path, ...found });
});

test("Python's site module runs and adds the same lines", () => {
  const directory = newDirectory();
  const lines = [
    '# comment',
    '',
    'lib one',
    "import sys; sys.ran = ['space']",
    "import\tsys; sys.ran.append('tab')",
    'importlib2',
  ];
  for (const name of ['lib one', 'importlib2']) mkdirSync(join(directory, name));
  const text = `${lines.join('\n')}\n`;
  writeFileSync(join(directory, 'a.pth'), text);
  const script =
    'import json, os, site, sys; before = set(sys.path); site.addsitedir(sys.argv[1]); ' +
    'added = [os.path.relpath(p, os.path.realpath(sys.argv[1])) for p in map(os.path.realpath, sys.path) if p not in before]; ' +
    'print(json.dumps([sorted(p for p in added if p in ("lib one", "importlib2")), sys.ran]))';
  const [added, ran] = JSON.parse(execFileSync(hostPython(), ['-c', script, directory], { encoding: 'utf8' })) as [
    string[],
    string[],
  ];
  const found = readPathFile('a.pth', text);
  expect([...found.directories].sort()).toEqual([...added].sort());
  expect(found.imports).toHaveLength(ran.length);
});
