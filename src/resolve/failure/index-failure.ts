import type { ErrorFields } from '../../errors/hdfs-venv-error.ts';
import type { IndexFailure, PipReport } from '../pip/pip-report.ts';

interface Case {
  readonly code: string;
  readonly exit: ErrorFields['exit'];
  readonly hint: string;
}

const LEAVE_OUT =
  "To go on without it, take it out of the flags, the requirements files and pip's settings (`pip config list`); it is never passed over, because a stranger's package could come in from another index.";

/** What each kind of `bootstrap/pip_index.py` is called, and what helps. */
const CASES: Readonly<Record<Exclude<IndexFailure['kind'], 'forbidden'>, Case>> = {
  unreachable: {
    code: 'RESOLVE_INDEX_UNREACHABLE',
    exit: 'network',
    hint: `Check the address, the network and HTTPS_PROXY; behind a firewall set PIP_INDEX_URL to your mirror. ${LEAVE_OUT}`,
  },
  certificate: {
    code: 'RESOLVE_INDEX_CERTIFICATE',
    exit: 'network',
    hint: `Point PIP_CERT at the file with your organisation's certificate authority. ${LEAVE_OUT}`,
  },
  proxy: {
    code: 'RESOLVE_INDEX_PROXY',
    exit: 'network',
    hint: 'Look at HTTPS_PROXY, HTTP_PROXY, NO_PROXY and at the `proxy` in `pip config list`.',
  },
  'proxy-unauthorized': {
    code: 'RESOLVE_INDEX_REFUSED',
    exit: 'permission',
    hint: 'The proxy wants a user and a password, or others: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT.',
  },
  unauthorized: {
    code: 'RESOLVE_INDEX_REFUSED',
    exit: 'permission',
    hint: `The index wants a user and a password, or others: see ~/.netrc, the keyring and the address of the index in \`pip config list\`. ${LEAVE_OUT}`,
  },
  insecure: {
    code: 'RESOLVE_INDEX_INSECURE',
    exit: 'usage',
    hint: `Use its https:// address, or name the host with --trusted-host. ${LEAVE_OUT}`,
  },
  content: {
    code: 'RESOLVE_INDEX_CONTENT',
    exit: 'network',
    hint: `Check that the address is one of a package index, which usually ends in /simple/. ${LEAVE_OUT}`,
  },
  address: { code: 'RESOLVE_INDEX_URL', exit: 'usage', hint: 'An index is an address like https://HOST/simple/.' },
  directory: {
    code: 'RESOLVE_INDEX_URL',
    exit: 'usage',
    hint: 'Check the directory of --find-links, PIP_FIND_LINKS or the index; relative ones count from the current directory, in requirements files from the file.',
  },
};

/** Why pip was stopped: an index, a page or a directory that it could not ask. Undefined when it could ask all. */
export function indexFailure({ indexFailures }: PipReport): (ErrorFields & { readonly code: string }) | undefined {
  for (const { kind, url, reason } of indexFailures) {
    if (kind === 'forbidden') continue;
    const { code, exit, hint } = CASES[kind];
    const what = kind === 'directory' ? `look for packages in ${url}` : `reach the package index ${url}`;
    return { code, exit, message: `Cannot ${what}: ${reason}`, hints: [hint] };
  }
  return undefined;
}
