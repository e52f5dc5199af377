import { refusedName } from '../store-path.ts';
import { replaceTrailingPath } from './encode-path.ts';
import { Failure } from './failure.ts';
import { type Endpoint, showEndpoint } from './options.ts';

/** Longer ones get a 400 as HTML from a DataNode's Netty. */
const MAX_REQUEST_LINE = 4096;

/** Where step 2 of an operation goes. */
export interface Redirect {
  readonly endpoint: Endpoint;
  /** Path and query, encoded. */
  readonly target: string;
  /**
   * It leads to a DataNode, which is told the NameNode's address in the query on every version. What leads elsewhere comes
   * from HttpFS (`data=true`) or a gateway (Knox encrypts the query), whatever the host is called.
   */
  readonly isDataNode: boolean;
  /** The server will refuse a CREATE without parent. Those before Hadoop 2.8 drop the parameter. */
  readonly keepsCreateParent: boolean;
}

const LOCATION = /^(?:(https?):\/\/(\[[0-9a-f:.]+\]|[^/:?#@[\]]+)(?::(\d{1,5}))?)?(\/[^?#]*)(?:\?([^#]*))?$/i;

/**
 * Reads a `Location` header and puts our own encoding of the path into it.
 *
 * @param from the server that sent it
 * @param path the absolute path that was asked for
 * @throws Failure `redirect` when it cannot be followed; STORE_NAME_REFUSED when the request would be too long
 */
export function readRedirect(location: string | undefined, from: Endpoint, method: string, path: string): Redirect {
  const match = LOCATION.exec(location ?? '');
  if (match === null) throw refused(from, `its redirect has no usable address (${withoutQuery(location)})`);
  const [, scheme, host, port, rendered = '', query = ''] = match;
  const endpoint = scheme === undefined || host === undefined ? from : newEndpoint(scheme, host, port);
  if (from.tls && !endpoint.tls) {
    throw refused(from, `its redirect leaves TLS: from https to http://${showEndpoint(endpoint)}`);
  }
  const target = `${ownPath(rendered, from, path)}?${query}`;
  if (!/^[\x21-\x7e]+$/.test(target)) throw refused(from, 'its redirect holds characters that no URL may have');
  const line = `${method} ${target} HTTP/1.1\r\n`;
  if (line.length > MAX_REQUEST_LINE) {
    throw refusedName(path, `the request for it has ${line.length} bytes, and a DataNode takes ${MAX_REQUEST_LINE}`);
  }
  return {
    endpoint,
    target,
    isDataNode: /(^|&)namenoderpcaddress=/i.test(query),
    keepsCreateParent: /(^|&)createparent=false(&|$)/.test(query),
  };
}

/** What a DataNode needs to know for any operation: who asks, with which token, and where the NameNode is. */
const PARAMETERS_OF_ALL = new Set(['user.name', 'doas', 'delegation', 'namenoderpcaddress']);

/** The redirect that another operation on the same file would get, if the NameNode chose the same DataNode. */
export function redirectFor(op: string, redirect: Redirect): Redirect {
  const [path = '', query = ''] = redirect.target.split('?', 2);
  const kept = query.split('&').filter((pair) => PARAMETERS_OF_ALL.has(pair.replace(/=.*$/s, '').toLowerCase()));
  return { ...redirect, target: `${path}?${[`op=${op}`, ...kept].join('&')}` };
}

/** The query of a redirect holds a delegation token on a secure cluster. */
function withoutQuery(location: string | undefined): string {
  return location === undefined ? 'none at all' : JSON.stringify(location.replace(/[?#][^]*/, '?…'));
}

function newEndpoint(scheme: string, host: string, port: string | undefined): Endpoint {
  const tls = scheme.toLowerCase() === 'https';
  return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? (tls ? 443 : 80) : Number(port), tls };
}

function ownPath(rendered: string, from: Endpoint, path: string): string {
  const replaced = replaceTrailingPath(rendered, path);
  if (replaced !== undefined) return replaced;
  // Nothing in such a path can have been lost on the way.
  if (/^[\w./~-]+$/.test(path)) return rendered;
  throw refused(from, `its redirect does not name ${path}`);
}

function refused(from: Endpoint, reason: string): Failure {
  return new Failure({ action: 'redirect', source: 'NameNode', server: showEndpoint(from), reason });
}
