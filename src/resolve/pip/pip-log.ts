import { normaliseName, parseWheelName } from '../../wheel/wheel-name.ts';

/** A file of an index that pip passed over. */
export interface SkippedFile {
  readonly fileName: string;
  /** Null when the file name does not tell. */
  readonly version: string | null;
  /**
   * `source`: a source distribution. `tags`: a wheel for other Pythons or platforms. `python`: its Requires-Python excludes the target's.
   */
  readonly why: 'source' | 'tags' | 'python';
  /** Requires-Python, where that is the reason. */
  readonly requiresPython: string | null;
}

/** What pip found when it looked for one package. */
export interface Search {
  /** Normalised. */
  readonly name: string;
  /** Addresses of the indexes' pages. */
  readonly locations: readonly string[];
  /** Versions with a file that the target can use, in the order of the index. */
  readonly fitting: readonly string[];
  /** Those of them that come as a wheel; the others are sources that may be built. */
  readonly wheels: readonly string[];
  readonly skipped: readonly SkippedFile[];
}

export interface PipLog {
  readonly searches: ReadonlyMap<string, Search>;
  /** pip's ERROR lines without that word, continuation lines joined by a space. */
  readonly errors: readonly string[];
}

interface OpenSearch extends Search {
  readonly locations: string[];
  readonly fitting: string[];
  readonly wheels: string[];
  readonly skipped: SkippedFile[];
}

/** Reads what pip 24.0 to 26.3 write with `--log`. */
export function parsePipLog(log: string): PipLog {
  const lines = log.split('\n').map((line) => line.replace(/^\d{4}-\d\d-\d\dT\S+ /, ''));
  return {
    searches: readSearches(lines),
    errors: readErrors(lines),
  };
}

function readSearches(lines: readonly string[]): Map<string, Search> {
  const searches = new Map<string, OpenSearch>();
  let current: OpenSearch | undefined;
  for (const line of lines) {
    const [, name] = /^\s*\d+ location\(s\) to search for versions of (\S+):$/.exec(line) ?? [];
    if (name !== undefined) {
      current = { name: normaliseName(name), locations: [], fitting: [], wheels: [], skipped: [] };
      searches.set(current.name, current);
    } else if (current !== undefined) {
      readSearchLine(line, current);
    }
  }
  return searches;
}

/** What an index makes of its links is its own affair; a line of pip about one has a few hundred characters. */
const MAX_LINE_CHARACTERS = 10_000;

function readSearchLine(line: string, search: OpenSearch): void {
  if (line.length > MAX_LINE_CHARACTERS) return;
  const [, location] = /^\s*\* (\S+)$/.exec(line) ?? [];
  if (location !== undefined) search.locations.push(location);
  const [, link = '', version] = /^\s*Found link (\S+).*, version: (\S+)$/.exec(line) ?? [];
  if (version !== undefined && !search.fitting.includes(version)) search.fitting.push(version);
  const isWheel = /\.whl(?:[?#]|$)/.test(link);
  if (version !== undefined && isWheel && !search.wheels.includes(version)) search.wheels.push(version);
  const [, reason = '', url = ''] = /^\s*Skipping link: (.*?): ((?:https?|file):\/\/\S+)/.exec(line) ?? [];
  const fileName = decodeURIComponent(
    (
      url
        .replace(/[?#].*$/, '')
        .split('/')
        .at(-1) ?? ''
    ).replaceAll(/%(?![0-9a-f]{2})/gi, '%25'),
  );
  const [, pythonVersion, requiresPython] = /^(\S+) Requires-Python (.+)$/.exec(reason) ?? [];
  if (requiresPython !== undefined) {
    search.skipped.push({ fileName, version: pythonVersion ?? null, why: 'python', requiresPython });
  } else if (reason.startsWith('No sources permitted')) {
    search.skipped.push({
      fileName,
      version: sourceVersion(fileName, search.name),
      why: 'source',
      requiresPython: null,
    });
  } else if (reason.startsWith("none of the wheel's tags")) {
    search.skipped.push({ fileName, version: wheelVersion(fileName), why: 'tags', requiresPython: null });
  }
}

function wheelVersion(fileName: string): string | null {
  try {
    return parseWheelName(fileName).version;
  } catch {
    return null;
  }
}

/** `pyspark-3.5.1.tar.gz` → `3.5.1`; names of old files may hold dashes, so the name is taken off as the index compares it. */
function sourceVersion(fileName: string, name: string): string | null {
  const stem = fileName.replace(/\.(?:tar\.(?:gz|bz2|xz|Z)|tgz|zip)$/, '');
  const dash = [...stem.matchAll(/-/g)].find(({ index }) => normaliseName(stem.slice(0, index)) === name);
  return dash === undefined ? null : stem.slice(dash.index + 1);
}

function readErrors(lines: readonly string[]): string[] {
  const errors: string[] = [];
  let isOpen = false;
  for (const line of lines) {
    if (line.startsWith('ERROR: ')) errors.push(line.slice('ERROR: '.length));
    else if (isOpen && /^\s+\S/.test(line)) errors.push(`${errors.pop()} ${line.trim()}`);
    isOpen = line.startsWith('ERROR: ') || (isOpen && /^\s+\S/.test(line));
  }
  return errors;
}
