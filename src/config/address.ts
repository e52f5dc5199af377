import { isAbsolute, posix } from 'node:path';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

export interface NameNodeAddress {
  readonly host: string;
  readonly port: number;
}

/** Where an environment is or will be. The path is literal: nothing in an address is percent-decoded. */
export type Address =
  | {
      readonly kind: 'webhdfs';
      readonly tls: boolean;
      /** One, or all of a high-availability pair. */
      readonly nameNodes: readonly NameNodeAddress[];
      /** Absolute, without trailing slash. */
      readonly path: string;
    }
  | { readonly kind: 'local'; readonly path: string };

/** `dfs.namenode.http-address` and `dfs.namenode.https-address` since Hadoop 3. */
const DEFAULT_PORT = { plain: 9870, tls: 9871 };

const FORMS = 'webhdfs://namenode:9870/user/alice/envs/risk or file:///home/alice/envs/risk';

/**
 * Parses `webhdfs://host:port/path` (several NameNodes separated by commas), `swebhdfs://…` (TLS) and `file:///path`.
 *
 * @throws ADDRESS_INVALID
 */
export function parseAddress(text: string): Address {
  const scheme = /^([a-z][a-z0-9+.-]*)(?=:\/\/|(?<=^file):)/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'file')
    return { kind: 'local', path: environmentPath(text, /^file:(?:\/\/(?:localhost)?(?=\/)|(?=\/[^/]))/i) };
  if (scheme === 'webhdfs' || scheme === 'swebhdfs') {
    const tls = scheme === 'swebhdfs';
    const authority = /^[^:]+:\/\/([^/]*)/.exec(text)?.[1] ?? '';
    if (authority === '') throw invalid(text, 'it names no host');
    if (text.includes('?')) throw invalid(text, 'it holds a query', ['Leave out the "?" and what follows.']);
    if (authority.includes('@') || (text.includes('@') && !authority.split(',').every(isHostPort))) {
      throw invalid(text, 'it holds a user name', ['Name the user with --user or HADOOP_USER_NAME.']);
    }
    const nameNodes = authority.split(',').map((part) => parseNameNode(text, part, tls));
    return { kind: 'webhdfs', tls, nameNodes, path: environmentPath(text, /^[^:]+:\/\/[^/]*/) };
  }
  throw invalid(text, reasonFor(scheme, text), hintsFor(scheme, text));
}

/**
 * The address as Spark takes it: in the job's default HDFS, or a `file://` URI. Never without a scheme: spark-submit and
 * `sc.addFile` take that for a local path.
 */
export function sparkAddress(address: Address): string {
  return address.kind === 'local' ? `file://${address.path}` : `hdfs://${address.path}`;
}

const HOST_PORT = /^(\[[0-9a-f:.]+\]|[^:[\]\s]+)(?::(\d+))?$/i;

function isHostPort(part: string): boolean {
  return HOST_PORT.test(part);
}

function parseNameNode(text: string, part: string, tls: boolean): NameNodeAddress {
  const match = HOST_PORT.exec(part);
  const host = match?.[1];
  if (host === undefined) throw invalid(text, `"${part}" is not HOST:PORT`);
  const port = match?.[2] === undefined ? (tls ? DEFAULT_PORT.tls : DEFAULT_PORT.plain) : Number(match[2]);
  if (port < 1 || port > 65_535) throw invalid(text, `the port ${port} is not between 1 and 65535`);
  return { host: host.replace(/^\[|\]$/g, ''), port };
}

/** The literal path behind `prefix`: absolute, no `.` or `..`, and a directory below the root. */
function environmentPath(text: string, prefix: RegExp): string {
  const path = text.replace(prefix, '');
  if (!isAbsolute(path)) throw invalid(text, 'it has no absolute path');
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.some((segment) => segment === '.' || segment === '..'))
    throw invalid(text, 'its path holds "." or ".."');
  if (segments.length === 0)
    throw invalid(text, 'its path is the root directory, and an environment needs one of its own');
  return posix.join('/', ...segments);
}

function reasonFor(scheme: string | undefined, text: string): string {
  if (scheme === undefined)
    return text.startsWith('/') || text.startsWith('.') ? 'it is a bare path' : 'it has no scheme';
  return `the scheme "${scheme}" is not known`;
}

function hintsFor(scheme: string | undefined, text: string): string[] {
  if (scheme === 'hdfs') {
    return [
      "hdfs:// is Hadoop's own protocol. Use webhdfs:// with the NameNode's HTTP port: 9870 on Hadoop 3, 50070 on Hadoop 2.",
    ];
  }
  if (scheme === 'http' || scheme === 'https') {
    const secure = scheme === 'https' ? 's' : '';
    return [`Write ${secure}webhdfs://HOST:PORT/PATH, without /webhdfs/v1.`];
  }
  if (text.startsWith('/'))
    return [`A local directory is file://${text}; one on HDFS is webhdfs://NAMENODE:9870${text}`];
  return [];
}

/** Whatever stands before the last `@` may be a password, slashes and all, and a query may hold a token. */
function maskAddress(text: string): string {
  return text.replace(/^((?:[a-z][a-z0-9+.-]*:\/\/)?)[^]*@/i, '$1***@').replace(/\?[^]*/, '?***');
}

function invalid(text: string, reason: string, hints: readonly string[] = []): HdfsVenvError {
  return new HdfsVenvError({
    code: 'ADDRESS_INVALID',
    exit: 'usage',
    message: `Cannot use the address "${maskAddress(text)}": ${reason}.`,
    hints: [...hints, `Forms: ${FORMS}`],
  });
}
