import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildEnvironment } from '../../../src/env/build/build-environment.ts';
import { planTree } from '../../../src/env/plan/plan.ts';
import { HdfsVenvError } from '../../../src/errors/hdfs-venv-error.ts';
import { Allowances } from '../../../src/wheel/allowances.ts';
import { openWheel } from '../../../src/wheel/open-wheel.ts';
import { STRICT } from '../../../src/wheel/rules.ts';
import { BUILD_DEFAULTS, makeEnvironment, readTree, temporaryDirectories } from '../../support/environment-maker.ts';
import { recordHash, type WheelOptions, writeWheel } from '../../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('settle');
const PKGUTIL = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";
const RESOURCES = '__import__("pkg_resources").declare_namespace(__name__)\n';

function wheel(name: string, files: Record<string, string | Buffer>, more: Partial<WheelOptions> = {}): WheelOptions {
  return { name, version: '1.0', files, ...more };
}

async function treeOf(...wheels: readonly WheelOptions[]): Promise<ReturnType<typeof readTree>> {
  const { directory } = await makeEnvironment(newDirectory(), wheels);
  return readTree(join(directory, 'venv'));
}

describe('one wheel has two files for one path', () => {
  test('with other bytes: both origins are named, and no allowance helps', async () => {
    const twice = wheel('risk', { 'risk/x.py': 'one', 'risk-1.0.data/purelib/risk/x.py': 'two' });
    const allowances = new Allowances([{ code: 'ENV_CONFLICT', package: 'risk' }]);
    for (const rules of [STRICT, { ...STRICT, allowances }]) {
      await expect(makeEnvironment(newDirectory(), [twice], { rules })).rejects.toMatchObject({
        code: 'ENV_DUPLICATE_PATH',
        exit: 'conflict',
        message: expect.stringMatching(
          /risk-1\.0-py3-none-any\.whl brings "risk\/x\.py" twice .* as "risk\/x\.py" .* as "risk-1\.0\.data\/purelib\/risk\/x\.py"/,
        ),
      });
    }
  });

  test('with the same bytes: it is there once, and once in RECORD', async () => {
    const tree = await treeOf(wheel('risk', { 'risk/x.py': 'one', 'risk-1.0.data/platlib/risk/x.py': 'one' }));
    expect(tree['risk/x.py']?.text).toBe('one');
    expect(tree['risk-1.0.dist-info/RECORD']?.text.match(/risk\/x\.py/g)).toHaveLength(1);
  });

  test('a file that is a directory by .data: one wheel is named once', async () => {
    await expect(treeOf(wheel('risk', { risk: 'x', 'risk-1.0.data/purelib/risk/x.py': '' }))).rejects.toMatchObject({
      code: 'ENV_FILE_AND_DIRECTORY',
      message: expect.stringContaining('as well'),
    });
  });
});

describe('files that were moved meet others', () => {
  const script = '#!python\nprint(1)\n';
  const rewritten = '#!/usr/bin/env python\nprint(1)\n';

  test('a script and a plain file: what counts are the bytes in the tree', async () => {
    const moved = wheel('a', { 'a-1.0.data/scripts/run': script });
    await expect(treeOf(moved, wheel('b', { 'bin/run': script }))).rejects.toMatchObject({ code: 'ENV_CONFLICT' });
    for (const [left, right] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const tree = await treeOf(
        wheel(left, { [`${left}-1.0.data/scripts/run`]: script }),
        wheel(right, { 'bin/run': rewritten }),
      );
      expect(tree['bin/run']).toEqual({ text: rewritten, mode: '755' });
      for (const name of ['a', 'b']) {
        expect(tree[`${name}-1.0.dist-info/RECORD`]?.text).toContain(
          `bin/run,${recordHash(Buffer.from(rewritten))},${rewritten.length}\n`,
        );
      }
    }
  });

  test('headers lie below the name of their distribution, and can still be met', async () => {
    const a = wheel('a', { 'a-1.0.data/headers/x.h': 'one' });
    await expect(treeOf(a, wheel('b', { 'b-1.0.data/headers/x.h': 'two' }))).resolves.toBeDefined();
    await expect(treeOf(a, wheel('b', { 'include/site/python3.7/a/x.h': 'two' }))).rejects.toMatchObject({
      code: 'ENV_CONFLICT',
    });
  });
});

describe('ENV_DIST_INFO', () => {
  /** Opened as a wheel that is fine, and changed then: the plan does not rely on what was checked before. */
  function planOf(path: string): Promise<unknown> {
    const opened = ['a', 'b'].map((name) => openWheel(writeWheel(newDirectory(), wheel(name, { [`${name}.py`]: '' }))));
    const wheels = opened.map((one) => ({
      ...one,
      entries: one.entries.map((entry) => (entry.path === 'b.py' ? { ...entry, path } : entry)),
    }));
    return planTree(wheels, '3.7.16');
  }

  test.each([
    ["another distribution's, which is there", 'b-1.0.data/purelib/a-1.0.dist-info/entry_points.txt'],
    ["another distribution's, which is not there", 'b-1.0.data/data/numpy-9.dist-info/METADATA'],
    ["another distribution's, at the top of the wheel", 'numpy-9.dist-info/METADATA'],
    ['in capitals, which Python finds as well', 'numpy-9.DIST-INFO/METADATA'],
    ['its own, where nobody has checked it', 'b-1.0.data/purelib/b-1.0.dist-info/entry_points.txt'],
  ])('%s', async (_, path) => {
    await expect(planOf(path)).rejects.toMatchObject({
      code: 'ENV_DIST_INFO',
      exit: 'conflict',
      message: expect.stringMatching(new RegExp(`^Cannot build the environment: b-1\\.0-.* as "${path}"`)),
    });
  });

  test('a name like it further down is fine', async () => {
    await expect(planOf('b/_vendor/c-1.0.dist-info/METADATA')).resolves.toBeDefined();
  });
});

