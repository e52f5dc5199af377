import { userInfo } from 'node:os';
import type * as nodeOs from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { cacheDirectory, hadoopUser, localUser } from '../../src/cli/environment.ts';

vi.mock('node:os', async (importActual) => {
  const os = await importActual<typeof nodeOs>();
  return { ...os, userInfo: vi.fn(os.userInfo) };
});

test.each([
  [{ HDFS_VENV_CACHE: '/c', XDG_CACHE_HOME: '/x', HOME: '/h' }, '/c'],
  [{ HDFS_VENV_CACHE: '', XDG_CACHE_HOME: '/x', HOME: '/h' }, '/x/hdfs-venv'],
  [{ XDG_CACHE_HOME: '', HOME: '/h' }, '/h/.cache/hdfs-venv'],
  [{ HOME: '' }, join(userInfo().homedir, '.cache', 'hdfs-venv')],
])('%j: the cache is %s', (env, expected) => {
  expect(cacheDirectory(env)).toBe(expected);
});

test('the user is the flag, else HADOOP_USER_NAME, else who runs the program', () => {
  expect(hadoopUser('flag', { HADOOP_USER_NAME: 'hadoop' })).toBe('flag');
  expect(hadoopUser(undefined, { HADOOP_USER_NAME: 'hadoop' })).toBe('hadoop');
  expect(hadoopUser(undefined, { HADOOP_USER_NAME: '' })).toBe(userInfo().username);
});

test('a user without a name, as in a container, has to say one where it counts', () => {
  vi.mocked(userInfo).mockImplementation(() => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  });
  expect(() => hadoopUser(undefined, {})).toThrow(
    expect.objectContaining({ code: 'CLI_USER', exitCode: 2, hints: ['Give --user NAME, or set HADOOP_USER_NAME.'] }),
  );
  expect(localUser(undefined, {})).toBe(String(process.getuid?.()));
  vi.mocked(userInfo).mockReset();
});
