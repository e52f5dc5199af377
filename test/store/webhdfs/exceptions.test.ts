import { describe, expect, it } from 'vitest';
import { classifyException } from '../../../src/store/webhdfs/exceptions.ts';
import { parseRemoteException, significantException } from '../../../src/store/webhdfs/remote-exception.ts';

const body = (exception: string, message: string): string =>
  JSON.stringify({ RemoteException: { exception, javaClassName: `org.apache.hadoop.${exception}`, message } });

describe('parseRemoteException', () => {
  it('cuts the Java stack that DataNodes append', () => {
    const message = "Parent directory doesn't exist: /x\n\tat org.apache.A.b(A.java:1)\n\tat java.C.d(C.java:2)\n";
    expect(parseRemoteException(body('FileNotFoundException', message))).toEqual({
      exception: 'FileNotFoundException',
      message: "Parent directory doesn't exist: /x",
    });
  });

  it('makes one line of several', () => {
    expect(parseRemoteException(body('IOException', 'first\n second'))?.message).toBe('first second');
  });

  it('takes an exception without a message', () => {
    expect(parseRemoteException('{"RemoteException":{"exception":"EOFException","message":null}}')).toEqual({
      exception: 'EOFException',
      message: '',
    });
  });

  it.each(['', '<html>', '{}', '[]', '{"RemoteException":3}', 'null'])('knows that %j is not Hadoop’s', (text) => {
    expect(parseRemoteException(text)).toBeUndefined();
  });
});

describe('significantException', () => {
  it.each([
    ['AccessControlException', 'Permission denied', 'AccessControlException'],
    ['IOException', 'Failed on local exception: java.io.EOFException; Host Details', 'EOFException'],
    [
      'RetriableException',
      'org.apache.hadoop.hdfs.server.namenode.SafeModeException: Cannot create',
      'SafeModeException',
    ],
    ['IOException', 'com.google.protobuf.ServiceException: java.net.ConnectException: refused', 'ConnectException'],
    ['SecurityException', 'org.apache.hadoop.security.token.SecretManager$InvalidToken: gone', 'SecurityException'],
    ['RemoteException', 'org.apache.hadoop.security.token.SecretManager$InvalidToken: gone', 'InvalidToken'],
    ['IOException', 'nothing more', 'IOException'],
  ])('of %s: %s is %s', (exception, message, significant) => {
    expect(significantException({ exception, message })).toBe(significant);
  });
});

describe('classifyException', () => {
  /** Messages as the servers gave them. */
  it.each([
    ['NameNode', 'StandbyException', 'Operation category READ is not supported in state standby', 'fail-over'],
    ['NameNode', 'ObserverRetryOnActiveException', 'retry', 'fail-over'],
    ['DataNode', 'StandbyException', 'Operation category WRITE is not supported in state standby', 'reconnect'],
    ['NameNode', 'SafeModeException', 'Cannot create directory /x. Name node is in safe mode.', 'safe-mode'],
    ['DataNode', 'SafeModeException', 'Cannot create file/x. Name node is in safe mode.', 'safe-mode'],
    ['NameNode', 'RetriableException', 'NameNode still not started', 'back-off'],
    [
      'DataNode',
      'IOException',
      'File /x could only be written to 0 of the 1 minReplication nodes. There are 2 datanode(s) running',
      'no-data-node',
    ],
    [
      'DataNode',
      'IOException',
      'File /x could only be replicated to 0 nodes instead of minReplication',
      'no-data-node',
    ],
    ['NameNode', 'IOException', 'Failed to find datanode, suggest to check cluster health.', 'no-data-node'],
    ['DataNode', 'NotReplicatedYetException', 'Not replicated yet: /x', 'no-data-node'],
    ['DataNode', 'AlreadyBeingCreatedException', 'Failed to CREATE_FILE /x for DFSClient', 'lease'],
    ['DataNode', 'RecoveryInProgressException', 'lease recovery is in progress', 'lease'],
    [
      'DataNode',
      'FileNotFoundException',
      'File does not exist: /x (inode 16402) Holder DFSClient_1 does not have any open files.',
      'taken',
    ],
    ['DataNode', 'LeaseExpiredException', 'No lease on /x (inode 16393): File does not exist.', 'taken'],
    ['DataNode', 'FileNotFoundException', "Parent directory doesn't exist: /user/alice/nope", 'parent-missing'],
    ['NameNode', 'FileNotFoundException', 'rename destination parent /a/b not found.', 'parent-missing'],
    ['NameNode', 'FileNotFoundException', 'File does not exist: /x', 'not-found'],
    ['NameNode', 'AccessControlException', '/user/alice/e (is not a directory)', 'not-a-directory'],
    [
      'NameNode',
      'AccessControlException',
      'Permission denied: user=alice, access=EXECUTE, inode="/user/alice/e":alice:alice:-rw-r--r--',
      'not-a-directory',
    ],
    [
      'NameNode',
      'AccessControlException',
      'Permission denied: user=bob, access=EXECUTE, inode="/user/alice/d":alice:alice:drwx------',
      'permission',
    ],
    ['NameNode', 'ParentNotDirectoryException', '/user/alice/e (is not a directory)', 'not-a-directory'],
    ['NameNode', 'FileAlreadyExistsException', 'Path is not a directory: /user/alice/e', 'not-a-directory'],
    ['NameNode', 'FileAlreadyExistsException', 'rename destination /x already exists', 'exists'],
    ['DataNode', 'FileAlreadyExistsException', '/user/alice/d already exists as a directory', 'exists'],
    ['NameNode', 'AccessControlException', 'Permission denied: user=bob, access=WRITE, inode="/"', 'permission'],
    ['NameNode', 'AuthorizationException', 'User bob is not allowed to impersonate alice', 'permission'],
    ['NameNode', 'SecurityException', 'Failed to obtain user group information: …InvalidToken', 'authentication'],
    ['NameNode', 'NSQuotaExceededException', 'The NameSpace quota of directory /q is exceeded', 'quota'],
    ['DataNode', 'DSQuotaExceededException', 'The DiskSpace quota of /q is exceeded', 'quota'],
    ['DataNode', 'QuotaByStorageTypeExceededException', 'Quota by storage type : SSD', 'quota'],
    ['DataNode', 'EOFException', 'End of File Exception between local host', 'reconnect'],
    ['DataNode', 'ConnectException', 'Call From dn1 to nn1:8020 failed: Connection refused', 'reconnect'],
    ['NameNode', 'ConnectException', 'Call From httpfs to nn1:8020 failed', 'back-off'],
    ['NameNode', 'PathComponentTooLongException', 'The maximum path component name limit', 'refused'],
    ['NameNode', 'MaxDirectoryItemsExceededException', 'The directory item limit of /x is exceeded', 'refused'],
    ['NameNode', 'IllegalArgumentException', 'Invalid value for webhdfs parameter "op"', 'refused'],
    ['NameNode', 'IOException', 'Source /a and destination /b must both be directories', 'unknown'],
    ['DataNode', 'IOException', 'something nobody has seen', 'resend'],
  ] as const)('%s %s: %s', (source, exception, message, action) => {
    expect(classifyException({ exception, message }, source)).toBe(action);
  });
});
