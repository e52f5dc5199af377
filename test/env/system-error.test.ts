import { expect, test } from 'vitest';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import { explainWriteError } from '../../src/env/system-error.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: something, open 'x'`), { code, syscall: 'open' });
}

test.each([
  ['ENOSPC', 'ENV_DISK_FULL', 'conflict'],
  ['EDQUOT', 'ENV_DISK_FULL', 'conflict'],
  ['EACCES', 'ENV_PERMISSION', 'permission'],
  ['EROFS', 'ENV_PERMISSION', 'permission'],
  ['ENOTDIR', 'ENV_PATH', 'conflict'],
  ['EIO', 'ENV_WRITE', 'other'],
])('%s becomes %s', (errno, code, exit) => {
  const cause = systemError(errno);
  const explained = explainWriteError(cause, '/build/risk');
  expect(explained).toMatchObject({ code, exit, cause });
  expect(explained).toHaveProperty('message', `Cannot write the environment to /build/risk: ${cause.message}`);
});

test('what is not an error of the system is handed back', () => {
  const known = new HdfsVenvError({ code: 'WHEEL_ZIP_CRC', exit: 'integrity', message: 'x' });
  const bug = new TypeError('bug');
  expect([known, bug, 'text'].map((error) => explainWriteError(error, '/x'))).toEqual([known, bug, 'text']);
});
