import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseNamespacePackages } from '../../../src/env/plan/namespace-files.ts';
import { makeEnvironment, readTree, temporaryDirectories } from '../../support/environment-maker.ts';
import { findPython, hostPython } from '../../support/python.ts';
import type { WheelOptions } from '../../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('namespace-files');
const python2 = findPython('2.7');
const PYTHON_2 = { python: '2.7.18', abi: 'cp27mu', platforms: ['manylinux_2_17_x86_64'], profile: 'rhel7' };
const PKGUTIL = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";

/** As setuptools packed a part of a namespace: no `__init__.py`, a `.pth` instead, and the names in dist-info. */
function part(name: string, namespaces: string, files: Record<string, string>): WheelOptions {
  return {
    name,
    version: '1.0',
    tag: 'py2.py3-none-any',
    files: { ...files, [`${name}-1.0-py2.7-nspkg.pth`]: 'import sys, types, os;p = 1\n' },
    distInfo: { 'namespace_packages.txt': namespaces },
  };
}

const EVENT = part('zope_event', 'zope\n', { 'zope/event/__init__.py': 'x = "event"\n' });
const INTERFACE = part('zope_interface', 'zope\n', { 'zope/interface/__init__.py': 'x = "interface"\n' });
/** Names the inner one only. */
const NESTED = part('risk_core', 'risk.models\n', {
  'risk/models/core/__init__.py': 'x = "core"\n',
  'risk/models/data/a.csv': '',
});

/** Imports with nothing but the tree before the standard library: no site-packages, and so no `.pth`. */
function importFrom(python: string, directory: string, code: string): string {
  const script = `import sys; sys.path.insert(0, ${JSON.stringify(join(directory, 'venv'))}); sys.dont_write_bytecode = True; ${code}`;
  return execFileSync(python, ['-S', '-E', '-c', script], { encoding: 'utf8', stdio: 'pipe' }).trim();
}

describe('Python 2', () => {
  test('every directory of a namespace gets an __init__.py, parents too, and no other directory', async () => {
    const { directory, manifest } = await makeEnvironment(newDirectory(), [EVENT, INTERFACE, NESTED], {
      target: PYTHON_2,
    });
    const tree = readTree(join(directory, 'venv'));
    const added = Object.entries(tree).filter(([, { text }]) => text === PKGUTIL);
    expect(added).toEqual([
      ['risk/__init__.py', { text: PKGUTIL, mode: '644' }],
      ['risk/models/__init__.py', { text: PKGUTIL, mode: '644' }],
      ['zope/__init__.py', { text: PKGUTIL, mode: '644' }],
    ]);
    expect(manifest.files.map(({ path }) => path)).toEqual(expect.arrayContaining(added.map(([path]) => path)));
    expect(Object.keys(tree).filter((path) => path.endsWith('__init__.py'))).toHaveLength(6);
  });

  test('they are part of the digest, whatever the order of the wheels', async () => {
    const one = await makeEnvironment(newDirectory(), [EVENT, INTERFACE], { target: PYTHON_2 });
    const other = await makeEnvironment(newDirectory(), [INTERFACE, EVENT], { target: PYTHON_2 });
    const python3 = await makeEnvironment(newDirectory(), [INTERFACE, EVENT]);
    expect(other.manifest.digest).toBe(one.manifest.digest);
    expect(python3.manifest.digest).not.toBe(one.manifest.digest);
    expect(python3.manifest.files.map(({ path }) => path)).not.toContain('zope/__init__.py');
  });

  test('what a wheel brings stays as it is', async () => {
    const declared = part('zope_main', 'zope\n', { 'zope/__init__.py': '# mine\n', 'zope/main.py': '' });
    const { directory } = await makeEnvironment(newDirectory(), [EVENT, declared], { target: PYTHON_2 });
    expect(readTree(join(directory, 'venv'))['zope/__init__.py']?.text).toBe('# mine\n');
  });

  test('a namespace without files gets no directory', async () => {
    const { manifest } = await makeEnvironment(newDirectory(), [part('empty', 'nothing\n', { 'a.py': '' })], {
      target: PYTHON_2,
    });
    expect(manifest.topLevel.map(({ name }) => name)).not.toContain('nothing');
  });

  test('the same build again finds it whole', async () => {
    const base = newDirectory();
    let reused = 0;
    const options = { target: PYTHON_2, onReused: () => (reused += 1) };
    await makeEnvironment(base, [EVENT, INTERFACE], options);
    await makeEnvironment(base, [EVENT, INTERFACE], options);
    expect(reused).toBe(1);
  });

  test.skipIf(python2 === undefined)('Python 2.7 imports all parts from the tree alone', async () => {
    const { directory } = await makeEnvironment(newDirectory(), [EVENT, INTERFACE, NESTED], { target: PYTHON_2 });
    const code =
      'import zope.event, zope.interface, risk.models.core as c; print([zope.event.x, zope.interface.x, c.x])';
    expect(importFrom(python2 ?? '', directory, code)).toBe("['event', 'interface', 'core']");
    // the same tree without what was added: this is what they are for
    const { directory: bare } = await makeEnvironment(newDirectory(), [EVENT, INTERFACE]);
    expect(() => importFrom(python2 ?? '', bare, 'import zope.event')).toThrow(/No module named zope/);
  });
});

test('Python 3 imports a namespace of which one part declares itself and the other does not', async () => {
  const declared: WheelOptions = {
    name: 'declared',
    version: '1.0',
    files: { 'ns/__init__.py': PKGUTIL, 'ns/a/__init__.py': 'x = "a"\n' },
  };
  const silent: WheelOptions = { name: 'silent', version: '1.0', files: { 'ns/b/__init__.py': 'x = "b"\n' } };
  for (const wheels of [[declared, silent], [silent], [EVENT, INTERFACE]]) {
    const { directory } = await makeEnvironment(newDirectory(), wheels);
    const names = wheels.flatMap((one) =>
      Object.keys(one.files ?? {}).flatMap((path) => /^(\w+\/\w+)\/__init__/.exec(path)?.[1]?.replace('/', '.') ?? []),
    );
    const code = names.map((name) => `import ${name}; print(${name}.x)`).join('; ');
    expect(importFrom(hostPython(), directory, code).split('\n')).toEqual(names.map((name) => name.split('.')[1]));
  }
});

test.each([
  ['zope\n', ['zope']],
  ['google\ngoogle.cloud\r\n', ['google', 'google.cloud']],
  ['\n', []],
  ['../x\n/etc\na/b\n.a\na..b\n1a\n', []],
])('%j names %j', (text, names) => {
  expect(parseNamespacePackages(text)).toEqual(names);
});
