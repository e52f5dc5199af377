import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeEnvironment, readTree, temporaryDirectories } from '../../support/environment-maker.ts';
import type { WheelOptions } from '../../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('plan');

function wheel(name: string, files: Record<string, string>, more: Partial<WheelOptions> = {}): WheelOptions {
  return { name, version: '1.0', files, ...more };
}

async function codeOf(wheels: readonly WheelOptions[]): Promise<unknown> {
  return await makeEnvironment(newDirectory(), wheels).catch((error: unknown) => error);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('one path with equal bytes in two wheels is fine; an x bit of one of them counts', async () => {
  const run = '#!/bin/sh\n';
  const { directory, manifest } = await makeEnvironment(newDirectory(), [
    wheel('a', { 'shared/run.sh': run }),
    wheel('b', { 'shared/run.sh': run }, { modes: { 'shared/run.sh': 0o755 } }),
  ]);
  expect(readTree(join(directory, 'venv'))['shared/run.sh']).toEqual({ text: run, mode: '755' });
  expect(manifest.files.filter(({ path }) => path === 'shared/run.sh')).toHaveLength(1);
});

test('ENV_CONFLICT names the path, both wheels and both digests', async () => {
  expect(await codeOf([wheel('a', { 'shared/x.py': 'one' }), wheel('b', { 'shared/x.py': 'two' })])).toMatchObject({
    code: 'ENV_CONFLICT',
    exit: 'conflict',
    message: expect.stringMatching(
      new RegExp(
        `"shared/x.py".*a-1.0-py3-none-any.whl \\(sha256 ${sha256('one')}\\).*b-1.0-py3-none-any.whl \\(sha256 ${sha256('two')}\\)`,
      ),
    ),
  });
});

test('ENV_CONFLICT: a file of .data meets a file of another wheel', async () => {
  const moved = wheel('a', { 'a-1.0.data/data/shared/x.py': 'one' });
  expect(await codeOf([moved, wheel('b', { 'shared/x.py': 'two' })])).toMatchObject({ code: 'ENV_CONFLICT' });
});

test('ENV_CONFLICT: an __init__.py that does more than declare a namespace', async () => {
  const declared = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";
  const wheels = [
    wheel('a', { 'ns/__init__.py': declared }),
    wheel('b', { 'ns/__init__.py': `${declared}version = 1\n` }),
  ];
  expect(await codeOf(wheels)).toMatchObject({ code: 'ENV_CONFLICT' });
});

test('two ways to declare a namespace: the one of pkgutil stays, whatever the order, and RECORD is true', async () => {
  const pkgutil = "# here be parts\n__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";
  const resources = '__import__("pkg_resources").declare_namespace(__name__)\n';
  for (const [first, second] of [
    [pkgutil, resources],
    [resources, pkgutil],
  ] as const) {
    const { directory } = await makeEnvironment(newDirectory(), [
      wheel('a', { 'ns/__init__.py': first, 'ns/a.py': '' }),
      wheel('b', { 'ns/__init__.py': second, 'ns/b.py': '' }),
    ]);
    const tree = readTree(join(directory, 'venv'));
    expect(tree['ns/__init__.py']?.text).toBe(pkgutil);
    const digest = createHash('sha256').update(pkgutil).digest('base64url');
    for (const name of ['a', 'b']) {
      expect(tree[`${name}-1.0.dist-info/RECORD`]?.text).toContain(
        `ns/__init__.py,sha256=${digest},${pkgutil.length}\n`,
      );
    }
  }
});

test.each([
  ['ENV_FILE_AND_DIRECTORY', [wheel('a', { thing: 'x' }), wheel('b', { 'thing/x.py': 'x' })]],
  ['ENV_DUPLICATE_DISTRIBUTION', [wheel('a.b', { 'x.py': '' }), { ...wheel('A_b', { 'y.py': '' }), version: '2.0' }]],
  [
    'ENV_DUPLICATE_DISTRIBUTION',
    [wheel('A_b', { 'x.py': '' }), wheel('Z', { 'z.py': '' }), { ...wheel('a.b', { 'y.py': '' }), version: '2.0' }],
  ],
  ['ENV_TOP_LEVEL_NAME', [wheel('a', { 'with space.py': '' })]],
  ['ENV_TOP_LEVEL_NAME', [wheel('a', { 'ä/x.py': '' })]],
  ['ENV_TOP_LEVEL_NAME', [wheel('a', { 'a-1.0.data/data/a#b': '' })]],
  ['ENV_START_UP_FILE', [wheel('a', { 'sitecustomize.py': '' })]],
  ['ENV_START_UP_FILE', [wheel('a', { 'usercustomize/__init__.py': '' })]],
  ['ENV_START_UP_FILE', [wheel('a', { 'a-1.0.data/purelib/sitecustomize.cpython-311-x86_64-linux-gnu.so': '' })]],
  ['ENV_RESERVED_NAME', [wheel('a', { 'activate_env.py': '' })]],
])('%s', async (code, wheels) => {
  expect(await codeOf(wheels)).toMatchObject({
    code,
    exit: 'conflict',
    message: expect.stringContaining('-py3-none-any.whl'),
  });
});

test('names like these, but not at the top or not quite these, are fine', async () => {
  const files = { 'a/sitecustomize.py': '', 'a/activate_env.py': '', 'sitecustomize_helper.py': '', '_a.b-c+1.py': '' };
  await expect(makeEnvironment(newDirectory(), [wheel('a', files)])).resolves.toBeDefined();
});
