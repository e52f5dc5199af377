import type { ErrorFields } from '../../errors/hdfs-venv-error.ts';

type Fields = ErrorFields;

interface Case extends Omit<Fields, 'message'> {
  readonly pattern: RegExp;
  /** The message begins with it, and goes on with pip's words. */
  readonly what: string;
}

/** Failures that pip 24.0 to 26.3 state in so many words. */
const CASES: readonly Case[] = [
  {
    pattern: /^Could not open (?:requirements|constraint) file/,
    code: 'RESOLVE_REQUIREMENTS_FILE',
    exit: 'usage',
    what: 'Cannot read a requirements file',
    hints: ['Paths in a requirements file count from the directory that it lies in.'],
  },
  {
    pattern: /^UnicodeDecodeError/,
    code: 'RESOLVE_REQUIREMENTS_FILE',
    exit: 'usage',
    what: 'Cannot read a file that a requirements file names',
    hints: ['Save it as UTF-8 text.'],
  },
  {
    pattern: /^Invalid requirement|^Invalid constraint|no such option/,
    code: 'RESOLVE_REQUIREMENT',
    exit: 'usage',
    what: 'Cannot understand a requirement',
    hints: ['Write it as NAME, NAME==VERSION or NAME[EXTRA]>=VERSION; markers follow a semicolon.'],
  },
  {
    pattern: /--require-hashes mode|Hashes are required/,
    code: 'RESOLVE_HASH_MISSING',
    exit: 'resolve',
    what: 'Cannot check a download',
    hints: ['Give every requirement, dependencies included, as NAME==VERSION with --hash.'],
  },
  {
    pattern: /is not a supported wheel on this platform/,
    code: 'RESOLVE_WHEEL_NOT_FOR_TARGET',
    exit: 'resolve',
    what: 'Cannot use a wheel on the target',
    hints: ['Give a wheel whose tags fit the target, or any-platform code.'],
  },
];

/** The error for one of pip's ERROR lines; undefined when none is known. */
export function knownError(errors: readonly string[]): Fields | undefined {
  const hash = errors.map(hashError).find((fields) => fields !== undefined);
  if (hash !== undefined) return hash;
  for (const { pattern, code, exit, what, hints = [] } of CASES) {
    const error = errors.find((one) => pattern.test(one));
    if (error !== undefined) return { code, exit, message: `${what}: ${error}`, hints };
  }
  return undefined;
}

/**
 * A full disk, wherever pip met it: its log may end in the middle of a word then, and Python complains of that on stderr.
 *
 * @param texts pip's log, its stderr
 */
export function diskFull(...texts: readonly string[]): Fields | undefined {
  const [said] = /\[Errno (?:28|122)\][^\n]*/.exec(texts.join('\n')) ?? [];
  if (said === undefined) return undefined;
  return {
    code: 'RESOLVE_DISK_FULL',
    exit: 'conflict',
    message: `Cannot write downloads: ${said}`,
    hints: ['Free some space, or set HDFS_VENV_CACHE to a directory on another disk.'],
  };
}

/** pip gives advice first, and then says which file it is about and both digests. */
function hashError(error: string): Fields | undefined {
  if (!error.includes('DO NOT MATCH THE HASHES')) return undefined;
  const details = [
    ...error.matchAll(
      /(\S+) (?:\S+ )?(?:from|@) (\S+?)(?:#\S*)?(?: \(from [^)]*\)+)?: Expected (.+?) Got +([0-9a-f]+)/g,
    ),
  ];
  const texts = details.map(([, , url = '', expected = '', got = '']) => {
    return `${url}: expected ${expected.replaceAll(/\s*Expected\s+or\s+/g, ' or ')}, got ${got}`;
  });
  return {
    code: 'RESOLVE_HASH',
    exit: 'integrity',
    message: `Cannot trust a download: ${texts.length === 0 ? error : texts.join('; ')}`,
    hints: ['Somebody replaced the file on the index, or the hash in the requirements file is of another one.'],
  };
}
