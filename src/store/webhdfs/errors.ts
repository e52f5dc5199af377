import { type ErrorFields, HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Action } from './exceptions.ts';
import { Failure } from './failure.ts';

interface Row {
  readonly code: string;
  readonly exit: ErrorFields['exit'];
  readonly hints: readonly string[];
}

const RESUME = 'Run the same command again later: it sends only what is missing.';
const USUAL_PORTS =
  "The NameNode's HTTP port is usually 9870 on Hadoop 3 and 50070 on Hadoop 2, with TLS 9871 and 50470; HttpFS listens on 14000.";
const UNREACHABLE_DATANODE: Row = {
  code: 'STORE_DATANODE_UNREACHABLE',
  exit: 'network',
  hints: [
    'WebHDFS needs connections to every DataNode from here (HTTP port 9864 on Hadoop 3, 50075 on Hadoop 2).',
    'Where only one host can be reached, use its HttpFS (port 14000).',
  ],
};
const BROKEN: Row = { code: 'STORE_CONNECTION_LOST', exit: 'network', hints: [RESUME] };

/** What the user is told when the retries are spent, or when there was nothing to retry. */
const ROWS: Readonly<Record<Action, Row>> = {
  unreachable: {
    code: 'STORE_UNREACHABLE',
    exit: 'network',
    hints: ['Is host and port right, and does a firewall or VPN stand between?', USUAL_PORTS],
  },
  'fail-over': { code: 'STORE_NAMENODE_LOST', exit: 'network', hints: [RESUME] },
  lost: { code: 'STORE_NAMENODE_LOST', exit: 'network', hints: [RESUME] },
  'back-off': { code: 'STORE_UNAVAILABLE', exit: 'network', hints: [RESUME] },
  'safe-mode': {
    code: 'STORE_SAFE_MODE',
    exit: 'network',
    hints: ['The NameNode takes no writes in safe mode: hdfs dfsadmin -safemode get', RESUME],
  },
  resend: BROKEN,
  reconnect: BROKEN,
  exclude: UNREACHABLE_DATANODE,
  avoid: UNREACHABLE_DATANODE,
  'no-data-node': {
    code: 'STORE_NO_DATANODE',
    exit: 'network',
    hints: ['The cluster is full or its DataNodes are down: hdfs dfsadmin -report', RESUME],
  },
  lease: { code: 'STORE_LEASE_HELD', exit: 'network', hints: [RESUME] },
  taken: {
    code: 'STORE_PATH_TAKEN',
    exit: 'conflict',
    hints: ['Somebody else wrote or removed this file meanwhile. Nothing was published; publish again.'],
  },
  exists: { code: 'STORE_EXISTS', exit: 'conflict', hints: [] },
  'not-found': { code: 'STORE_NOT_FOUND', exit: 'other', hints: [] },
  'parent-missing': {
    code: 'STORE_PARENT_MISSING',
    exit: 'conflict',
    hints: ['Somebody else removed or renamed the directory meanwhile.'],
  },
  'not-a-directory': { code: 'STORE_NOT_A_DIRECTORY', exit: 'conflict', hints: [] },
  'not-a-file': { code: 'STORE_NOT_A_FILE', exit: 'conflict', hints: [] },
  authentication: {
    code: 'STORE_AUTHENTICATION',
    exit: 'permission',
    hints: ['The cluster wants to know who you are (Kerberos), and a user name alone does not prove it.'],
  },
  permission: { code: 'STORE_PERMISSION', exit: 'permission', hints: [] },
  quota: {
    code: 'STORE_QUOTA',
    exit: 'conflict',
    hints: ['Ask for more (hdfs dfs -count -q PATH shows the quota) or remove something.', RESUME],
  },
  refused: { code: 'STORE_REFUSED', exit: 'other', hints: [] },
  'not-webhdfs': {
    code: 'STORE_NOT_WEBHDFS',
    exit: 'network',
    hints: [USUAL_PORTS, 'With TLS, write swebhdfs:// instead of webhdfs://.'],
  },
  certificate: {
    code: 'STORE_CERTIFICATE',
    exit: 'network',
    hints: ["Name the file with your organisation's certificate authority in NODE_EXTRA_CA_CERTS."],
  },
  redirect: { code: 'STORE_REDIRECT_REFUSED', exit: 'network', hints: [] },
  unknown: { code: 'STORE_REMOTE_ERROR', exit: 'other', hints: [] },
};

/**
 * The error for the user. What is no `Failure` passes through.
 * @param doing `write webhdfs://nn1:9870/user/alice/envs/risk/a.py`
 */
export function userError(doing: string, error: unknown): unknown {
  if (!(error instanceof Failure)) return error;
  const { code, exit, hints } = ROWS[error.action];
  return new HdfsVenvError({
    code,
    exit,
    message: `Cannot ${doing}: ${reasonOf(error)}.`,
    hints: [...specialHints(error), ...hints],
    cause: error,
  });
}

function reasonOf(failure: Failure): string {
  const message = failure.remote?.message ?? '';
  if (failure.action === 'permission') return explainPermission(message) ?? failure.reason;
  if (failure.action === 'quota') return explainQuota(message) ?? failure.reason;
  // what the server says there may quote a token
  if (failure.action === 'authentication') return `${failure.source} ${failure.server} does not accept who is asking`;
  if (failure.action === 'unreachable') return `nobody answers at ${failure.server}: ${failure.reason}`;
  return `${failure.source} ${failure.server}: ${failure.reason.replace(/\.$/, '')}`;
}

/** `Permission denied: user=bob, access=WRITE, inode="/user/alice":alice:alice:drwxr-xr-x` */
function explainPermission(message: string): string | undefined {
  const match = /user=([^,]*), access=([A-Z_]+), inode="([^"]*)"(?::([^:]*):([^:]*):([\w+-]{10,11}))?/.exec(message);
  if (match === null) return undefined;
  const [, user, access, path, owner, group, mode] = match;
  const found = mode === undefined ? '' : `, which belongs to ${owner}:${group} with mode ${mode}`;
  return `user ${user} needs ${access} permission on ${path}${found}`;
}

/**
 * `The NameSpace quota (directories and files) of directory /q is exceeded: quota=3 file count=4` and
 * `The DiskSpace quota of /q is exceeded: quota = 1048576 B = 1 MB but diskspace consumed = 16777216 B = 16 MB`
 */
function explainQuota(message: string): string | undefined {
  const match =
    /The (\w+) quota .*?of (?:directory )?(\S+) is exceeded:.*?quota ?= ?(\d+).*?(?:count|consumed) ?= ?(\d+)/.exec(
      message,
    );
  if (match === null) return undefined;
  const [, kind = '', path, quota, needed] = match;
  const unit = kind === 'NameSpace' ? 'files and directories' : 'bytes, replicas counted and whole blocks charged';
  return `the quota of ${path} is ${quota} ${unit}; this needs ${needed}`;
}

function specialHints({ action, reason, source }: Failure): readonly string[] {
  if (action === 'quota' && /DiskSpace/.test(reason)) return ['Each replica counts: --replication N asks for fewer.'];
  if (/Hadoop IPC port/.test(reason)) return ["This is the NameNode's RPC port (hdfs://), which speaks no HTTP."];
  if (source === 'DataNode' && /does not resolve/.test(reason)) {
    return [
      'The cluster names its DataNodes by names that this machine cannot resolve: add them to its DNS or /etc/hosts.',
    ];
  }
  return [];
}
