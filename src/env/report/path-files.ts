/**
 * What a `.pth` file would do if it lay in site-packages (Python's `site` module). Below the root of SparkFiles nobody
 * reads it.
 */
export interface PathFile {
  readonly path: string;
  /**
   * `namespace`: makes a namespace package importable, as setuptools used to write it; nothing is lost, because in one
   * tree it is importable anyway. `other`: whatever it does is missing in a job.
   */
  readonly kind: 'namespace' | 'other';
  /** Directories that would be added to `sys.path`. */
  readonly directories: readonly string[];
  /** Lines that would be run at the start of every Python. */
  readonly imports: readonly string[];
  /** Too large for anybody to have written it by hand: it was not read, so the two lists are empty. */
  readonly isUnread: boolean;
}

/**
 * All statements that setuptools has put into such a line (`namespaces.py`, before 2017 `command/install_egg_info.py`). A line
 * with any other statement is somebody else's, however it begins.
 */
const NAMESPACE_STATEMENTS = [
  String.raw`import sys, ?(?:types|new), ?os`,
  String.raw`has_mfs = sys\.version_info > \(3, 5\)`,
  String.raw`p = os\.path\.join\(sys\._getframe\(1\)\.f_locals\['sitedir'\], \*\((?:'\w+',? ?)+\)\)`,
  String.raw`ie = os\.path\.exists\(os\.path\.join\(p, ?'__init__\.py'\)\)`,
  String.raw`importlib = has_mfs and __import__\('importlib\.util'\)`,
  String.raw`has_mfs and __import__\('importlib\.machinery'\)`,
  String.raw`m = has_mfs and sys\.modules\.setdefault\('[\w.]+', ?importlib\.util\.module_from_spec\(importlib\.machinery\.PathFinder\.find_spec\('[\w.]+', ?\[os\.path\.dirname\(p\)\]\)\)\)`,
  String.raw`m = (?:m or|not ie and) sys\.modules\.setdefault\('[\w.]+', ?(?:types\.ModuleType|new\.module)\('[\w.]+'\)\)`,
  String.raw`mp = \(m or \[\]\) and m\.__dict__\.setdefault\('__path__', ?\[\]\)`,
  String.raw`\(p not in mp\) and mp\.append\(p\)`,
  String.raw`m and setattr\(sys\.modules\['[\w.]+'\], ?'\w+', ?m\)`,
];
const NAMESPACE_STATEMENT = new RegExp(`^ ?(?:${NAMESPACE_STATEMENTS.join('|')})$`);

/** What ends a line for any version: before 3.13 it was a file's line, since then it is that of `str.splitlines`. */
// eslint-disable-next-line no-control-regex -- these end lines, too
const LINE_END = /\r\n|[\n\v\f\r\u001C-\u001E\u0085\u2028\u2029]/;

/**
 * Reads one, as `site.addpackage` does: `import` lines are run, comments skipped, all else is a directory.
 *
 * @param text undefined when it is too large to be read
 */
export function readPathFile(path: string, text: string | undefined): PathFile {
  if (text === undefined) return { path, kind: 'other', directories: [], imports: [], isUnread: true };
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(LINE_END)
    .filter((line) => !line.startsWith('#') && line.trim() !== '');
  const imports = lines.filter(isImport);
  const directories = lines.filter((line) => !isImport(line)).map((line) => line.trimEnd());
  const isNamespace = imports.length > 0 && directories.length === 0 && imports.every(declaresNamespace);
  return { path, kind: isNamespace ? 'namespace' : 'other', directories, imports, isUnread: false };
}

function isImport(line: string): boolean {
  return /^import[ \t]/.test(line);
}

function declaresNamespace(line: string): boolean {
  return line
    .trimEnd()
    .split(';')
    .every((statement) => NAMESPACE_STATEMENT.test(statement));
}
