import { type RemoteException, significantException } from './remote-exception.ts';

/** Which of the two kinds of servers spoke. */
export type Source = 'NameNode' | 'DataNode';

/** What is done about a failure. */
export type Action =
  /** Nobody has answered yet in this run. */
  | 'unreachable'
  /** Another NameNode, or the same one later. */
  | 'fail-over'
  /** The same again, later. */
  | 'back-off'
  /** Everything pauses until the NameNode leaves safe mode. */
  | 'safe-mode'
  /** The answer to something that must not be repeated blindly was lost: look first. */
  | 'lost'
  /** Step 1 again, and the whole file. */
  | 'resend'
  /** The DataNode lost its NameNode: step 1 again at the other one. */
  | 'reconnect'
  /** Step 1 again, without this DataNode. */
  | 'exclude'
  /** Step 1 again, until it names a DataNode that is not known to be dead. */
  | 'avoid'
  /** No DataNode takes the block. */
  | 'no-data-node'
  /** Our own earlier try still holds the lease. */
  | 'lease'
  // The rest ends the operation.
  | 'taken'
  | 'exists'
  | 'not-found'
  | 'parent-missing'
  | 'not-a-directory'
  | 'not-a-file'
  | 'authentication'
  | 'permission'
  | 'quota'
  | 'refused'
  | 'not-webhdfs'
  | 'certificate'
  | 'redirect'
  | 'unknown';

interface Row {
  /** The exception's class, without package. */
  readonly exception?: RegExp;
  readonly message?: RegExp;
  /** Only when this kind of server says so. */
  readonly from?: Source;
  readonly action: Action;
}

/**
 * What Hadoop's exceptions mean for us; the first row that fits counts. The status of the answer means little: NameNode
 * and DataNode send 403 for nearly every IOException, HttpFS 500.
 */
const ROWS: readonly Row[] = [
  { exception: /^(Standby|ObserverRetryOnActive)Exception$/, from: 'NameNode', action: 'fail-over' },
  { exception: /^(Standby|ObserverRetryOnActive)Exception$/, action: 'reconnect' },
  { exception: /^SafeModeException$/, action: 'safe-mode' },
  { exception: /^(RetriableException|ServerTooBusyException)$/, action: 'back-off' },
  { message: /could only be (written|replicated) to 0 (of the|nodes)/, action: 'no-data-node' },
  { message: /^Failed to find datanode/, action: 'no-data-node' },
  // dfs.replication.max and dfs.namenode.replication.min; HDFS has no exception of its own for it.
  { message: /Requested replication (factor of )?\d+ (exceeds|is less than)/, action: 'refused' },
  { exception: /^NotReplicatedYetException$/, action: 'no-data-node' },
  { exception: /^(AlreadyBeingCreated|RecoveryInProgress)Exception$/, action: 'lease' },
  { message: /does not have any open files/, action: 'taken' },
  { exception: /^LeaseExpiredException$/, action: 'taken' },
  { message: /^Parent directory doesn't exist|^rename destination parent .* not found/, action: 'parent-missing' },
  // Also an AccessControlException, when somebody who is not the superuser looks below a file.
  { message: /\(is not a directory\)$|^(Parent p|P)ath is not a directory: /, action: 'not-a-directory' },
  // Hadoop 2.6 means the same by a permission that a file cannot give.
  { message: /access=EXECUTE, inode="[^"]*":[^:]*:[^:]*:-/, action: 'not-a-directory' },
  { exception: /^ParentNotDirectoryException$/, action: 'not-a-directory' },
  { exception: /^FileAlreadyExistsException$/, action: 'exists' },
  { exception: /^FileNotFoundException$/, action: 'not-found' },
  { exception: /^(SecurityException|InvalidToken|AuthenticationException|SaslException)$/, action: 'authentication' },
  { exception: /^(AccessControl|Authorization)Exception$/, action: 'permission' },
  { exception: /^(NS|DS|)QuotaExceededException$|^QuotaByStorageTypeExceededException$/, action: 'quota' },
  {
    exception: /^(EOF|Connect|SocketTimeout|ConnectTimeout|NoRouteToHost|Socket|ClosedChannel)Exception$/,
    from: 'DataNode',
    action: 'reconnect',
  },
  {
    exception: /^(EOF|Connect|SocketTimeout|ConnectTimeout|NoRouteToHost|Socket|ClosedChannel)Exception$/,
    action: 'back-off',
  },
  { exception: /^(MaxDirectoryItemsExceeded|PathComponentTooLong|FSLimit|InvalidPath)Exception$/, action: 'refused' },
  { exception: /^((Hadoop)?IllegalArgument|UnsupportedOperation)Exception$/, action: 'refused' },
  // Whatever happened there, the file on the store is in an unknown state.
  { from: 'DataNode', action: 'resend' },
];

/** Looks an exception up in the table; `unknown` when no row fits. */
export function classifyException(remote: RemoteException, source: Source): Action {
  const name = significantException(remote);
  const row = ROWS.find(
    ({ exception, message, from }) =>
      (from === undefined || from === source) &&
      (exception === undefined || exception.test(name)) &&
      (message === undefined || message.test(remote.message)),
  );
  return row?.action ?? 'unknown';
}
