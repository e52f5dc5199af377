import { describe, expect, it } from 'vitest';
import { findProblems } from '../../../src/resolve/failure/find-problems.ts';
import { parseTarget } from '../../../src/target/target.ts';
import { cause, logOf, outcome, readLog } from './pip-outcome.ts';

const target = parseTarget({ python: '3.7.16', platform: ['rhel7'] });
const NUMBERS = { versions: ['1.5+cpu', '1.10rc1', '1.9.1'] };

describe('a package that nothing fits', () => {
  it('comes as source only', () => {
    const causes = [cause('legacy-tool', 'legacy-tool', { by: '-r requirements.txt (line 2)' })];
    const [problem] = findProblems(outcome(readLog('blocked'), { causes }), target);
    expect(problem).toMatchObject({
      kind: 'only-sources',
      text: 'legacy-tool (-r requirements.txt line 2) comes as source only, without any wheel',
    });
    expect(problem?.hint).toContain('--build legacy-tool');
    expect(problem?.hint).toContain('pip wheel --no-deps legacy-tool');
  });

  it('has wheels for others, and a version that fits', () => {
    const causes = [cause('numbers', 'numbers==2.0', { chain: ['plots 1.0'], ...NUMBERS })];
    expect(findProblems(outcome(readLog('versions'), { causes }), target)).toStrictEqual([
      {
        kind: 'no-wheel',
        name: 'numbers',
        text: 'numbers==2.0 (needed by plots 1.0) has no wheel for Python 3.7.16 (cp37m) on rhel7, only for cp37 on win_amd64; the newest version with one is 1.9.1',
        hint: 'Ask for numbers==1.9.1, or for no version.',
      },
    ]);
  });

  it.each([
    // the platform fits, the ABI does not
    ['2.7.18', undefined, ['cp27-cp27m-manylinux1_x86_64', 'cp27-cp27m-win_amd64'], 'the ABI cp27m', 'cp27m'],
    ['3.13.1', 'cp313t', ['cp313-cp313-manylinux_2_17_x86_64', 'cp39-abi3-win_amd64'], 'the ABI cp313', 'cp313'],
    ['3.7.16', 'cp37dm', ['cp37-cp37m-manylinux_2_12_x86_64.manylinux2010_x86_64'], 'the ABI cp37m', 'cp37m'],
    // neither does
    ['2.7.18', undefined, ['cp27-cp27m-win_amd64'], 'cp27 on win_amd64', undefined],
    // the platform does not
    ['3.7.16', 'cp37dm', ['cp37-cp37dm-win_amd64', 'cp38-abi3-win_amd64'], 'cp37 on win_amd64', undefined],
  ])('for Python %s (ABI %s) has wheels for %j: %s', (python, abi, tags, text, other) => {
    const log = logOf(
      '1 location(s) to search for versions of numbers:',
      ...tags.map(
        (tag) =>
          `Skipping link: none of the wheel's tags (x) are compatible: https://example.invalid/numbers-2.0-${tag}.whl`,
      ),
    );
    const given = parseTarget({ python, platform: ['rhel7'], ...(abi === undefined ? {} : { abi }) });
    const [problem] = findProblems(outcome(log, { causes: [cause('numbers', 'numbers==2.0')] }), given);
    expect(problem?.text).toBe(
      `numbers==2.0 has no wheel for Python ${python} (${given.abi}) on rhel7, only for ${text}`,
    );
    expect(problem?.others).toStrictEqual(
      other === undefined ? undefined : [`If the nodes' Python has the ABI ${other}, give --abi ${other}.`],
    );
  });

  it.each([
    [
      'numbers==1.9',
      'requires-python',
      /wants Python >=3\.9, <4, the target is 3\.7\.16; the newest version for it is 1\.9\.1/,
    ],
    ['numbers==1.8', 'only-sources', /comes as source only/],
    ['numbers==7', 'no-version', /^no version of numbers meets numbers==7; the newest .* is 1\.9\.1$/],
  ])('%s: %s', (requirement, kind, text) => {
    const causes = [cause('numbers', requirement, NUMBERS)];
    expect(findProblems(outcome(readLog('versions'), { causes }), target)).toMatchObject([
      { kind, text: expect.stringMatching(text) },
    ]);
  });

  it('is nowhere, and it is said where it was looked for', () => {
    const log = logOf(
      '1 location(s) to search for versions of nope:',
      '* https://example.invalid/simple/nope/',
      'Could not fetch URL https://example.invalid/simple/nope/: 404 Client Error: Not Found for url: x - skipping',
    );
    expect(findProblems(outcome(log, { causes: [cause('nope', 'nope')] }), target)).toMatchObject([
      { kind: 'no-package', text: 'no package nope on https://example.invalid/simple/' },
    ]);
  });

  it('was withdrawn, and what was is no alternative', () => {
    const yanked = [
      { version: '1.9.1', reason: 'loses data' },
      { version: '1.5+cpu', reason: '' },
    ];
    const causes = [cause('numbers', 'numbers>=1.9', { versions: [], yanked })];
    expect(findProblems(outcome(readLog('versions'), { causes }), target)).toStrictEqual([
      {
        kind: 'yanked',
        name: 'numbers',
        text: 'all versions that meet numbers>=1.9 were withdrawn by their authors: 1.9.1 (loses data)',
        hint: 'Take one all the same: name it exactly, numbers==1.9.1.',
      },
    ]);
    const other = [cause('numbers', 'numbers==2.0', { versions: ['1.5+cpu'], yanked: yanked.slice(0, 1) })];
    expect(findProblems(outcome(readLog('versions'), { causes: other }), target)).toMatchObject([
      { kind: 'no-wheel', text: expect.stringMatching(/the newest version with one is 1\.5\+cpu$/) },
    ]);
  });

  it('excludes the target although the index does not say so', () => {
    const causes = [cause('numbers', 'Python >=3.9', { kind: 'python', chain: ['plots 1.0', 'numbers 2.0'] })];
    expect(findProblems(outcome('', { causes }), target)).toMatchObject([
      { kind: 'requires-python', text: 'plots 1.0 → numbers 2.0 wants Python >=3.9, the target is 3.7.16' },
    ]);
  });

  it('is what stands behind a conflict of all versions of what needs it', () => {
    const causes = [
      cause('scipy', 'scipy>=1', { chain: ['boost 2.0'] }),
      cause('scipy', 'scipy', { chain: ['boost 1.0'] }),
      cause('boost', 'boost', { versions: ['2.0', '1.0'] }),
    ];
    expect(findProblems(outcome(readLog('conflict-blocked'), { causes }), target)).toMatchObject([
      { kind: 'only-sources', name: 'scipy' },
    ]);
  });
});

