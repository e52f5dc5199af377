import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../../src/resolve/failure/explain-failure.ts';
import { logOf, outcome } from './pip-outcome.ts';

describe('explainFailure', () => {
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
    ['Something new', 'RESOLVE_PIP_FAILED', 'resolve'],
  ])('%s → %s', (line, code, exit) => {
    expect(explainFailure(outcome(logOf(`ERROR: ${line}`)))).toMatchObject({
      code,
      exit,
      message: expect.stringContaining(line),
    });
  });

  it.each([
    ['ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device', ''],
    // where its log ends in the middle of a word
    ['ERROR: Exce', 'OSError: [Errno 122] Disk quota exceeded\nCall stack:\n  File "x"\nArguments: ()'],
  ])('tells of a full disk: %s', (line, stderr) => {
    expect(explainFailure({ ...outcome(logOf(line)), stderr })).toMatchObject({
      code: 'RESOLVE_DISK_FULL',
      exit: 'conflict',
      message: expect.stringMatching(/^Cannot write downloads: \[Errno (?:28|122)\] [^\n]+$/),
    });
  });

  it('names the file and both digests when they do not agree', () => {
    const log = logOf(
      'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, please update the hashes. Otherwise, examine the package contents carefully; someone may have tampered with them.',
      '    lib==1.0 from https://example.invalid/files/lib-1.0-py3-none-any.whl#sha256=aa (from -r r.txt (line 1)):',
      '        Expected sha256 00aa',
      '        Expected     or 00bb',
      '             Got        11cc',
    );
    expect(explainFailure(outcome(log))).toMatchObject({
      code: 'RESOLVE_HASH',
      message:
        'Cannot trust a download: https://example.invalid/files/lib-1.0-py3-none-any.whl: expected sha256 00aa or 00bb, got 11cc',
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
});
