import { execFileSync } from 'node:child_process';
import { describe, expect, it, test } from 'vitest';
import { PYTHON_2, PYTHON_3, PYTHON_3_SPANS } from '../../src/target/standard-library-names.ts';
import { isStandardModule, type StandardModule, standardModule } from '../../src/target/standard-library.ts';
import { findPython } from '../support/python.ts';

it.each([
  ['json', '2.7.18', true],
  ['logging', '3.11.9', true],
  ['Queue', '2.7.18', true],
  ['Queue', '3.7.16', false],
  ['user', '3.7.16', false],
  ['dataclasses', '3.6.15', false],
  ['dataclasses', '3.7.16', true],
  ['tomllib', '3.10.13', false],
  ['tomllib', '3.11.0', true],
  ['distutils', '3.11.0', true],
  ['distutils', '3.12.0', false],
  ['telnetlib', '3.13.0', false],
  ['compression', '3.13.0', false],
  ['compression', '3.14.0', true],
  ['_compression', '3.14.0', false],
  ['annotationlib', '3.15.0', true],
  ['sys', '3.11.0', true],
  ['_ssl', '2.7.18', true],
  ['_ssl', '3.6.15', true],
  ['test', '3.11.0', false],
  ['constructor', '3.11.0', false],
  ['', '3.11.0', false],
])('%s in Python %s: %s', (name, python, expected) => {
  expect(isStandardModule(name, python)).toBe(expected);
});

it.each([
  ['json', '3.11.0', 'ordinary'],
  ['_sysconfigdata__linux_x86_64-linux-gnu', '3.11.0', 'ordinary'],
  ['_sysconfigdata', '2.7.18', 'ordinary'],
  ['sys', '3.11.0', 'compiled-in'],
  ['__builtin__', '2.7.18', 'compiled-in'],
  ['__builtin__', '3.11.0', undefined],
  ['time', '2.7.18', 'ordinary'],
  ['time', '3.7.16', 'compiled-in'],
  ['test', '3.7.16', 'spare'],
  ['tests', '3.7.16', undefined],
  ['pandas', '3.7.16', undefined],
] satisfies [string, string, StandardModule | undefined][])('%s of Python %s is %s', (name, python, expected) => {
  expect(standardModule(name, python)).toBe(expected);
});

/**
 * All that this Python imports from its own library: its folders, its program, and the list that it has of itself since
 * 3.10. Also whether it finds its own module although a file of that name stands before the library.
 */
const ASK = `
import sys, os, json, tempfile, shutil, subprocess
library = os.path.dirname(os.__file__)
names = set(sys.builtin_module_names) | set(getattr(sys, 'stdlib_module_names', ()))
for folder in [library] + [os.path.join(library, name) for name in ('lib-dynload', 'lib-tk', 'plat-linux2')]:
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        path = os.path.join(folder, name)
        stem = name.split('.')[0]
        if name.endswith('module.so') and sys.version_info[0] == 2:
            names.add(stem[:-len('module')])
        elif name.endswith(('.py', '.so')):
            names.add(stem)
        elif os.path.isdir(path) and os.path.isfile(os.path.join(path, '__init__.py')):
            names.add(name)
front = tempfile.mkdtemp()
for name in names:
    open(os.path.join(front, name + '.py'), 'w').close()
find = '''
import sys, json
if sys.version_info[0] == 2:
    import imp
    find = lambda name: imp.find_module(name)[1]
else:
    import importlib.util
    # not by find_spec of importlib: it answers from sys.modules first
    def find(name):
        for finder in sys.meta_path:
            spec = finder.find_spec(name, None)
            if spec is not None:
                return spec.origin
names = json.loads(sys.stdin.read())
front = sys.argv[1]
sys.path.insert(0, front)
print(json.dumps([name for name in names if (find(name) or '').startswith(front)]))
'''
child = subprocess.Popen([sys.executable, '-S', '-c', find, front], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
hidden = child.communicate(json.dumps(sorted(names)).encode())[0]
shutil.rmtree(front)
print(json.dumps({'version': '%d.%d.%d' % sys.version_info[:3], 'names': sorted(names), 'hidden': json.loads(hidden.decode())}))
`;

/** What tests CPython itself, and examples: no program imports it. */
const ONLY_FOR_TESTS = /^_?(?:test|xx|_xxtest|ctypes_test)|^__(?:hello|phello)|^__main__$/;

const ALL_NAMES = [PYTHON_2, PYTHON_3, ...PYTHON_3_SPANS.map(([, , names]) => names)].flatMap((names) =>
  names.trim().split(/\s+/),
);

describe.each(['2.7', '3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'])('Python %s', (version) => {
  const python = findPython(version);
  test.skipIf(python === undefined)(
    'its own library is known, and whether a file can take the place of a module',
    () => {
      const answer = execFileSync(python ?? '', ['-S', '-E', '-c', ASK], { encoding: 'utf8', stdio: 'pipe' });
      const asked = JSON.parse(answer) as { version: string; names: string[]; hidden: string[] };
      expect(asked.hidden.length).toBeGreaterThan(200);
      const relevant = asked.names.filter((name) => !ONLY_FOR_TESTS.test(name));
      expect(relevant.filter((name) => standardModule(name, asked.version) === undefined)).toEqual([]);
      // only a list of the interpreter's own has what other systems have
      if (asked.names.includes('winreg')) {
        const known = ALL_NAMES.filter((name) => isStandardModule(name, asked.version));
        expect(known.filter((name) => !asked.names.includes(name))).toEqual([]);
      }
      const compiledIn = asked.names.filter((name) => standardModule(name, asked.version) === 'compiled-in');
      expect(compiledIn.filter((name) => asked.hidden.includes(name))).toEqual([]);
    },
  );
});
