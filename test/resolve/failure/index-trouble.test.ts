import { describe, expect, it } from 'vitest';
import { indexTrouble } from '../../../src/resolve/failure/index-trouble.ts';

const PAGE = '2026-11-21T12:00:00,000 Could not fetch URL https://example.invalid/simple/six/:';

describe('indexTrouble', () => {
  it.each([
    ['401 Client Error: Unauthorized for url: x', 'RESOLVE_INDEX_REFUSED', 'permission'],
    ['403 Client Error: Forbidden for url: x', 'RESOLVE_INDEX_REFUSED', 'permission'],
    [
      'There was a problem confirming the ssl certificate: HTTPSConnectionPool(): Max retries exceeded',
      'RESOLVE_INDEX_CERTIFICATE',
      'network',
    ],
    [
      "connection error: Max retries exceeded (Caused by ProxyError('Cannot connect to proxy.', 1))",
      'RESOLVE_INDEX_PROXY',
      'network',
    ],
    ['proxy connection error: ("Unable to connect to proxy", 1)', 'RESOLVE_INDEX_PROXY', 'network'],
    ['connection error: [Errno 111] Connection refused', 'RESOLVE_INDEX_UNREACHABLE', 'network'],
    ["connection error: Failed to resolve IP address for 'example.invalid'", 'RESOLVE_INDEX_UNREACHABLE', 'network'],
    ["example.invalid didn't respond within 15.0 seconds", 'RESOLVE_INDEX_UNREACHABLE', 'network'],
    [
      "Max retries exceeded with url: /simple/six/ (Caused by ResponseError('too many 503 error responses'))",
      'RESOLVE_INDEX_UNREACHABLE',
      'network',
    ],
  ])('%s → %s', (reason, code, exit) => {
    const trouble = indexTrouble(`first\n${PAGE} ${reason} - skipping\nlast`);
    expect(trouble).toMatchObject({ code, exit });
    expect(trouble?.message).toContain('https://example.invalid/simple/six/');
    expect(trouble?.message).not.toMatch(/2026|skipping/);
  });

  it.each([
    [
      '26.3',
      "urllib3.exceptions.NameResolutionError: HTTPConnection(host='example.invalid', port=80): Failed to resolve 'example.invalid'",
    ],
    [
      '24.0',
      'urllib3.exceptions.NewConnectionError: <pip._vendor.urllib3.connection.HTTPConnection object at 0x7ff5>: Failed to establish a new connection',
    ],
  ])('names the host of an address that does not answer, pip %s', (_, first) => {
    const lines = [
      'ERROR: <ConnectionFailedError: connection-failed>',
      `pip._vendor.${first}`,
      "pip._vendor.requests.exceptions.ConnectionError: HTTPConnectionPool(host='example.invalid', port=80): Max retries exceeded with url: /a.whl (Caused by NewConnectionError(\"HTTPConnection(host='example.invalid', port=80): Failed to establish a new connection: [Errno 111] Connection refused\"))",
      'pip._internal.exceptions.network.ConnectionFailedError: <ConnectionFailedError: connection-failed>',
    ];
    expect(indexTrouble(lines.map((line) => `2026-11-21T12:00:00,000 ${line}`).join('\n'))).toMatchObject({
      code: 'RESOLVE_INDEX_UNREACHABLE',
      exit: 'network',
      message: 'Cannot reach example.invalid:80/a.whl: [Errno 111] Connection refused',
    });
  });

  it.each([
    ['403', 'RESOLVE_INDEX_REFUSED', 'permission'],
    ['404', 'RESOLVE_FILE_MISSING', 'network'],
    ['407', 'RESOLVE_INDEX_REFUSED', 'permission'],
    ['502', 'RESOLVE_INDEX_UNREACHABLE', 'network'],
  ])('names the file that is not handed out: %s', (status, code, exit) => {
    const line = `2026-11-21T12:00:00,407 ERROR: HTTP error ${status} while getting https://example.invalid/a.whl#sha256=00 (from https://example.invalid/simple/a/)`;
    expect(indexTrouble(line)).toMatchObject({
      code,
      exit,
      message: `Cannot download https://example.invalid/a.whl: HTTP error ${status}`,
      hints: [expect.stringMatching(status === '407' ? /proxy/ : /./)],
    });
  });

  it.each(['401', '403', '404', '407', '503'])(
    'takes no time of day for an answer: %s milliseconds',
    (milliseconds) => {
      const line = `2026-11-21T12:00:00,${milliseconds} ERROR: Could not fetch URL https://example.invalid/a/: connection error: x`;
      expect(indexTrouble(line)).toMatchObject({ code: 'RESOLVE_INDEX_UNREACHABLE' });
      expect(indexTrouble(`2026-11-21T12:00:00,${milliseconds} ERROR: Something else`)).toBeUndefined();
    },
  );

  it('is none when a package is not there, or when everything answered', () => {
    expect(indexTrouble(`${PAGE} 404 Client Error: Not Found for url: x - skipping`)).toBeUndefined();
    expect(
      indexTrouble('2026-11-21T12:00:00,000 Found link https://example.invalid/connection-error-1.whl'),
    ).toBeUndefined();
  });
});
