import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheDirectory } from '../../src/cli/environment.ts';

test.each([
  [{ HDFS_VENV_CACHE: '/c', XDG_CACHE_HOME: '/x', HOME: '/h' }, '/c'],
  [{ HDFS_VENV_CACHE: '', XDG_CACHE_HOME: '/x', HOME: '/h' }, '/x/hdfs-venv'],
  [{ XDG_CACHE_HOME: '', HOME: '/h' }, '/h/.cache/hdfs-venv'],
  [{ HOME: '' }, join(userInfo().homedir, '.cache', 'hdfs-venv')],
])('%j: the cache is %s', (env, expected) => {
  expect(cacheDirectory(env)).toBe(expected);
});
