import { describe, expect, it } from 'vitest';
import { indexArguments, NO_INDEX_OPTIONS, readIndexOptions } from '../../../src/resolve/pip/index-options.ts';

describe('readIndexOptions', () => {
  it('leaves to pip what no flag says', () => {
    expect(readIndexOptions({})).toStrictEqual(NO_INDEX_OPTIONS);
    expect(readIndexOptions({ index: true })).toStrictEqual(NO_INDEX_OPTIONS);
    expect(indexArguments(NO_INDEX_OPTIONS)).toStrictEqual([]);
  });

  it('takes every flag over, in the order given', () => {
    const options = readIndexOptions({
      indexUrl: 'https://example.invalid/simple',
      extraIndexUrl: ['http://example.invalid:8080/a/@b/', 'file:///mirror/simple'],
      findLinks: ['wheels', '/more wheels', 'https://example.invalid/page.html'],
      index: false,
      trustedHost: ['example.invalid:8080'],
      constraint: ['constraints.txt'],
      pipWheel: 'pip.whl',
    });
    expect(options).toMatchObject({ noIndex: true, constraints: ['constraints.txt'], pipWheel: 'pip.whl' });
    expect(indexArguments(options).join(' ')).toBe(
      [
        '--index-url https://example.invalid/simple',
        '--extra-index-url http://example.invalid:8080/a/@b/ --extra-index-url file:///mirror/simple',
        '--find-links wheels --find-links /more wheels --find-links https://example.invalid/page.html',
        '--no-index --trusted-host example.invalid:8080',
      ].join(' '),
    );
  });

  it.each([
    ['indexUrl', { indexUrl: 'https://alice:canary@example.invalid/simple' }],
    ['a token', { indexUrl: 'https://canary@example.invalid/simple' }],
    ['an encoded password', { extraIndexUrl: ['https://alice:c%40nary-canary@example.invalid/simple'] }],
    ['a password that is not encoded', { extraIndexUrl: ['https://alice:can/canary#@example.invalid/simple'] }],
    ['findLinks', { findLinks: ['wheels', 'https://alice:canary@example.invalid/page.html'] }],
    ['a signed address', { findLinks: ['https://example.invalid/page.html?token=canary'] }],
  ])('refuses credentials: %s', (_, flags) => {
    const error = caught(() => readIndexOptions(flags));
    expect(error).toMatchObject({
      code: 'RESOLVE_INDEX_CREDENTIALS',
      exit: 'usage',
      hints: [expect.stringContaining('PIP_INDEX_URL')],
    });
    expect(JSON.stringify([error, String(error)])).not.toContain('canary');
  });

  it.each(['alice:canary@example.invalid/simple', './wheels', 'ftp://example.invalid/simple', 'https://'])(
    'refuses an index that is no address: %s',
    (url) => {
      const error = caught(() => readIndexOptions({ extraIndexUrl: [url] }));
      expect(error).toMatchObject({
        code: 'RESOLVE_INDEX_URL',
        exit: 'usage',
        hints: [expect.stringContaining('--find-links')],
      });
      expect(String(error)).not.toContain('canary');
    },
  );
});

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
