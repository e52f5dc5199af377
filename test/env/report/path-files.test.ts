import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { readPathFile } from '../../../src/env/report/path-files.ts';
import { temporaryDirectories } from '../../support/environment-maker.ts';
import { findPython, hostPython } from '../../support/python.ts';

const newDirectory = temporaryDirectories('path-files');

/** As setuptools writes it, from 34 on and before. */
const NAMESPACE =
  "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('azure', 'mgmt'));importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');m = has_mfs and sys.modules.setdefault('azure.mgmt', importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec('azure.mgmt', [os.path.dirname(p)])));m = m or sys.modules.setdefault('azure.mgmt', types.ModuleType('azure.mgmt'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p);m and setattr(sys.modules['azure'], 'mgmt', m)\n";
const OLD_NAMESPACE =
  "import sys,types,os; p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('zope',)); ie = os.path.exists(os.path.join(p,'__init__.py')); m = not ie and sys.modules.setdefault('zope',types.ModuleType('zope')); mp = (m or []) and m.__dict__.setdefault('__path__',[]); (p not in mp) and mp.append(p)\n";

test.each<[string, string, string, object]>([
  ['one namespace', 'zope.event-4.5.0-py3.6-nspkg.pth', NAMESPACE, { kind: 'namespace', directories: [] }],
  ['two namespaces', 'a-nspkg.pth', NAMESPACE + NAMESPACE, { kind: 'namespace' }],
  ['an old one', 'a-nspkg.pth', OLD_NAMESPACE, { kind: 'namespace' }],
  [
    'a line that begins like one',
    'a-nspkg.pth',
    NAMESPACE.replace('m and setattr', 'evil(); m and setattr'),
    { kind: 'other' },
  ],
  ['a line that ends like none', 'a-nspkg.pth', OLD_NAMESPACE.replace(/\n$/, '; import evil\n'), { kind: 'other' }],
  ['a name that is code', 'a-nspkg.pth', OLD_NAMESPACE.replace("('zope',)", "(evil('zope'),)"), { kind: 'other' }],
  ['a byte order mark', 'a.pth', '\uFEFFimport os\n', { kind: 'other', directories: [], imports: ['import os'] }],
  ['a line that ends by U+2028', 'a.pth', '#x\u2028import os\n', { kind: 'other', imports: ['import os'] }],
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

test.each(['2.7', '3.7', '3.11'])('what the setuptools of Python %s writes is a namespace', (version) => {
  const python = findPython(version);
  const script =
    'import sys; from setuptools.namespaces import Installer; ' +
    'sys.stdout.write("".join(Installer()._gen_nspkg_line(name) for name in ("zope", "azure.mgmt.core")))';
  const { exitCode, stdout } = execaSync(python ?? 'false', ['-W', 'ignore', '-c', script], { reject: false });
  if (exitCode !== 0) return;
  expect(readPathFile('a-nspkg.pth', stdout)).toMatchObject({
    kind: 'namespace',
    imports: [expect.anything(), expect.anything()],
  });
});
