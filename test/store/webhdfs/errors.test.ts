import { describe, expect, it } from 'vitest';
import { HdfsVenvError } from '../../../src/errors/hdfs-venv-error.ts';
import type { Action } from '../../../src/store/webhdfs/exceptions.ts';
import { userError } from '../../../src/store/webhdfs/errors.ts';
import { Failure } from '../../../src/store/webhdfs/failure.ts';

function told(action: Action, message: string): HdfsVenvError {
  const remote = { exception: 'AnyException', message };
  const failure = new Failure({
    action,
    source: 'DataNode',
    server: 'dn1:9864',
    reason: `AnyException: ${message}`,
    remote,
  });
  const error = userError('write webhdfs://nn1:9870/env/a.py', failure);
  if (!(error instanceof HdfsVenvError)) throw new Error('not for users');
  return error;
}

describe('userError', () => {
  it('says who needs which permission where', () => {
    const message = 'Permission denied: user=bob, access=WRITE, inode="/user/alice":alice:team:drwxr-xr-x';
    expect(told('permission', message)).toMatchObject({
      code: 'STORE_PERMISSION',
      exit: 'permission',
      message:
        'Cannot write webhdfs://nn1:9870/env/a.py: user bob needs WRITE permission on /user/alice, which belongs to alice:team with mode drwxr-xr-x.',
    });
  });

  it('reads modes with a sticky bit or an ACL', () => {
    const message = 'Permission denied: user=bob, access=READ_EXECUTE, inode="/tmp/a b":hdfs:supergroup:drwxrwx--t+';
    expect(told('permission', message).message).toContain(
      'user bob needs READ_EXECUTE permission on /tmp/a b, which belongs to hdfs:supergroup with mode drwxrwx--t+',
    );
  });

  it('keeps what it cannot read', () => {
    expect(told('permission', 'Ranger says no').message).toContain('AnyException: Ranger says no.');
  });

  it.each([
    [
      'The NameSpace quota (directories and files) of directory /q is exceeded: quota=3 file count=4',
      'the quota of /q is 3 files and directories; this needs 4.',
    ],
    [
      'The DiskSpace quota of /q is exceeded: quota = 1048576 B = 1 MB but diskspace consumed = 16777216 B = 16 MB',
      'the quota of /q is 1048576 bytes, replicas counted and whole blocks charged; this needs 16777216.',
    ],
    ['Quota by storage type : SSD on path : /q is exceeded', 'AnyException: Quota by storage type'],
  ])('says what a quota is and what it needs: %s', (message, expected) => {
    const error = told('quota', message);
    expect(error).toMatchObject({ code: 'STORE_QUOTA', exit: 'conflict' });
    expect(error.message).toContain(expected);
  });

  it('says that replicas count where bytes are short, and only there', () => {
    const hint = 'Each replica counts: --replication N asks for fewer.';
    const message = (kind: string): string => `The ${kind} quota of /q is exceeded: quota = 10 B but consumed = 16 B`;
    expect(told('quota', message('DiskSpace')).hints).toContain(hint);
    expect(told('quota', message('NameSpace')).hints).not.toContain(hint);
  });

  it('does not repeat what a server says of a token', () => {
    const error = told('authentication', 'token (owner=alice, sequenceNumber=12, secret=canary) is expired');
    expect(error).toMatchObject({ code: 'STORE_AUTHENTICATION', exit: 'permission' });
    expect(error.message).not.toContain('canary');
  });

  it('recognises the RPC port', () => {
    const reason = 'HTTP status 404 with "It looks like you are making an HTTP request to a Hadoop IPC port."';
    const failure = new Failure({ action: 'not-webhdfs', source: 'NameNode', server: 'nn1:8020', reason });
    expect(userError('look at x', failure)).toMatchObject({
      hints: expect.arrayContaining([expect.stringContaining('RPC port')]),
    });
  });

  it('passes on what is no failure of a request', () => {
    const other = new Error('other');
    expect(userError('write x', other)).toBe(other);
  });
});