describe('requirements that contradict each other', () => {
  it('are told with the way to each', () => {
    const versions = ['3.0.0', '1.0'];
    const causes = [
      cause('werkzeug', 'Werkzeug>=3.0.0', {
        chain: ['app 1.0', 'flask 3.0.0'],
        by: '-r requirements.txt (line 1)',
        versions,
      }),
      cause('werkzeug', 'Werkzeug<2', { by: '-r requirements.txt (line 3)', versions }),
    ];
    expect(findProblems(outcome(readLog('conflict'), { causes }), target)).toStrictEqual([
      {
        kind: 'conflict',
        name: 'werkzeug',
        text: 'app 1.0 → flask 3.0.0 → Werkzeug>=3.0.0 (-r requirements.txt line 1) against Werkzeug<2 (-r requirements.txt line 3)',
        hint: 'Loosen or remove one of these requirements; werkzeug comes for the target in 3.0.0, 1.0.',
      },
    ]);
  });

  it('may stand in a constraints file', () => {
    const causes = [
      cause('lib', 'lib>=2', { chain: ['app 1.0'], versions: ['2.0', '1.0'] }),
      cause('lib', 'lib<2', { kind: 'constraint', by: '-c constraints.txt (line 7)' }),
    ];
    expect(findProblems(outcome('', { causes }), target)).toMatchObject([
      { kind: 'conflict', text: 'app 1.0 → lib>=2 against lib<2 (-c constraints.txt line 7)' },
    ]);
  });

  it('are no conflict when nothing meets one of them', () => {
    const causes = [
      cause('lib', 'lib', { versions: ['2.0'] }),
      cause('lib', 'lib<2', { kind: 'constraint', by: '-c constraints.txt (line 7)' }),
    ];
    const log = logOf(
      '1 location(s) to search for versions of lib:',
      'Found link https://example.invalid/lib-2.0-py3-none-any.whl, version: 2.0',
    );
    expect(findProblems(outcome(log, { causes }), target)).toMatchObject([
      { kind: 'no-version', text: expect.stringContaining('lib<2 (-c constraints.txt line 7)') },
    ]);
  });

  it('are listed up to a bearable number', () => {
    const causes = Array.from({ length: 9 }, (_, minor) => {
      return cause('lib', 'lib>=2', { chain: [`app 1.${minor}`], versions: ['2.0', '1.0'] });
    });
    const [problem] = findProblems(outcome('', { causes }), target);
    expect(problem?.text.split(' against ')).toHaveLength(7);
    expect(problem?.text).toMatch(/ against 3 more$/);
  });

  it('may be about what the cluster provides', () => {
    const contradictions = [{ name: 'numpy', version: '1.19.5', requirement: 'numpy>=1.22', by: 'pandas' }];
    const causes = [cause('numpy', 'numpy (unavailable)', { chain: ['pandas 2.0'] })];
    expect(findProblems(outcome('', { causes, contradictions }), target)).toMatchObject([
      { kind: 'provided', text: 'pandas asks for numpy>=1.22, the cluster provides numpy 1.19.5' },
    ]);
  });
});

it('finds none where pip failed for another reason', () => {
  expect(findProblems(outcome(readLog('blocked')), target)).toStrictEqual([]);
  const refused = [{ name: null, location: '/risk', kind: 'folder', by: null }] as const;
  const causes = [cause('a', 'a')];
  expect(findProblems(outcome('', { refused: [...refused], causes }), target)).toStrictEqual([]);
});
