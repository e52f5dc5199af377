import { array, assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePath, replaceTrailingPath } from '../../../src/store/webhdfs/encode-path.ts';

describe('encodePath', () => {
  it.each([
    ['/a/b.py', '/a/b.py'],
    ['/a b', '/a%20b'],
    ['/a+b%c#d?e', '/a%2Bb%25c%23d%3Fe'],
    ['/&=()[]@,;', '/%26%3D%28%29%5B%5D%40%2C%3B'],
    ["/it's!*", '/it%27s%21%2A'],
    ['/é', '/%C3%A9'],
    ['/e\u0301', '/e%CC%81'],
    ['/🐍', '/%F0%9F%90%8D'],
  ])('%j becomes %j', (path, encoded) => {
    expect(encodePath(path)).toBe(encoded);
  });

  it('loses nothing and leaves only unreserved characters', () => {
    assert(
      property(array(string({ unit: 'grapheme' })), (names) => {
        const path = `/${names.join('/')}`;
        const encoded = encodePath(path);
        expect(decodeURIComponent(encoded)).toBe(path);
        expect(encoded).toMatch(/^[\w.~/%-]*$/);
      }),
    );
  });
});

describe('replaceTrailingPath', () => {
  it.each([
    // as NameNodes render
    ['/webhdfs/v1/user/a%20b+c%25', '/user/a b+c%', '/webhdfs/v1/user/a%20b%2Bc%25'],
    ['/webhdfs/v1/a@b,(c)', '/a@b,(c)', '/webhdfs/v1/a%40b%2C%28c%29'],
    // decomposed characters come back composed
    ['/webhdfs/v1/Gr%C3%BC%C3%9Fe', '/Gru\u0308ße', '/webhdfs/v1/Gru%CC%88%C3%9Fe'],
    // a gateway's prefix, which may look like a path of WebHDFS itself
    ['/gateway/T/webhdfs/data/v1/webhdfs/v1/a/b', '/a/b', '/gateway/T/webhdfs/data/v1/webhdfs/v1/a/b'],
    ['/webhdfs/v1/webhdfs/v1/x', '/webhdfs/v1/x', '/webhdfs/v1/webhdfs/v1/x'],
  ])('%s for %s', (rendered, path, expected) => {
    expect(replaceTrailingPath(rendered, path)).toBe(expected);
  });

  it.each([
    ['/webhdfs/v1/a', '/a;b'],
    ['/webhdfs/v1/other', '/a'],
    ['/a', '/x/y/a'],
    ['/webhdfs/v1/%', '/a%'],
  ])('finds nothing to replace in %s for %s', (rendered, path) => {
    expect(replaceTrailingPath(rendered, path)).toBeUndefined();
  });

  it('finds its own encoding behind any prefix', () => {
    assert(
      property(array(string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 5 }), (names) => {
        const path = `/${names.map((name) => name.replaceAll('/', '')).join('/')}`;
        const rendered = `/webhdfs/v1${encodePath(path)}`;
        expect(replaceTrailingPath(rendered, path)).toBe(rendered);
      }),
    );
  });
});
