import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../../errors/mask-secrets.ts';

/** Where packages come from, as far as flags say it; what they leave out is for pip's own settings to say. */
export interface IndexOptions {
  readonly indexUrl: string | null;
  readonly extraIndexUrls: readonly string[];
  /** Directories, `file:` URLs and addresses of pages; relative paths count from the working directory. */
  readonly findLinks: readonly string[];
  readonly noIndex: boolean;
  readonly trustedHosts: readonly string[];
  /** Files of `-c`, as typed. */
  readonly constraints: readonly string[];
  /** The wheel of pip itself, so that it need not be fetched. */
  readonly pipWheel: string | null;
}

/** No flag given: all is for pip's own settings to say. */
export const NO_INDEX_OPTIONS: IndexOptions = {
  indexUrl: null,
  extraIndexUrls: [],
  findLinks: [],
  noIndex: false,
  trustedHosts: [],
  constraints: [],
  pipWheel: null,
};

/** As commander reads them: `--no-index` makes `index` false. */
export interface IndexFlags {
  readonly indexUrl?: string;
  readonly extraIndexUrl?: readonly string[];
  readonly findLinks?: readonly string[];
  readonly index?: boolean;
  readonly trustedHost?: readonly string[];
  readonly constraint?: readonly string[];
  readonly pipWheel?: string;
}

/**
 * Reads the flags that say where packages come from.
 *
 * @throws HdfsVenvError `RESOLVE_INDEX_CREDENTIALS` (usage) for an address with a user, a password or a token: flags stay in the shell's
 * history and in the process list; `RESOLVE_INDEX_URL` (usage) for an index that is no URL
 */
export function readIndexOptions(flags: IndexFlags): IndexOptions {
  const indexUrls = [...(flags.indexUrl === undefined ? [] : [flags.indexUrl]), ...(flags.extraIndexUrl ?? [])];
  for (const place of [...indexUrls, ...(flags.findLinks ?? [])]) refuseCredentials(place);
  for (const url of indexUrls) checkUrl(url);
  return {
    indexUrl: flags.indexUrl ?? null,
    extraIndexUrls: flags.extraIndexUrl ?? [],
    findLinks: flags.findLinks ?? [],
    noIndex: flags.index === false,
    trustedHosts: flags.trustedHost ?? [],
    constraints: flags.constraint ?? [],
    pipWheel: flags.pipWheel ?? null,
  };
}

/** The same for pip, which adds its own settings to it. */
export function indexArguments(options: IndexOptions): string[] {
  return [
    ...(options.indexUrl === null ? [] : ['--index-url', options.indexUrl]),
    ...options.extraIndexUrls.flatMap((url) => ['--extra-index-url', url]),
    ...options.findLinks.flatMap((place) => ['--find-links', place]),
    ...(options.noIndex ? ['--no-index'] : []),
    ...options.trustedHosts.flatMap((host) => ['--trusted-host', host]),
  ];
}

function refuseCredentials(place: string): void {
  if (maskSecrets(place) === place) return;
  throw new HdfsVenvError({
    code: 'RESOLVE_INDEX_CREDENTIALS',
    exit: 'usage',
    message: `Cannot take ${maskSecrets(place)} from a flag: a password there can be read in the process list and in the shell's history`,
    hints: [
      'Give the address without user and password, and these in ~/.netrc or a keyring; or set PIP_INDEX_URL, PIP_EXTRA_INDEX_URL or PIP_FIND_LINKS, or write the line in a requirements file.',
    ],
  });
}

/** pip takes a word for a folder of that name, and finds nothing there. */
function checkUrl(url: string): void {
  if (/^(?:https?|file):\/\//i.test(url) && URL.canParse(url)) return;
  throw new HdfsVenvError({
    code: 'RESOLVE_INDEX_URL',
    exit: 'usage',
    // without a scheme it may still begin with a password
    message: `Cannot use ${url.replace(/^.*@/, '***@')} as a package index: expected an address that begins with https://, http:// or file://`,
    hints: ['A directory of wheels goes in with --find-links.'],
  });
}
