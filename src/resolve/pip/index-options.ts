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
