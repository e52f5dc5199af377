import { describe, expect, it } from 'vitest';
import { isLockName, isReadableLockName, looksLikeLockName, pylockName } from '../../../src/resolve/lock/lock-name.ts';
import { parseTarget } from '../../../src/target/target.ts';

describe('the name of a lock', () => {
  it.each([
    // written, read, meant
    ['pylock.toml', true, true, true],
    ['pylock.rhel7-py37.toml', true, true, true],
    ['uv.lock', false, true, true],
    ['pylock.a.b.toml', false, false, true],
    ['pylock..toml', false, false, true],
    ['xpylock.toml', false, false, false],
    ['pylock.toml.txt', false, false, false],
    ['uv.lock.txt', false, false, false],
    ['poetry.lock', false, false, false],
    ['requirements.txt', false, false, false],
  ])('%s', (name, ...expected) => {
    expect([isLockName(name), isReadableLockName(name), looksLikeLockName(name)]).toStrictEqual(expected);
  });

  it('of a target is one that PEP 751 allows', () => {
    for (const platform of ['rhel7', 'rhel8']) {
      const name = pylockName(parseTarget({ python: '3.7', platform: [platform] }));
      expect(name).toBe(`pylock.${platform}-py37.toml`);
      expect(isLockName(name)).toBe(true);
    }
  });
});
