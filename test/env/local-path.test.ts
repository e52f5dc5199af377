import { posix, win32 } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localPath } from '../../src/env/local-path.ts';
import { treePath } from '../../src/env/manifest-path.ts';

const anyPath = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        '...',
        '.. ',
        'C:',
        'c:x',
        '\\',
        '..\\x',
        '\\\\srv\\x',
        'aux',
        'a\0',
        '~',
        ' ',
        'é',
      ),
      fc.string({ maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((segments) => segments.join('/'));

describe.each([
  ['Linux', posix, '/build/risk/venv'],
  ['Windows', win32, 'C:\\build\\risk\\venv'],
] as const)('on %s', (_, platform, root) => {
  test('a path lies below the tree under its own name, and leads back', () => {
    const local = localPath(root, 'pandas/core/x.py', platform);
    expect(local).toBe([root, 'pandas', 'core', 'x.py'].join(platform.sep));
  });

  test('whatever a manifest says, no path leaves the tree, and no two paths are one', () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyPath, (path) => {
        let local: string;
        try {
          local = localPath(root, path, platform);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ENV_PATH_OUTSIDE', exit: 'integrity' });
          return;
        }
        accepted += 1;
        expect(local.startsWith(root + platform.sep)).toBe(true);
        expect(platform.resolve(local)).toBe(local);
        // what an open() of Windows gets to see has no name that it would read in another way
        expect(platform.relative(root, local).split(platform.sep).join('/')).toBe(path);
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  test.each(['', '.', '..', 'a/../../x', '/x', 'a//x', 'a/', 'a/\0'])('%j is refused', (path) => {
    expect(() => localPath(root, path, platform)).toThrow(expect.objectContaining({ code: 'ENV_PATH_OUTSIDE' }));
  });
});

test.each(['C:\\x', 'C:x', 'a/C:', '\\\\srv\\share\\x', 'a\\..\\..\\x', 'a/.. /x', 'aux', 'a/nul.txt', 'x:stream'])(
  '%j is refused on Windows',
  (path) => {
    expect(() => localPath('C:\\tree', path, win32)).toThrow(expect.objectContaining({ code: 'ENV_PATH_OUTSIDE' }));
  },
);

test('a path of more than 260 characters needs no care: Node hands it on in the form that has no limit', () => {
  const local = localPath('C:\\tree', Array.from({ length: 100 }, () => 'directory').join('/'), win32);
  expect(local.length).toBeGreaterThan(260);
  expect(win32.toNamespacedPath(local)).toBe(`\\\\?\\${local}`);
});

test('the tree itself has a path, what is outside has none', () => {
  expect(treePath('/build/risk')).toBe(posix.join('/build/risk', 'venv'));
  expect(() => treePath('/build/risk', '../manifest.json')).toThrow(
    expect.objectContaining({ code: 'ENV_PATH_OUTSIDE' }),
  );
});
