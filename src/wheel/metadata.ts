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
  /** One line for people: an SPDX expression where there is one; null when nothing is said. */
  readonly licence: string | null;
}

const LICENCE_CLASSIFIER = /^License :: (?:OSI Approved :: )?(.+)$/;
const MAX_LICENCE_CHARACTERS = 100;

/**
 * Reads the headers of an e-mail-like file (RFC 822 as Python's `email` package takes it): a line that begins with white
 * space continues the one before; the headers end at the first empty line.
 */
export function parseHeaderFields(text: string): HeaderFields {
  const fields = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    if (line === '') break;
    const last = values?.at(-1);
    if (/^[ \t]/.test(line)) {
      if (values !== undefined && last !== undefined) values[values.length - 1] = `${last}\n${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) break;
    const name = line.slice(0, colon).toLowerCase();
    values = fields.get(name) ?? [];
    values.push(line.slice(colon + 1).trim());
    fields.set(name, values);
  }
  return fields;
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

/** `License-Expression` (PEP 639), else a short `License`, else the classifiers, joined by a comma. */
function readLicence(fields: HeaderFields): string | null {
  const expression = fields.get('license-expression')?.[0];
  if (expression !== undefined && expression !== '') return expression;
  const free = fields.get('license')?.[0] ?? '';
  const isShort = free !== '' && !free.includes('\n') && free.length <= MAX_LICENCE_CHARACTERS;
  if (isShort && free.toUpperCase() !== 'UNKNOWN') return free;
  const names = (fields.get('classifier') ?? []).flatMap((line) => LICENCE_CLASSIFIER.exec(line)?.[1] ?? []);
  return names.length > 0 ? names.join(', ') : null;
}
