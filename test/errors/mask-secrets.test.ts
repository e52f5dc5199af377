import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../src/errors/mask-secrets.ts';

describe('maskSecrets', () => {
  it.each([
    ['https://user:canary@example.invalid/simple', 'https://***@example.invalid/simple'],
    ['https://canary@example.invalid', 'https://***@example.invalid'],
    ['a @ git+https://u:canary@example.invalid/x.git@main', 'a @ git+https://***@example.invalid/x.git@main'],
    ['--index-url=http://u:canary@example.invalid:8080/ x', '--index-url=http://***@example.invalid:8080/ x'],
    ['get https://u:can/ar#y?@example.invalid/simple/six/:', 'get https://***@example.invalid/simple/six/:'],
    ['see <https://u:c%40nary@example.invalid>, then', 'see <https://***@example.invalid>, then'],
    ['http://example.invalid/a?op=OPEN&delegation=canary&x=1', 'http://example.invalid/a?op=OPEN&delegation=***&x=1'],
    ['https://example.invalid/f?X-Amz-Signature=canary', 'https://example.invalid/f?X-Amz-Signature=***'],
  ])('%s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  it.each([
    'https://example.invalid/simple/@scope/x',
    'https://example.invalid:8080/simple/@scope/x',
    'https://example.invalid/a?user.name=alice@example.invalid',
    'mail alice@example.invalid about https://example.invalid/',
    'risk @ file:///home/alice/risk-1.0-py3-none-any.whl',
  ])('leaves %s alone', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  it('never lets a password through that a URL can hold', () => {
    const password = fc.string({ minLength: 1 }).map((text) => `canary${encodeURIComponent(text)}`);
    fc.assert(
      fc.property(password, (secret) => {
        expect(maskSecrets(`get https://user:${secret}@example.invalid/simple now`)).toBe(
          'get https://***@example.invalid/simple now',
        );
      }),
    );
  });
});
