import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseUvLock } from '../../../src/resolve/lock/uv-lock.ts';

const LOCKS = join(import.meta.dirname, 'locks');

describe('parseUvLock', () => {
  it('reads what uv writes, names normalised', () => {
    const lock = parseUvLock(readFileSync(join(LOCKS, 'conflicts', 'uv.lock'), 'utf8'), 'uv.lock');
    expect(lock).toMatchObject({
      'requires-python': '>=3.7',
      'supported-markers': ["sys_platform == 'linux'"],
      conflicts: [
        [
          { package: 'conflicted', extra: 'cpu' },
          { package: 'conflicted', extra: 'gpu' },
        ],
      ],
      manifest: { members: ['conflicted', 'member'] },
    });
    const [root] = lock.package;
    expect(root).toMatchObject({
      name: 'conflicted',
      source: { editable: '.' },
      metadata: { 'provides-extras': ['cpu', 'gpu'] },
    });
    expect([...(root?.['optional-dependencies'].keys() ?? [])]).toStrictEqual(['cpu', 'gpu']);
  });

  it('normalises names and extras that are not', () => {
    const text = `version = 1\nrequires-python = ">=3.7"
[[package]]
name = "My_App"
source = { virtual = "." }
dependencies = [{ name = "A.b", extra = ["X_y"] }]
[package.optional-dependencies]
"All_of.it" = [{ name = "B" }]
`;
    const [root] = parseUvLock(text, 'uv.lock').package;
    expect(root).toMatchObject({ name: 'my-app', dependencies: [{ name: 'a-b', extra: ['x-y'] }] });
    expect([...(root?.['optional-dependencies'].keys() ?? [])]).toStrictEqual(['all-of-it']);
  });

  it.each([
    ['version = 2', "expected version = 1 of uv's lock, got 2"],
    ['', "expected version = 1 of uv's lock, got none"],
    ['version = ', 'line 1, column'],
    ['version = 1', 'requires-python: Invalid input: expected string, received undefined'],
    ['version = 1\nrequires-python = ">=3"\n[[package]]\nname = "a"', 'package[0].source: Invalid input'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(() => parseUvLock(text, 'uv.lock')).toThrow(
      expect.objectContaining({
        code: 'RESOLVE_LOCK_FORMAT',
        exit: 'usage',
        message: expect.stringContaining(`Cannot read the lock "uv.lock": ${problem}`),
      }),
    );
  });
});
