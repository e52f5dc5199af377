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
}

/** How setuptools begins the line: the module's name changed over the years. */
const NAMESPACE_LINE = /^import sys, ?(?:types|new), ?os;/;

/** Reads one, as `site.addpackage` does: `import` lines are run, comments skipped, all else is a directory. */
export function readPathFile(path: string, text: string): PathFile {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => !line.startsWith('#') && line.trim() !== '');
  const imports = lines.filter((line) => /^import[ \t]/.test(line));
  const directories = lines.filter((line) => !imports.includes(line)).map((line) => line.trimEnd());
  const isNamespace =
    imports.length > 0 && directories.length === 0 && imports.every((line) => NAMESPACE_LINE.test(line));
  return { path, kind: isNamespace ? 'namespace' : 'other', directories, imports };
}
