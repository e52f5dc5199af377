import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Target } from '../../target/target.ts';
import { type Blocked, type BlockedKind, explainBlocked } from './blocked.ts';
import { indexTrouble } from './index-trouble.ts';
import { type PipLog, parsePipLog, requirementName, type Unmet } from '../pip/pip-log.ts';
import type { PipOutcome, PipReport } from '../pip/pip-process.ts';

const BLOCKED_CODES: Readonly<Record<BlockedKind, string>> = {
  'no-package': 'RESOLVE_NO_SUCH_PACKAGE',
  'no-version': 'RESOLVE_NO_SUCH_VERSION',
  'only-sources': 'RESOLVE_ONLY_SOURCES',
  'no-wheel': 'RESOLVE_NO_WHEEL',
  'requires-python': 'RESOLVE_REQUIRES_PYTHON',
};

/**
 * The packages that pip gave up on because nothing of them fits, which running again without them may show more of.
 * Empty when it failed for another reason.
 */
export function findBlocked(outcome: PipOutcome, target: Target): Blocked[] {
  const { report, log } = outcome;
  if (report.refused.length > 0 || indexTrouble(log) !== undefined) return [];
  const pipLog = parsePipLog(log);
  const isProvided = new Set(report.contradictions.map(({ name }) => name));
  const found = [...pipLog.unmet, ...unmetInConflict(pipLog)].filter(({ name }) => !isProvided.has(name));
  const byName = new Map(found.map((unmet) => [unmet.name, unmet]));
  return [...byName.values()].map((unmet) => explainBlocked(unmet, pipLog.searches.get(unmet.name), target));
}

/** Parties of a "conflict" that is none: every version of the parent was tried, and the child has nothing that fits. */
function unmetInConflict(log: PipLog): Unmet[] {
  return log.conflict.flatMap((line) => {
    const [, parent, requirement] = /^(?:(\S+ \S+) depends on|The user requested) (.+)$/.exec(line) ?? [];
    const name = requirementName(requirement ?? '');
    const search = name === undefined ? undefined : log.searches.get(name);
    if (requirement === undefined || name === undefined || search === undefined || search.fitting.length > 0) return [];
    return [{ requirement, name, neededBy: parent ?? null }];
  });
}

/** All packages that nothing fits, in one error. */
export function blockedError(blocked: readonly Blocked[], target: Target): HdfsVenvError {
  const kinds = new Set(blocked.map(({ kind }) => kind));
  const [first] = kinds;
  const code = kinds.size === 1 && first !== undefined ? BLOCKED_CODES[first] : 'RESOLVE_BLOCKED';
  const texts = blocked.map(({ text }) => text).join('; ');
  const count = blocked.length === 1 ? 'a package' : `${blocked.length} packages`;
  return new HdfsVenvError({
    code,
    exit: 'resolve',
    message: `Cannot get ${count} for Python ${target.python}: ${texts}`,
    hints: [...new Set(blocked.map(({ hint }) => hint))],
  });
}

/** Every other failure of pip: one cause, one action. Pure: the outcome of a run in, the error out. */
export function explainFailure({ report, log, stderr }: PipOutcome): HdfsVenvError {
  const { conflict, errors } = parsePipLog(log);
  const fields =
    refused(report) ??
    (errors.length > 0 ? knownError(errors) : undefined) ??
    contradiction(report) ??
    indexTrouble(log) ??
    conflicting(conflict);
  if (fields !== undefined) return new HdfsVenvError(fields);
  const said = errors.find((error) => !error.startsWith('Exception:')) ?? stderr.trim().split('\n').at(-1) ?? '';
  return new HdfsVenvError({
    code: 'RESOLVE_PIP_FAILED',
    exit: 'resolve',
    message: `Cannot resolve the requirements: pip says ${said === '' ? `exit code ${report.status}` : said}`,
  });
}

type Fields = ConstructorParameters<typeof HdfsVenvError>[0];

