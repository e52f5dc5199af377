import { describe, expect, it } from 'vitest';
import { compareNames, parentPath, reasonToRefuse, requireStorePath } from '../../src/store/store-path.ts';

describe('requireStorePath', () => {
  it.each(['', 'a', 'a/b c/+%#.py', 'é'.repeat(127), '...'])('takes %j', (path) => {
    expect(() => requireStorePath(path)).not.toThrow();
  });

  it.each([
    ['a:b', /holds ":"/],
    ['a;b', /holds ";"/],
    ['a/../b', /holds "\.\."/],
    ['./a', /holds "\."/],
    ['/a', /empty/],
    ['a//b', /empty/],
    ['a\u0000', /control/],
    ['a\u0085', /control/],
    ['\udfff', /Unicode/],
    ['é'.repeat(128), /256 bytes.*255/],
  ])('refuses %j', (path, message) => {
    expect(() => requireStorePath(path)).toThrow(message);
  });

  it('counts bytes of UTF-8, not characters', () => {
    expect(reasonToRefuse('x'.repeat(255))).toBeUndefined();
    expect(reasonToRefuse('🐍'.repeat(64))).toMatch(/256 bytes/);
  });
});

describe('parentPath', () => {
  it.each([
    ['', undefined],
    ['a', ''],
    ['a/b/c', 'a/b'],
  ])('of %j is %j', (path, parent) => {
    expect(parentPath(path)).toBe(parent);
  });
});

describe('compareNames', () => {
  it('orders by UTF-8, not by UTF-16', () => {
    const names = ['\u{1F40D}', '\uFFFD', 'b', 'B'].map((name) => ({ name }));
    expect(names.sort(compareNames).map(({ name }) => name)).toEqual(['B', 'b', '\uFFFD', '\u{1F40D}']);
  });
});
