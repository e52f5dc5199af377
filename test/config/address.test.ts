import { describe, expect, test } from 'vitest';
import { parseAddress, sparkAddress } from '../../src/config/address.ts';

describe('parseAddress', () => {
  test.each([
    [
      'webhdfs://namenode:50070/user/alice/envs/risk',
      { kind: 'webhdfs', tls: false, nameNodes: [{ host: 'namenode', port: 50_070 }], path: '/user/alice/envs/risk' },
    ],
    ['webhdfs://nn/a', { kind: 'webhdfs', tls: false, nameNodes: [{ host: 'nn', port: 9870 }], path: '/a' }],
    ['swebhdfs://nn/a', { kind: 'webhdfs', tls: true, nameNodes: [{ host: 'nn', port: 9871 }], path: '/a' }],
    [
      'webhdfs://nn1:1,nn2:2/a',
      {
        kind: 'webhdfs',
        tls: false,
        nameNodes: [
          { host: 'nn1', port: 1 },
          { host: 'nn2', port: 2 },
        ],
        path: '/a',
      },
    ],
    ['webhdfs://[::1]:9870/a', { kind: 'webhdfs', tls: false, nameNodes: [{ host: '::1', port: 9870 }], path: '/a' }],
    ['file:///srv/envs//risk/', { kind: 'local', path: '/srv/envs/risk' }],
    ['file:/srv/risk', { kind: 'local', path: '/srv/risk' }],
    ['file:///srv/a%20b #c', { kind: 'local', path: '/srv/a%20b #c' }],
    ['WebHDFS://nn:1/A', { kind: 'webhdfs', tls: false, nameNodes: [{ host: 'nn', port: 1 }], path: '/A' }],
  ])('takes %s', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected);
  });

  test.each([
    ['/user/alice', 'bare path', 'webhdfs://NAMENODE:9870/user/alice'],
    ['namenode', 'no scheme', 'Forms:'],
    ['hdfs://nn:8020/a', '"hdfs" is not known', 'HTTP port'],
    ['https://nn:9871/webhdfs/v1/a', '"https" is not known', 'swebhdfs://'],
    ['webhdfs:///a', 'no host', 'Forms:'],
    ['webhdfs://nn:9870', 'no absolute path', 'Forms:'],
    ['webhdfs://nn:9870/', 'root directory', 'Forms:'],
    ['webhdfs://nn:99999/a', '99999', 'Forms:'],
    ['webhdfs://nn:abc/a', '"nn:abc" is not HOST:PORT', 'Forms:'],
    ['webhdfs://nn:1,/a', '"" is not HOST:PORT', 'Forms:'],
    ['webhdfs://nn:1/a/../b', '".."', 'Forms:'],
    ['file://host/a', 'no absolute path', 'Forms:'],
    ['', 'no scheme', 'Forms:'],
  ])('refuses "%s"', (text, reason, hint) => {
    const error = catchError(() => parseAddress(text));
    expect(error).toMatchObject({ code: 'ADDRESS_INVALID', exitCode: 2 });
    expect(error.message).toContain(reason);
    expect(error.hints.join(' ')).toContain(hint);
  });

  test.each([
    'webhdfs://bob:CANARY@nn:1/a',
    'webhdfs://bob:CA/CANARY@nn:1/a',
    'bob:CANARY@nn/a',
    'webhdfs://nn:1/a?delegation=CANARY',
  ])('does not repeat a secret: %s', (text) => {
    const error = catchError(() => parseAddress(text));
    expect(error.code).toBe('ADDRESS_INVALID');
    expect(JSON.stringify([error.message, error.hints])).not.toMatch(/CA|bob/);
  });

  test('a path may hold an "@"', () => {
    expect(parseAddress('webhdfs://nn:1/user/alice@EXAMPLE')).toMatchObject({ path: '/user/alice@EXAMPLE' });
  });
});

test('Spark takes a path in its default file system, or a file URI', () => {
  expect(sparkAddress(parseAddress('webhdfs://nn:1/user/a'))).toBe('hdfs:///user/a');
  expect(sparkAddress(parseAddress('file:///srv/a'))).toBe('file:///srv/a');
});

function catchError(work: () => unknown): { code: string; exitCode: number; message: string; hints: string[] } {
  try {
    work();
  } catch (error) {
    return error as ReturnType<typeof catchError>;
  }
  throw new Error('nothing was thrown');
}
