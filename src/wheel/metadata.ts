/** The header fields of METADATA or WHEEL, by name in lower case, in the order they come. */
export type HeaderFields = ReadonlyMap<string, readonly string[]>;

/** The core metadata of a wheel that somebody here asks for (core metadata specification 2.4, down to PEP 241). */
export interface Metadata {
  /** As written. */
  readonly name: string;
  readonly version: string;
  /** As written: `pandas>=1.3 ; python_version >= "3.8"`. */
  readonly requiresDist: readonly string[];
  /** `>=3.7`; undefined when it says nothing. */
  readonly requiresPython: string | undefined;
  /** Extras as written. */
  readonly providesExtra: readonly string[];
  /** One short line for people: an SPDX expression where there is one; null when nothing is said. */
  readonly licence: string | null;
}

const LICENCE_CLASSIFIER = /^License :: (?:OSI Approved :: )?(.+)$/;
/** A longer `License` is the licence's text. */
const MAX_FREE_LICENCE_CHARACTERS = 100;
/** What is kept of the other two; the longest in real wheels has about 100. */
const MAX_LICENCE_CHARACTERS = 200;
/** A header's name as `email.feedparser` takes it: printable ASCII without a space; it may even be empty. */
const HEADER = /^([!-9;-~]*):/;

/**
 * Reads the headers of an e-mail-like file just as Python's `email` package does, so that nobody sees a field that others
 * do not: a line that begins with white space continues the one before; the headers end at the first line that is none.
 */
export function parseHeaderFields(text: string): HeaderFields {
  const fields = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const line of linesOf(text)) {
    const last = values?.at(-1);
    if (/^[ \t]/.test(line)) {
      if (values !== undefined && last !== undefined) values[values.length - 1] = `${last}\n${line.trim()}`;
      continue;
    }
    const [, name] = HEADER.exec(line) ?? [];
    if (name === undefined) break;
    values = name === '' ? undefined : (fields.get(name.toLowerCase()) ?? []);
    if (values === undefined) continue;
    values.push(line.slice(name.length + 1).trim());
    fields.set(name.toLowerCase(), values);
  }
  return fields;
}

/** One after the other: what follows the headers may be megabytes of description. */
function* linesOf(text: string): Generator<string> {
  const end = /\r\n|\r|\n|$/g;
  let at = 0;
  while (at < text.length) {
    end.lastIndex = at;
    const found = end.exec(text);
    const lineEnd = found?.index ?? text.length;
    yield text.slice(at, lineEnd);
    at = lineEnd + Math.max(found?.[0].length ?? 0, 1);
  }
}

/** Undefined fields are empty: `requireMetadata` decides what must be there. */
export function readMetadata(fields: HeaderFields): Metadata {
  const first = (name: string): string | undefined => fields.get(name)?.[0];
  return {
    name: first('name') ?? '',
    version: first('version') ?? '',
    requiresDist: fields.get('requires-dist') ?? [],
    requiresPython: first('requires-python'),
    providesExtra: fields.get('provides-extra') ?? [],
    licence: readLicence(fields),
  };
}

/**
 * `License-Expression` (PEP 639), else a short `License`, else the classifiers, joined by a comma; cut when it is long. One
 * that is no plain line of text is passed over: it ends on terminals.
 */
function readLicence(fields: HeaderFields): string | null {
  const expression = fields.get('license-expression')?.[0];
  if (expression !== undefined && isPlainLine(expression)) return cut(expression);
  const free = fields.get('license')?.[0] ?? '';
  const isShort = isPlainLine(free) && free.length <= MAX_FREE_LICENCE_CHARACTERS;
  if (isShort && free.toUpperCase() !== 'UNKNOWN') return free;
  const classifiers = (fields.get('classifier') ?? []).filter(isPlainLine);
  const names = classifiers.flatMap((line) => LICENCE_CLASSIFIER.exec(line)?.[1] ?? []);
  return names.length > 0 ? cut(names.join(', ')) : null;
}

/** By characters as Unicode counts them: no half of one is left. */
function cut(licence: string): string {
  const characters = Array.from(licence.slice(0, 2 * MAX_LICENCE_CHARACTERS + 2));
  if (characters.length <= MAX_LICENCE_CHARACTERS) return licence;
  return `${characters.slice(0, MAX_LICENCE_CHARACTERS - 1).join('')}…`;
}

function isPlainLine(text: string): boolean {
  return text !== '' && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);
}
