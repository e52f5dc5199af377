import { normaliseName } from '../wheel/wheel-name.ts';

/** Name, extras, what follows: PEP 508 without its marker. */
const NAMED = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)$/;

/**
 * Writes a requirement in one way, so that equal ones compare equal as text: name as the index compares it (PEP 503),
 * extras, versions and hashes in order, no needless blanks. Nothing is evaluated, and what is no PEP 508 requirement, such as a path or
 * a URL, only loses its needless blanks.
 */
export function normaliseRequirement(text: string): string {
  const { specification, hashes } = splitHashes(text);
  // a URL ends at a blank: a `;` right after it is a part of it
  const isPlace = /@\s*\S/.test(specification) || isPathOrUrl(specification);
  const at = specification.search(isPlace ? /\s+;/ : /\s*;/);
  const subject = at === -1 ? specification : specification.slice(0, at);
  const marker = at === -1 ? '' : specification.slice(at).replace(/^\s*;/, '');
  const normalised = [normaliseSubject(subject), normaliseMarker(marker)]
    .filter((part) => part !== '')
    .join(isPlace ? ' ; ' : '; ');
  return [normalised, ...hashes.toSorted()].join(' ');
}

function splitHashes(text: string): { readonly specification: string; readonly hashes: readonly string[] } {
  const hashes: string[] = [];
  const specification = text.replaceAll(/\s--hash[=\s]\s*(\S+)/g, (_match, value: string) => {
    hashes.push(`--hash=${value}`);
    return '';
  });
  return { specification: oneBlank(specification), hashes };
}

function normaliseSubject(subject: string): string {
  const [, name, extras = '', rest = ''] = isPathOrUrl(subject) ? [] : (NAMED.exec(subject) ?? []);
  if (name === undefined) return subject;
  const wanted = extras
    .split(',')
    .map((extra) => normaliseName(extra.trim()))
    .filter((extra) => extra !== '');
  const list = wanted.length === 0 ? '' : `[${[...new Set(wanted)].toSorted().join(',')}]`;
  const [, url] = /^@\s*(\S+)$/.exec(rest) ?? [];
  return `${normaliseName(name)}${list}${url === undefined ? normaliseVersions(rest) : ` @ ${url}`}`;
}

/** `(>= 2, <3)` → `<3,>=2` */
function normaliseVersions(text: string): string {
  const clauses = text
    .replace(/^\((.*)\)$/, '$1')
    .split(',')
    .map((clause) => clause.replaceAll(/\s+/g, ''));
  return clauses
    .filter((clause) => clause !== '')
    .toSorted()
    .join(',');
}

function normaliseMarker(marker: string): string {
  return oneBlank(marker)
    .replaceAll(/\s*(===|~=|[=!<>]=|[<>])\s*/g, ' $1 ')
    .replaceAll("'", '"');
}

function isPathOrUrl(text: string): boolean {
  return /^(?:\.|\/|[A-Za-z]:[\\/]|[a-z][a-z0-9+.-]*:\/\/|~)/i.test(text) || /^[^\s@;[]*[\\/]/.test(text);
}

function oneBlank(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
