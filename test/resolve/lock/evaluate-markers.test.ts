import { describe, expect, it } from 'vitest';
import { markerEvaluator, type MarkerQuery } from '../../../src/resolve/lock/evaluate-markers.ts';
import { NO_INDEX_OPTIONS } from '../../../src/resolve/pip/index-options.ts';
import { parseTarget } from '../../../src/target/target.ts';
import { cacheDirectory } from '../../support/cache.ts';
import { findPython } from '../../support/python.ts';
import { evaluatorFor } from './evaluator.ts';

const target = parseTarget({ python: '3.9.25', platform: ['rhel7'] });

/** What every pip that is driven knows. */
const COMMON: readonly (readonly [MarkerQuery, boolean])[] = [
  [{ marker: 'python_version < "3.10"' }, true],
  [{ marker: 'sys_platform == "win32" or platform_machine == "x86_64" and python_full_version >= "3.9.25"' }, true],
  [{ marker: 'python_version >= "3.10"' }, false],
  [{ specifier: '>=3.9.1,<4' }, true],
  [{ specifier: '>=3.10' }, false],
  // of uv's locks: several names at once
  [{ marker: 'extra == "a" and extra == "b"', active: ['a', 'B'] }, true],
  [{ marker: '"a" == extra and extra != "b"', active: ['a', 'b'] }, false],
  [{ marker: 'extra == "a" or (os_name == "nt" and extra == "b")', active: ['b'] }, false],
  [{ marker: 'extra == "a"' }, false],
  [{ marker: '"a" == extra', active: ['a'] }, true],
  [{ marker: 'extra != "a" and extra == "b" and os_name == "posix"', active: 'any' }, true],
  [{ marker: 'extra != "a" and os_name == "nt"', active: 'any' }, false],
];

/** PEP 751. */
const SETS: readonly (readonly [MarkerQuery, boolean])[] = [
  [{ marker: '"Plot_All" in extras', extras: ['plot-all'] }, true],
  [{ marker: '"plot" not in extras' }, true],
  [{ marker: '"default" in dependency_groups or "dev" in dependency_groups', dependencyGroups: ['default'] }, true],
  [{ marker: '"dev" in dependency_groups and python_version < "3.10"', dependencyGroups: ['default'] }, false],
];

describe.each(['3.8', '3.9', '3.10', '3.13'])('evaluate_markers.py on a host with Python %s', (version) => {
  const python = findPython(version);
  it.skipIf(python === undefined)(
    `answers for the target${python === undefined ? ' (skipped: not on this machine)' : ''}`,
    async () => {
      const evaluate = await evaluatorFor(target, python);
      const answers = await evaluate([...COMMON, ...SETS].map(([query]) => query));
      expect(answers.slice(0, COMMON.length)).toStrictEqual(COMMON.map(([, answer]) => answer));
      const tooOld = { error: 'pip 25.0.1 does not know extras and dependency_groups (PEP 751), 25.1 does' };
      expect(answers.slice(COMMON.length)).toStrictEqual(
        SETS.map(([, answer]) => (version === '3.8' ? tooOld : answer)),
      );
    },
  );
});

describe('markerEvaluator', () => {
  it('answers with an error for what cannot be read or compared, and goes on', async () => {
    const evaluate = await evaluatorFor(target);
    const answers = await evaluate([
      { marker: 'nonsense == "x"' },
      { marker: 'extra in "a b"' },
      { specifier: 'three' },
      { marker: 'os_name == "posix"' },
    ]);
    expect(answers).toStrictEqual([
      { error: expect.stringContaining('nonsense') },
      { error: 'extra in: expected == or !=' },
      { error: expect.stringContaining('three') },
      true,
    ]);
  });

  it.each([
    ['2.7', 'linux2', ''],
    ['3.7', 'linux', 'cpython'],
  ])(
    'takes for Python %s the pip that resolves for it, and another one where that knows too little',
    async (version, platform, implementation) => {
      const evaluate = await evaluatorFor(parseTarget({ python: version, platform: ['rhel6'] }));
      const plain: MarkerQuery[] = [
        {
          marker: `sys_platform == "${platform}" and python_version == "${version}" and implementation_name == "${implementation}"`,
        },
        { specifier: `>=${version},!=3.0.*` },
        { marker: 'python_version >= "3.8"' },
      ];
      expect(await evaluate(plain)).toStrictEqual([true, true, false]);
      const sets: MarkerQuery[] = [...plain, { marker: '"a" in extras and python_version < "3.8"', extras: ['a'] }];
      expect(await evaluate(sets)).toStrictEqual([true, true, false, true]);
    },
  );

  it('starts nothing when there is nothing to ask', async () => {
    const evaluate = markerEvaluator(target, {
      python: { path: '/nowhere/python', major: 3, minor: 13 },
      cacheDirectory: '/nowhere',
      index: NO_INDEX_OPTIONS,
      onEvent: () => {},
    });
    expect(await evaluate([])).toStrictEqual([]);
  });

  it('tells that the interpreter fails, and that it was interrupted', async () => {
    const options = {
      python: { path: '/bin/false', major: 3, minor: 13 },
      cacheDirectory: cacheDirectory('resolve'),
      index: NO_INDEX_OPTIONS,
      onEvent: () => {},
    };
    // the pip is there: the evaluator of the tests has fetched it
    await (
      await evaluatorFor(target, findPython('3.13'))
    )([{ specifier: '>=3' }]);
    await expect(markerEvaluator(target, options)([{ specifier: '>=3' }])).rejects.toMatchObject({
      code: 'RESOLVE_MARKERS',
      message: expect.stringContaining('/bin/false: exit code 1'),
    });
    const signal = AbortSignal.abort();
    await expect(markerEvaluator(target, { ...options, signal })([{ specifier: '>=3' }])).rejects.toMatchObject({
      code: 'RESOLVE_INTERRUPTED',
      exit: 'interrupted',
    });
  });
});
