import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blockedError, explainFailure, findBlocked } from '../../../src/resolve/failure/explain-failure.ts';
import type { PipOutcome, PipReport } from '../../../src/resolve/pip/pip-process.ts';
import { parseTarget } from '../../../src/target/target.ts';

const target = parseTarget({ python: '3.7.16', platform: ['rhel7'] });

const NOTHING: PipReport = {
  status: 1,
  ignoredSettings: [],
  roots: [],
  constraints: [],
  chosen: [],
  refused: [],
  contradictions: [],
  wheels: [],
  asked: [],
  unreadable: [],
  provided: [],
  missing: [],
  built: [],
  buildFailure: null,
};

function outcome(log: string, report: Partial<PipReport> = {}): PipOutcome {
  return { report: { ...NOTHING, ...report }, log, stderr: '' };
}

function readLog(name: string): string {
  return readFileSync(new URL(`../pip/logs/${name}.txt`, import.meta.url), 'utf8');
}

function errorLog(...lines: string[]): string {
  return lines.map((line) => `2026-11-21T12:00:00,000 ${line}`).join('\n');
}

describe('findBlocked', () => {
  it('says that there are only sources', () => {
    const [blocked] = findBlocked(outcome(readLog('blocked')), target);
    expect(blocked).toMatchObject({
      kind: 'only-sources',
      text: 'legacy-tool comes as source only, without any wheel',
    });
    expect(blocked?.hint).toContain('pip wheel --no-deps legacy-tool');
  });

  it('names what the wheels are for and the newest version that fits', () => {
    const [blocked] = findBlocked(outcome(readLog('versions')), target);
    expect(blocked).toStrictEqual({
      kind: 'no-wheel',
      name: 'numbers',
      text: 'numbers==2.0 (needed by plots) has no wheel for Python 3.7.16 (cp37m) on rhel7, only for cp37 on win_amd64; the newest version with one is 1.9.1',
      hint: 'Ask for numbers==1.9.1, or for no version.',
    });
  });

  it.each([
    [
      'numbers==1.9',
      'requires-python',
      /wants Python >=3\.9, <4, the target is 3\.7\.16; the newest version for it is 1\.9\.1/,
    ],
    ['numbers==1.8', 'only-sources', /comes as source only/],
    [
      'numbers==7',
      'no-version',
      /^no version of numbers meets numbers==7 \(needed by plots\); the newest .* is 1\.9\.1$/,
    ],
  ])('%s: %s', (requirement, kind, text) => {
    const log = readLog('versions').replace(/(No matching distribution found for )numbers==2\.0/, `$1${requirement}`);
    expect(findBlocked(outcome(log), target)).toMatchObject([{ kind, text: expect.stringMatching(text) }]);
  });

  it('says on which indexes it looked for a package that is nowhere', () => {
    const log = errorLog(
      '1 location(s) to search for versions of nope:',
      '* https://example.invalid/simple/nope/',
      'Could not fetch URL https://example.invalid/simple/nope/: 404 Client Error: Not Found for url: x - skipping',
      'ERROR: No matching distribution found for nope',
    );
    expect(findBlocked(outcome(log), target)).toMatchObject([
      { kind: 'no-package', text: 'no package nope on https://example.invalid/simple/' },
    ]);
  });

  it('sees through a conflict whose cause is a package that nothing fits', () => {
    const blocked = findBlocked(outcome(readLog('conflict-blocked')), target);
    expect(blocked).toMatchObject([{ kind: 'only-sources', name: 'scipy' }]);
  });

  it.each([
    ['a real conflict', outcome(readLog('conflict'))],
    [
      'an index that does not answer',
      outcome(`${readLog('blocked')}${errorLog('Could not fetch URL https://x: connection error: x')}`),
    ],
    [
      'a package that is provided',
      outcome(readLog('blocked'), {
        contradictions: [{ name: 'legacy-tool', version: '1', requirement: 'x', by: null }],
      }),
    ],
  ])('finds none in %s', (_, failed) => {
    expect(findBlocked(failed, target)).toStrictEqual([]);
  });
});