function refused({ refused: all }: PipReport): Fields | undefined {
  if (all.length === 0) return undefined;
  const texts = all.map(
    ({ name, location, by }) => `${name === null ? '' : `${name} @ `}${location}${by === null ? '' : ` (${by})`}`,
  );
  const hasFolder = all.some(({ kind }) => kind === 'folder' || kind === 'editable');
  return {
    code: 'RESOLVE_NOT_A_WHEEL',
    exit: 'resolve',
    message: `Cannot use sources that would have to be built: ${texts.join(', ')}`,
    hints: hasFolder
      ? [
          'Take the line out of the requirements file and give the folder as an argument of its own, with a slash: ./folder',
        ]
      : ['Build a wheel of it (`pip wheel --no-deps …`) and give the .whl file as an argument.'],
  };
}

function contradiction({ contradictions }: PipReport): Fields | undefined {
  if (contradictions.length === 0) return undefined;
  const texts = contradictions.map(
    ({ name, version, requirement, by }) =>
      `${by ?? 'an argument'} asks for ${requirement}, the cluster provides ${name} ${version}`,
  );
  return {
    code: 'RESOLVE_PROVIDED_VERSION',
    exit: 'resolve',
    message: `Cannot meet requirements with what the cluster provides: ${[...new Set(texts)].join('; ')}`,
    hints: ["Loosen the requirement, or leave the package's version out of --provided."],
  };
}

function conflicting(conflict: readonly string[]): Fields | undefined {
  if (conflict.length === 0) return undefined;
  return {
    code: 'RESOLVE_CONFLICT',
    exit: 'resolve',
    message: `Cannot find versions that go together: ${conflict.join('; ')}`,
    hints: ['Loosen or remove one of these versions.'],
  };
}

/** Failures that pip states in so many words. */
function knownError(errors: readonly string[]): Fields | undefined {
  const find = (pattern: RegExp): string | undefined => errors.find((error) => pattern.test(error));
  const cases: readonly (readonly [RegExp, Omit<Fields, 'message'>, string])[] = [
    [
      /^Could not open requirements file/,
      { code: 'RESOLVE_REQUIREMENTS_FILE', exit: 'usage' },
      'Cannot read a requirements file',
    ],
    [
      /^UnicodeDecodeError/,
      { code: 'RESOLVE_REQUIREMENTS_FILE', exit: 'usage', hints: ['Save it as UTF-8 text.'] },
      'Cannot read a file that a requirements file names',
    ],
    [
      /^Invalid requirement|^Invalid constraint|no such option/,
      { code: 'RESOLVE_REQUIREMENT', exit: 'usage' },
      'Cannot understand a requirement',
    ],
    [
      /DO NOT MATCH THE HASHES/,
      {
        code: 'RESOLVE_HASH',
        exit: 'integrity',
        hints: ['Somebody replaced the file on the index, or the hash in the requirements file is of another one.'],
      },
      'Cannot trust a download',
    ],
    [
      /--require-hashes mode|Hashes are required/,
      {
        code: 'RESOLVE_HASH_MISSING',
        exit: 'resolve',
        hints: ['Give every requirement, dependencies included, as NAME==VERSION with --hash.'],
      },
      'Cannot check a download',
    ],
    [
      /is not a supported wheel on this platform/,
      {
        code: 'RESOLVE_WHEEL_NOT_FOR_TARGET',
        exit: 'resolve',
        hints: ['Give a wheel whose tags fit the target, or any-platform code.'],
      },
      'Cannot use a wheel on the target',
    ],
    [
      /requires? a different Python/,
      { code: 'RESOLVE_REQUIRES_PYTHON', exit: 'resolve' },
      'Cannot use a package on the target',
    ],
    [
      /No space left on device|\[Errno 28\]/,
      {
        code: 'RESOLVE_DISK_FULL',
        exit: 'conflict',
        hints: ['Free some space, or set HDFS_VENV_CACHE to a directory on another disk.'],
      },
      'Cannot write downloads',
    ],
  ];
  for (const [pattern, fields, what] of cases) {
    const error = find(pattern);
    if (error !== undefined) return { ...fields, message: `${what}: ${error}` };
  }
  return undefined;
}