describe('declarations of a namespace', () => {
  test('alike in style: the content decides, not the name of the package', async () => {
    const [one, other] = [`# one\n${PKGUTIL}`, `# other\n${PKGUTIL}`];
    const first = await treeOf(wheel('a', { 'ns/__init__.py': one }), wheel('b', { 'ns/__init__.py': other }));
    const second = await treeOf(wheel('a', { 'ns/__init__.py': other }), wheel('b', { 'ns/__init__.py': one }));
    expect(first['ns/__init__.py']).toEqual(second['ns/__init__.py']);
  });

  test('of three, the best stays', async () => {
    const texts = ['', RESOURCES, PKGUTIL];
    const tree = await treeOf(...texts.map((text, index) => wheel(`p${index}`, { 'ns/__init__.py': text })));
    expect(tree['ns/__init__.py']?.text).toBe(PKGUTIL);
  });

  test('one that is too large to be read is no empty one', async () => {
    const large = Buffer.alloc(9 * 2 ** 20, '#');
    await expect(
      treeOf(wheel('a', { 'ns/__init__.py': large }), wheel('b', { 'ns/__init__.py': '' })),
    ).rejects.toMatchObject({ code: 'ENV_CONFLICT' });
  });
});

test('a file that does not win is held against its RECORD all the same', async () => {
  const lying = wheel(
    'b',
    { 'shared/x.py': 'other' },
    { record: (rows) => rows.map(([path, hash, size]) => [path, path === 'shared/x.py' ? claimed : hash, size]) },
  );
  const claimed = recordHash(Buffer.from('bytes'));
  await expect(treeOf(wheel('a', { 'shared/x.py': 'bytes' }), lying)).rejects.toMatchObject({
    code: 'WHEEL_RECORD_HASH',
  });
});

/** Wheels that meet in many ways: few names, few contents, all kinds of `.data`, some allowances. */
const anyWheels = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    files: fc.dictionary(
      fc.constantFrom(
        'ns/__init__.py',
        'ns/x.py',
        'NS/x.py',
        'shared.py',
        'shared',
        'shared/y.py',
        'enum.py',
        'test/__init__.py',
        'DATA/purelib/ns/x.py',
        'DATA/scripts/run',
        'DATA/data/bin/run',
      ),
      fc.constantFrom('', PKGUTIL, RESOURCES, '#!python\n', '#!/usr/bin/env python\n', 'x = 1\n'),
      { minKeys: 1, maxKeys: 4, noNullPrototype: true },
    ),
    isExecutable: fc.boolean(),
  }),
  { minLength: 2, maxLength: 4, selector: ({ name }) => name },
);

test('the order of the wheels makes no difference: one manifest, or one error', async () => {
  const outcomes = { built: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(
      anyWheels.chain((wheels) =>
        fc.record({
          wheels: fc.constant(wheels),
          order: fc.shuffledSubarray(wheels, { minLength: wheels.length }),
          allowed: fc.subarray(wheels),
        }),
      ),
      async ({ wheels, order, allowed }) => {
        const base = newDirectory();
        const codes = ['ENV_CONFLICT', 'ENV_STANDARD_LIBRARY'] as const;
        const allowances = new Allowances(
          codes.flatMap((code) => allowed.map(({ name }) => ({ code, package: name }))),
        );
        const build = async (list: typeof wheels, directory: string): Promise<unknown> => {
          const paths = list.map(({ name, files, isExecutable }) => {
            const own = Object.entries(files).map(([path, data]) => [path.replace('DATA', `${name}-1.0.data`), data]);
            const modes = isExecutable ? Object.fromEntries(own.map(([path]) => [path, 0o755])) : {};
            return writeWheel(join(base, 'wheels'), wheel(name, Object.fromEntries(own), { modes }));
          });
          const notes: string[] = [];
          try {
            const options = { ...BUILD_DEFAULTS, rules: { ...STRICT, allowances }, wheels: paths };
            const manifest = await buildEnvironment({ ...options, directory, onNote: (note) => notes.push(note) });
            outcomes.built += 1;
            return { manifest, notes: notes.map((note) => note.replaceAll(directory, '')) };
          } catch (error) {
            if (!(error instanceof HdfsVenvError)) throw error;
            outcomes.refused += 1;
            return { code: error.code, message: error.message };
          }
        };
        expect(await build(order, join(base, 'two'))).toEqual(await build(wheels, join(base, 'one')));
      },
    ),
    { numRuns: 60 },
  );
  expect(outcomes.built).toBeGreaterThan(10);
  expect(outcomes.refused).toBeGreaterThan(10);
});

test('wheels that are refused each: the same one is named, whatever the order', async () => {
  const base = newDirectory();
  const broken = ['a', 'b'].map((name) => writeWheel(base, { ...wheel(name, {}), distInfo: { WHEEL: 'broken' } }));
  const messages = new Set<unknown>();
  for (const wheels of [broken, broken.toReversed()]) {
    const failure: unknown = await buildEnvironment({ ...BUILD_DEFAULTS, wheels, directory: join(base, 'env') }).catch(
      (error: unknown) => error,
    );
    messages.add(failure instanceof Error ? failure.message : failure);
  }
  expect(messages.size).toBe(1);
});