describe('blockedError', () => {
  it('has a code of its own for one kind, one for a mix, and says all', () => {
    const one = { kind: 'no-wheel', name: 'a', text: 'a has no wheel', hint: 'A.' } as const;
    const other = { kind: 'no-package', name: 'b', text: 'no package b', hint: 'B.' } as const;
    expect(blockedError([one], target)).toMatchObject({ code: 'RESOLVE_NO_WHEEL', exit: 'resolve' });
    expect(blockedError([one, { ...one, name: 'c' }], target)).toMatchObject({
      code: 'RESOLVE_NO_WHEEL',
      hints: ['A.'],
    });
    expect(blockedError([one, other], target)).toMatchObject({
      code: 'RESOLVE_BLOCKED',
      message: 'Cannot get 2 packages for Python 3.7.16: a has no wheel; no package b',
      hints: ['A.', 'B.'],
    });
  });
});

describe('explainFailure', () => {
  it('names both sides of a conflict', () => {
    expect(explainFailure(outcome(readLog('conflict')))).toMatchObject({
      code: 'RESOLVE_CONFLICT',
      exit: 'resolve',
      message:
        'Cannot find versions that go together: The user requested werkzeug<2; flask 3.0.0 depends on Werkzeug>=3.0.0',
    });
  });

  it.each([
    [
      "Could not open requirements file: [Errno 2] No such file or directory: 'x.txt'",
      'RESOLVE_REQUIREMENTS_FILE',
      'usage',
    ],
    ["UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe9", 'RESOLVE_REQUIREMENTS_FILE', 'usage'],
    ["Invalid requirement: 'foo bar': Expected semicolon", 'RESOLVE_REQUIREMENT', 'usage'],
    ['THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.', 'RESOLVE_HASH', 'integrity'],
    [
      'In --require-hashes mode, all requirements must have their versions pinned with ==.',
      'RESOLVE_HASH_MISSING',
      'resolve',
    ],
    ['a-1.0-cp39-cp39-win32.whl is not a supported wheel on this platform.', 'RESOLVE_WHEEL_NOT_FOR_TARGET', 'resolve'],
    ["Package 'a' requires a different Python: 3.7.16 not in '>=3.8'", 'RESOLVE_REQUIRES_PYTHON', 'resolve'],
    [
      'Could not install packages due to an OSError: [Errno 28] No space left on device',
      'RESOLVE_DISK_FULL',
      'conflict',
    ],
    ['HTTP error 403 while getting https://example.invalid/a.whl', 'RESOLVE_INDEX_REFUSED', 'permission'],
    ['Something new', 'RESOLVE_PIP_FAILED', 'resolve'],
  ])('%s → %s', (line, code, exit) => {
    expect(explainFailure(outcome(errorLog(`ERROR: ${line}`)))).toMatchObject({
      code,
      exit,
      message: expect.stringContaining(line),
    });
  });

  it('tells how a folder goes along', () => {
    const refused = [{ name: null, location: '/home/alice/risk', kind: 'editable', by: '-r r.txt (line 3)' }] as const;
    const error = explainFailure(outcome('', { refused: [...refused] }));
    expect(error).toMatchObject({
      code: 'RESOLVE_NOT_A_WHEEL',
      message: 'Cannot use sources that would have to be built: /home/alice/risk (-r r.txt (line 3))',
    });
    expect(error.hints[0]).toContain('./folder');
  });

  it('tells what the cluster provides instead', () => {
    const contradictions = [{ name: 'numpy', version: '1.19.5', requirement: 'numpy>=1.22', by: 'pandas' }];
    expect(explainFailure(outcome('', { contradictions }))).toMatchObject({
      code: 'RESOLVE_PROVIDED_VERSION',
      message: expect.stringContaining('pandas asks for numpy>=1.22, the cluster provides numpy 1.19.5'),
    });
  });
});
