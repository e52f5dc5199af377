import { describe, expect, test } from 'vitest';
import { parseNamespacePackages } from '../../../src/env/plan/namespace-files.ts';
import { namespaceStyle } from '../../../src/env/plan/namespace-package.ts';
import { readPathFile } from '../../../src/env/report/path-files.ts';
import { type Allowance, Allowances } from '../../../src/wheel/allowances.ts';
import { STRICT } from '../../../src/wheel/rules.ts';
import { makeEnvironment, temporaryDirectories } from '../../support/environment-maker.ts';
import type { WheelOptions } from '../../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('surprises');

function wheel(name: string, files: WheelOptions['files']): WheelOptions {
  return { name, version: '1.0', ...(files === undefined ? {} : { files }) };
}

/** The code that a build of these wheels ends with; undefined when it succeeds. */
async function codeOf(wheels: readonly WheelOptions[], ...allowed: Allowance[]): Promise<unknown> {
  const rules = { ...STRICT, allowances: new Allowances(allowed) };
  const error: unknown = await makeEnvironment(newDirectory(), wheels, { rules }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error === undefined ? undefined : (error as { code?: unknown }).code;
}

describe('an allowance for the package that loses a path', () => {
  test.each([
    ['ENV_START_UP_FILE', 'sitecustomize.py'],
    ['ENV_STANDARD_LIBRARY', 'enum.py'],
  ] as const)('%s does not let the winner bring it', async (code, path) => {
    const wheels = [wheel('a', { [path]: 'one' }), wheel('b', { [path]: 'two' })];
    const wins: Allowance = { code: 'ENV_CONFLICT', package: 'b' };
    expect(await codeOf(wheels, wins, { code, package: 'a' })).toBe(code);
    expect(await codeOf(wheels, wins, { code, package: 'b' })).toBeUndefined();
  });
});

describe("the cluster's Spark", () => {
  test.each(['pyspark/__init__.py', 'py4j.py', 'pyspark.cpython-37m-x86_64-linux-gnu.so'])(
    'ENV_SPARK_MODULE: %s',
    async (path) => {
      const bringing = wheel('some_spark', { [path]: '' });
      await expect(makeEnvironment(newDirectory(), [bringing])).rejects.toMatchObject({
        code: 'ENV_SPARK_MODULE',
        exit: 'conflict',
        message: expect.stringContaining(`"${path}"`),
        hints: [expect.stringContaining('--provided some-spark'), expect.stringContaining('--allow ENV_SPARK_MODULE=')],
      });
      expect(await codeOf([bringing], { code: 'ENV_SPARK_MODULE', package: 'some-spark' })).toBeUndefined();
    },
  );

  test('stubs and names that only begin like it are fine', async () => {
    const stubs = { 'pyspark/__init__.pyi': '', 'pyspark/sql.pyi': '', 'py4j.pyi': '' };
    expect(await codeOf([wheel('stubs', { ...stubs, 'pyspark_extra.py': '' })])).toBeUndefined();
  });
});

describe('one module from two wheels', () => {
  test.each([
    ['foo.py', 'foo/__init__.py'],
    ['foo.py', 'foo.cpython-37m-x86_64-linux-gnu.so'],
    ['foo.abi3.so', 'foo/__init__.py'],
  ])('ENV_MODULE_TWICE: %s and %s', async (left, right) => {
    const wheels = [wheel('a', { [left]: '' }), wheel('b', { [right]: '' })];
    await expect(makeEnvironment(newDirectory(), wheels)).rejects.toMatchObject({
      code: 'ENV_MODULE_TWICE',
      exit: 'conflict',
      message: expect.stringMatching(/a-1\.0-.*b-1\.0-.* are both the module foo;/),
    });
    expect(await codeOf(wheels, { code: 'ENV_MODULE_TWICE', package: 'b' })).toBeUndefined();
  });

  test('one wheel may bring a source and its extension', async () => {
    expect(await codeOf([wheel('a', { 'foo.py': '', 'foo.cpython-37m-x86_64-linux-gnu.so': '' })])).toBeUndefined();
  });
});

describe('metadata of another distribution', () => {
  test.each(['numpy-99.egg-info/PKG-INFO', 'numpy-99-py3.11.egg-info', 'NumPy.egg-info/PKG-INFO'])(
    'ENV_DIST_INFO: %s',
    async (path) => {
      expect(await codeOf([wheel('a', { [path]: 'Name: numpy\nVersion: 99\n' })])).toBe('ENV_DIST_INFO');
    },
  );

  test('what setuptools leaves of the package itself is harmless', async () => {
    expect(await codeOf([wheel('a_b', { 'a_b.egg-info/PKG-INFO': '', 'A.B-1.0-py3.7.egg-info': '' })])).toBeUndefined();
  });
});

describe('texts that nobody would write', () => {
  test('names of namespaces that no directory can have are left out', () => {
    expect(parseNamespacePackages(`a.b ${'a.'.repeat(60_000)}a ${'a'.repeat(2000)} ${'a.'.repeat(64)}a c`)).toEqual([
      'a.b',
      'c',
    ]);
  });

  test('a large __init__.py declares no namespace, whatever it holds', async () => {
    const comments = '#\n'.repeat(3 * 2 ** 20);
    expect(namespaceStyle(comments)).toBe('none');
    expect(namespaceStyle('#\n'.repeat(1000))).toBe('empty');
    const wheels = [wheel('a', { 'ns/__init__.py': comments }), wheel('b', { 'ns/__init__.py': '' })];
    expect(await codeOf(wheels)).toBe('ENV_CONFLICT');
  });

  test('a .pth file that is too large to be looked into is not called empty', async () => {
    const notes: string[] = [];
    const large = wheel('a', { 'a.pth': 'import x\n'.repeat(120_000) });
    await makeEnvironment(newDirectory(), [large], { onNote: (note) => notes.push(note) });
    expect(notes.join('\n')).toContain('a.pth (a) is too large to be looked into');
  });
});

describe('texts that a careless pattern reads for minutes', () => {
  test('half a .pth of imports, half of directories', () => {
    const text = `${Array.from({ length: 50_000 }, (_, index) => `import a${index}`).join('\n')}\n${'d\n'.repeat(50_000)}`;
    const { imports, directories } = readPathFile('a.pth', text);
    expect([imports.length, directories.length]).toEqual([50_000, 50_000]);
  });

  test('a comment of signs that end lines for some', () => {
    // a pattern that begins anew at every sign takes seconds for each of these: together more than a test may take
    for (let length = 60_000; length < 60_020; length += 1) {
      expect(namespaceStyle(`x = 1 ${'#'.repeat(length)}\u2028`)).toBe('none');
      expect(namespaceStyle(`${'#'.repeat(length)}\u2028`)).toBe('empty');
    }
  });
});
