import type { ErrorFields } from '../../errors/hdfs-venv-error.ts';

interface Case {
  readonly pattern: RegExp;
  readonly code: string;
  readonly exit: ErrorFields['exit'];
  readonly hint: string;
}

/** Why a page or a file did not arrive, as pip 24.0 to 26.3 put it, the more telling one first. */
const CASES: readonly Case[] = [
  {
    pattern: /\b407 Client Error|\bHTTP error 407\b|\bTunnel connection failed: 407\b/,
    code: 'RESOLVE_INDEX_REFUSED',
    exit: 'permission',
    hint: 'The proxy wants a user and a password, or others: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT.',
  },
  {
    pattern: /\b(?:401|403) (?:Client )?Error|\bHTTP error (?:401|403)\b/i,
    code: 'RESOLVE_INDEX_REFUSED',
    exit: 'permission',
    hint: 'The index wants a user and a password, or others: see `pip config list`, ~/.netrc and the URL of the index.',
  },
  {
    pattern: /confirming the ssl certificate|SSLError|CERTIFICATE_VERIFY_FAILED|\[SSL/i,
    code: 'RESOLVE_INDEX_CERTIFICATE',
    exit: 'network',
    hint: "Point PIP_CERT at the file with your organisation's certificate authority.",
  },
  {
    pattern: /ProxyError|proxy connection error|Cannot connect to proxy|Unable to connect to proxy/i,
    code: 'RESOLVE_INDEX_PROXY',
    exit: 'network',
    hint: 'Look at HTTPS_PROXY, HTTP_PROXY, NO_PROXY and at the `proxy` in `pip config list`.',
  },
  {
    pattern:
      /connection error|Max retries exceeded|Failed to resolve|timed out|didn't respond within|too many \d+ error responses|\b5\d\d Server Error|HTTP error 5\d\d|ConnectionResetError|IncompleteRead|ProtocolError|ConnectionError|Connection broken/i,
    code: 'RESOLVE_INDEX_UNREACHABLE',
    exit: 'network',
    hint: 'Check the address (`pip config list`), the network and HTTPS_PROXY; behind a firewall set PIP_INDEX_URL to your mirror.',
  },
  {
    pattern: /\bHTTP error 4(?:04|10)\b/,
    code: 'RESOLVE_FILE_MISSING',
    exit: 'network',
    hint: 'An index that lists a file and does not hand it out is an incomplete mirror: tell who keeps it, ask for another version, or try again later.',
  },
];

/** How pip begins the lines that tell of an index or a file that it could not get. */
const FAILURE =
  /(?:Could not fetch URL|HTTP error|Could not install packages due to an OSError|ERROR: (?!Could not find|No matching))/;

/** How pip ends when a requirement's own address, not an index, does not answer: by the exceptions of its HTTP client. */
const EXCEPTION = /^\s*pip\._(?:vendor\.(?:requests|urllib3)|internal)\.[\w.]+:/;

/**
 * What pip's log says of pages and files that could not be had; a project's page that is not there (404) is no trouble.
 * Undefined when all answered. What is wrong with the indexes themselves says `indexFailure`.
 */
export function indexTrouble(log: string): (ErrorFields & { readonly code: string }) | undefined {
  const lines = log
    .split('\n')
    // its milliseconds would pass for a status of HTTP
    .map((line) => line.replace(/^\d{4}-\d\d-\d\dT\S+\s/, ''))
    .filter((line) => !/Could not fetch URL .*: 404 Client Error/.test(line));
  return (
    troubleIn(lines.filter((line) => FAILURE.test(line))) ??
    // the last of a chain of exceptions names the host
    troubleIn(lines.filter((line) => EXCEPTION.test(line)).toReversed())
  );
}

function troubleIn(lines: readonly string[]): (ErrorFields & { readonly code: string }) | undefined {
  for (const { pattern, code, exit, hint } of CASES) {
    const line = lines.find((one) => pattern.test(one));
    if (line !== undefined) return { code, exit, message: messageOf(line), hints: [hint] };
  }
  return undefined;
}

function messageOf(line: string): string {
  const [, status, file] = /\bHTTP error (\d{3}).*?((?:https?|file):\/\/[^\s#]+)/.exec(line) ?? [];
  if (status !== undefined) return `Cannot download ${file}: HTTP error ${status}`;
  const [, host, port, path, cause] =
    /\(host='([^']+)', port=(\d+)\): Max retries exceeded with url: (\S+) \(Caused by (.*)\)$/.exec(line) ?? [];
  if (host !== undefined) return `Cannot reach ${host}:${port}${path}: ${innermost(cause ?? '')}`;
  const [, other] = EXCEPTION.test(line) ? (/\bhost='([^']+)'/.exec(line) ?? []) : [];
  return `Cannot reach ${other ?? 'the package index'}: ${reason(line)}`;
}

/** `[Errno 111] Connection refused` of `NewConnectionError("HTTPConnection(…): Failed to establish a new connection: [Errno 111] …")`. */
function innermost(cause: string): string {
  const [, words] = /(?:: |\(["'])((?:\[[^\]]*\] )?[^:"']+)["')]+$/.exec(cause) ?? [];
  return words ?? cause;
}

/** Takes the framing from a line: what is left names the URL and what happened. */
function reason(line: string): string {
  return line
    .trim()
    .replace(/^(?:ERROR: )?(?:Could not fetch URL )?/, '')
    .replace(/ - skipping$/, '')
    .replace(/^pip\._[\w.]+: /, '')
    .replaceAll(/<[^<>]* object at 0x[0-9a-f]+>:? ?/g, '')
    .trim();
}
