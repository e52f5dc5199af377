import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { normaliseName } from './wheel-name.ts';

/**
 * The checks of `wheel/` and `env/` that a user may switch off for one package, and what then happens. A check whose code
 * is not here stands for something that has no single right reading, or that nobody could unpack: it cannot be allowed.
 */
export const ALLOWABLE = {
  WHEEL_RECORD_ROW_MISSING: 'a file that RECORD does not name is taken; its CRC is checked',
  WHEEL_RECORD_FILE_ABSENT: 'a row of RECORD without a file is passed over',
  WHEEL_RECORD_HASH: 'the bytes of the archive are taken, whatever hash RECORD gives; their CRC is checked',
  WHEEL_RECORD_SIZE: 'the size that the archive gives is taken, whatever RECORD says',
  WHEEL_RECORD_NO_HASH: 'a file is taken for which RECORD has no hash; its CRC is checked',
  WHEEL_RECORD_WEAK_HASH: 'a file is taken whose hash in RECORD is too weak; its CRC is checked',
  WHEEL_ENTRY_POINT: 'nothing: scripts of entry points are not installed anyway',
  WHEEL_ENTRY_POINT_FORMAT: 'nothing: scripts of entry points are not installed anyway',
  WHEEL_MODE_SETUID: 'the file loses these bits: it becomes 644 or 755 like any other',
  WHEEL_NAME_INVISIBLE: 'the name is taken as it is',
  WHEEL_NAME_TRAILING: 'the name is taken as it is; a build on Windows would lose it',
  WHEEL_NAME_TWINS: 'both names are kept; a build on a disk that takes them for one is refused',
  WHEEL_NAME_PROTOTYPE: 'the name is taken as it is',
  ENV_CONFLICT: 'the file of this package is taken where another one brings the same path',
  ENV_MODULE_TWICE: 'both files are kept; Python takes one of them: a package before an extension before a source',
  ENV_SPARK_MODULE: "the module is taken: it hides the cluster's own Spark",
  ENV_START_UP_FILE: 'the file is taken: Python runs it at the start of every job',
  ENV_STANDARD_LIBRARY: "the module is taken: it hides the standard library's for Spark, too",
} as const satisfies Readonly<Record<string, string>>;

export type AllowableCode = keyof typeof ALLOWABLE;

/** A check that is switched off for one package. */
export interface Allowance {
  readonly code: AllowableCode;
  /** Normalised (PEP 503). */
  readonly package: string;
}

/** All checks that are switched off for a build. */
export class Allowances {
  /** Each once, by package and code. */
  readonly list: readonly Allowance[];

  constructor(list: readonly Allowance[] = []) {
    const byKey = new Map(list.map((one) => [`${one.package} ${one.code}`, one]));
    this.list = [...byKey].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, one]) => one);
  }

  /** @param name of the package, normalised */
  permit(code: AllowableCode, name: string): boolean {
    return this.list.some((one) => one.code === code && one.package === name);
  }
}

export function isAllowable(code: string): code is AllowableCode {
  return Object.hasOwn(ALLOWABLE, code);
}

/**
 * Reads `--allow CODE=PACKAGE`.
 *
 * @throws HdfsVenvError `WHEEL_ALLOWANCE` (usage) when there is no such check, when it cannot be switched off, or when no
 * package is named
 */
export function parseAllowance(text: string): Allowance {
  const [, code = '', name = ''] = /^([^=]*)=(.*)$/.exec(text.trim()) ?? [];
  const refuse = (problem: string, hint: string): never => {
    throw new HdfsVenvError({
      code: 'WHEEL_ALLOWANCE',
      exit: 'usage',
      message: `Cannot read --allow ${JSON.stringify(text)}: ${problem}`,
      hints: [hint],
    });
  };
  if (!/^[A-Z0-9_]+$/.test(code) || !/^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/.test(name)) {
    return refuse('it must be CODE=PACKAGE', 'The code is the one in the message of the refusal: ENV_CONFLICT=NAME.');
  }
  if (!isAllowable(code)) {
    return refuse(`${code} cannot be allowed`, `These can: ${Object.keys(ALLOWABLE).join(', ')}.`);
  }
  return { code, package: normaliseName(name) };
}
