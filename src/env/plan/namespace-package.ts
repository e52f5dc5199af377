/** Ways to write a namespace package's `__init__.py`, without comments, with single quotes (packaging guide, pkgutil and pkg_resources style). */
const PKGUTIL = [
  /^__path__ = __import__\('pkgutil'\)\.extend_path\(__path__, __name__\)$/,
  /^from pkgutil import extend_path __path__ = extend_path\(__path__, __name__\)$/,
  /^import pkgutil __path__ = pkgutil\.extend_path\(__path__, __name__\)$/,
];
const PKG_RESOURCES = [
  /^__import__\('pkg_resources'\)\.declare_namespace\(__name__\)$/,
  /^import pkg_resources pkg_resources\.declare_namespace\(__name__\)$/,
  /^from pkg_resources import declare_namespace declare_namespace\(__name__\)$/,
];
const EITHER = /^try: (.*) except(?: ImportError)?: (.*)$/;

/** A declaration is a line or three, with a licence above them at most. */
const MAX_DECLARATION_CHARACTERS = 2 ** 16;

/** `none`: more than a declaration, so that replacing it would lose code. Order of preference: the first is the best. */
export type NamespaceStyle = 'pkgutil' | 'either' | 'pkg_resources' | 'empty' | 'none';
const PREFERENCE: readonly NamespaceStyle[] = ['pkgutil', 'either', 'pkg_resources', 'empty'];

/**
 * What an `__init__.py` does besides making its directory a package. In one tree all parts of a namespace lie in the same
 * directory, so that any declaration serves all of them, and so does an empty file.
 */
export function namespaceStyle(source: string): NamespaceStyle {
  if (source.length > MAX_DECLARATION_CHARACTERS) return 'none';
  const code = withoutDocstring(source)
    .split(/\r\n|\r|\n/)
    .map((line) => (line.includes('#') ? line.slice(0, line.indexOf('#')) : line).trim())
    .filter((line) => line !== '')
    .join(' ')
    .replaceAll('"', "'")
    .replaceAll(/\s+/g, ' ');
  if (code === '') return 'empty';
  if (matches(PKGUTIL, code)) return 'pkgutil';
  if (matches(PKG_RESOURCES, code)) return 'pkg_resources';
  const [, first = '', second = ''] = EITHER.exec(code) ?? [];
  const areBoth = [first, second].every((part) => matches(PKGUTIL, part) || matches(PKG_RESOURCES, part));
  return areBoth ? 'either' : 'none';
}

/**
 * Which of two styles stays. pkgutil's first: it needs nothing but the standard library, and it finds parts that the
 * cluster's own Python has.
 *
 * @returns undefined when one of them is more than a declaration
 */
export function preferredStyle(left: NamespaceStyle, right: NamespaceStyle): NamespaceStyle | undefined {
  if (left === 'none' || right === 'none') return undefined;
  return PREFERENCE.indexOf(left) <= PREFERENCE.indexOf(right) ? left : right;
}

function matches(patterns: readonly RegExp[], code: string): boolean {
  return patterns.some((pattern) => pattern.test(code));
}

function withoutDocstring(source: string): string {
  const comments = /^(?:\uFEFF|\s|#[^\r\n]*)*/;
  return source.replace(comments, '').replace(/^[rRuU]?(?:"""[^]*?"""|'''[^]*?'''|"[^"\r\n]*"|'[^'\r\n]*')/, '');
}
