import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Target } from '../../target/target.ts';

/** Why requirements cannot be met; all but the last are about one package that has nothing to offer. */
export type ProblemKind =
  | 'no-package'
  | 'no-version'
  | 'only-sources'
  | 'no-wheel'
  | 'requires-python'
  | 'yanked'
  | 'provided'
  | 'host-bound'
  | 'build'
  | 'conflict';

const CODES: Readonly<Record<ProblemKind, string>> = {
  'no-package': 'RESOLVE_NO_SUCH_PACKAGE',
  'no-version': 'RESOLVE_NO_SUCH_VERSION',
  'only-sources': 'RESOLVE_ONLY_SOURCES',
  'no-wheel': 'RESOLVE_NO_WHEEL',
  'requires-python': 'RESOLVE_REQUIRES_PYTHON',
  yanked: 'RESOLVE_YANKED',
  provided: 'RESOLVE_PROVIDED_VERSION',
  'host-bound': 'RESOLVE_HOST_BOUND',
  build: 'RESOLVE_BUILD',
  conflict: 'RESOLVE_CONFLICT',
};

/** One reason why there is no set of packages. */
export interface Problem {
  readonly kind: ProblemKind;
  /** The package in question, normalised: without it pip may find the next problem. */
  readonly name: string;
  /** `pandas==2.2.3 has no wheel for …`: what is wrong, both values. */
  readonly text: string;
  readonly hint: string;
  /** Other ways out. */
  readonly others?: readonly string[];
}

/** All problems in one error, with the code that they share; `RESOLVE_BLOCKED` when they are of different kinds. */
export function problemsError(problems: readonly Problem[], target: Target): HdfsVenvError {
  const kinds = new Set(problems.map(({ kind }) => kind));
  const [first] = kinds;
  return new HdfsVenvError({
    code: kinds.size === 1 && first !== undefined ? CODES[first] : 'RESOLVE_BLOCKED',
    exit: 'resolve',
    message: `${headline(kinds, problems.length, target)}: ${problems.map((problem) => textOf(problem, kinds)).join('; ')}`,
    hints: [...new Set(problems.flatMap(({ hint, others = [] }) => [hint, ...others]))],
  });
}

function headline(kinds: ReadonlySet<ProblemKind>, count: number, target: Target): string {
  if (!kinds.has('conflict') && !kinds.has('provided')) {
    return `Cannot get ${count === 1 ? 'a package' : `${count} packages`} for Python ${target.python}`;
  }
  if (kinds.size > 1) return `Cannot meet the requirements for Python ${target.python}, for ${count} reasons`;
  return kinds.has('conflict')
    ? 'Cannot find versions that go together'
    : 'Cannot meet requirements with what the cluster provides';
}

function textOf({ kind, text }: Problem, kinds: ReadonlySet<ProblemKind>): string {
  return kind === 'conflict' && kinds.size > 1 ? `these do not go together: ${text}` : text;
}
