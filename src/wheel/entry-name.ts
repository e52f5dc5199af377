import type { WheelCode } from './wheel-error.ts';

/** Longest segment that HDFS and the usual disks take, in UTF-8 bytes (`dfs.namenode.fs-limits.max-component-length`). */
const MAX_SEGMENT_BYTES = 255;
/** Longest path, in UTF-8 bytes; the longest in real wheels has 148. */
const MAX_PATH_BYTES = 1024;
const MAX_DEPTH = 64;

export interface NameProblem {
  readonly code: WheelCode;
  /** Continues "entry X …". */
  readonly problem: string;
}

/**
 * Formatting characters, fillers and other things that nobody sees, and white space that looks like a plain space or like
 * none. Such a name is taken for another one by whoever reads it.
 */
const NOT_SHOWN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;

/** In order: the first that applies and is not switched off names the problem. */
const RULES: readonly (NameProblem & { readonly applies: (name: string, segments: readonly string[]) => boolean })[] = [
  { code: 'WHEEL_NAME_EMPTY', problem: 'has no name', applies: (name) => name === '' },
  {
    code: 'WHEEL_NAME_CONTROL',
    problem: 'has a control character or a line separator in its name',
    applies: (name) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(name),
  },
  {
    code: 'WHEEL_NAME_INVISIBLE',
    problem: 'has a character in its name that is not shown or that turns the direction of writing',
    applies: (name) => NOT_SHOWN.test(name),
  },
  {
    code: 'WHEEL_NAME_ABSOLUTE',
    problem: 'begins with a slash, a backslash or a drive of Windows',
    applies: (name) => /^(?:[/\\]|[A-Za-z]:)/.test(name),
  },
  { code: 'WHEEL_NAME_BACKSLASH', problem: 'has a backslash in its name', applies: (name) => name.includes('\\') },
  {
    code: 'WHEEL_NAME_PARENT',
    problem: 'leads out of the archive by ".."',
    applies: (_, segments) => segments.includes('..'),
  },
  {
    code: 'WHEEL_NAME_DOT',
    problem: 'has an empty segment or "." in its path',
    applies: (_, segments) => segments.some((segment) => segment === '' || segment === '.'),
  },
  {
    code: 'WHEEL_NAME_SEPARATOR',
    problem: 'has ":" or ";" in its name, which HDFS and its HTTP servers cannot carry',
    applies: (name) => /[:;]/.test(name),
  },
  {
    code: 'WHEEL_NAME_TRAILING',
    problem: 'has a segment that ends in a dot or a space, which Windows drops',
    applies: (_, segments) => segments.some((segment) => /[. ]$/.test(segment)),
  },
  {
    code: 'WHEEL_NAME_PROTOTYPE',
    problem: 'is called like a built-in property of JavaScript',
    applies: (_, segments) => segments.includes('__proto__'),
  },
  {
    code: 'WHEEL_NAME_LONG',
    problem: `has a segment of more than ${MAX_SEGMENT_BYTES} bytes or a path of more than ${MAX_PATH_BYTES}`,
    applies: (name, segments) =>
      Buffer.byteLength(name) > MAX_PATH_BYTES ||
      segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES),
  },
  {
    code: 'WHEEL_NAME_DEEP',
    problem: `is more than ${MAX_DEPTH} directories deep`,
    applies: (_, segments) => segments.length > MAX_DEPTH,
  },
];

/**
 * What is wrong with the name of an entry that would become a file on the user's disk and on HDFS. Directory entries are
 * never written, so what only bothers Windows is no fault of theirs (pyarrow 17.0.0 has an empty `pyarrow./`).
 */
export function findNameProblems(name: string): NameProblem[] {
  const isDirectory = name.endsWith('/');
  const path = isDirectory ? name.slice(0, -1) : name;
  const segments = path.split('/');
  return RULES.filter(
    ({ code, applies }) => !(isDirectory && code === 'WHEEL_NAME_TRAILING') && applies(path, segments),
  );
}
