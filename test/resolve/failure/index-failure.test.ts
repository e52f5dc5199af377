import { describe, expect, it } from 'vitest';
import { indexFailure } from '../../../src/resolve/failure/index-failure.ts';
import type { IndexFailure } from '../../../src/resolve/pip/pip-report.ts';
import { outcome } from './pip-outcome.ts';

function failure(kind: IndexFailure['kind']): IndexFailure {
  return { url: 'https://example.invalid/simple/six/', kind, status: null, reason: 'because' };
}

describe('indexFailure', () => {
  it.each([
    ['unreachable', 'RESOLVE_INDEX_UNREACHABLE', 'network'],
    ['certificate', 'RESOLVE_INDEX_CERTIFICATE', 'network'],
    ['proxy', 'RESOLVE_INDEX_PROXY', 'network'],
    ['proxy-unauthorized', 'RESOLVE_INDEX_REFUSED', 'permission'],
    ['unauthorized', 'RESOLVE_INDEX_REFUSED', 'permission'],
    ['insecure', 'RESOLVE_INDEX_INSECURE', 'usage'],
    ['content', 'RESOLVE_INDEX_CONTENT', 'network'],
    ['address', 'RESOLVE_INDEX_URL', 'usage'],
    ['directory', 'RESOLVE_INDEX_URL', 'usage'],
  ] as const)('%s → %s', (kind, code, exit) => {
    const { report } = outcome('', { indexFailures: [failure('forbidden'), failure(kind)] });
    expect(indexFailure(report)).toMatchObject({
      code,
      exit,
      message: expect.stringMatching(/^Cannot [a-z ]+ https:\/\/example\.invalid\/simple\/six\/: because$/),
      hints: [expect.any(String)],
    });
  });

  it('is none when a page may not be read', () => {
    expect(indexFailure(outcome('', { indexFailures: [failure('forbidden')] }).report)).toBeUndefined();
  });
});
