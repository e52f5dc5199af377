import type { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Target } from '../../target/target.ts';
import type { Rules } from '../../wheel/rules.ts';
import { type PipOutcome, type PipRequest, runPip, type TargetRequest } from '../pip/pip-process.ts';
import { findBuildProblem } from './build-failure.ts';
import { explainFailure } from './explain-failure.ts';
import { findProblems, type GivenFiles } from './find-problems.ts';
import { type Problem, problemsError } from './problem.ts';
import { unreadWheelError } from './unread-wheel.ts';

/** Rounds after the first. Each is one more run of pip against pages that it has in its cache. */
const ROUNDS = 10;

export interface FailureOptions {
  readonly own?: GivenFiles;
  /** For wheels that pip could not read; strict by default. */
  readonly rules?: Rules | undefined;
}

/**
 * The error for a run that failed. pip stops at the first requirement that cannot be met; it is asked again without that package, and
 * again, so that the user hears of all of them at once. Nothing is downloaded for it where the index has metadata of its own.
 *
 * @returns the codes of `unreadWheelError`, `problemsError` and `explainFailure`
 * @throws HdfsVenvError see `findBuildProblem`
 */
export async function failureOf(
  outcome: PipOutcome,
  request: PipRequest & { readonly target: TargetRequest },
  target: Target,
  { own = new Map(), rules }: FailureOptions = {},
): Promise<HdfsVenvError> {
  const unread = unreadWheelError(outcome, rules);
  if (unread !== undefined) return unread;
  const problems = new Map<string, Problem>();
  let latest = await findAll(outcome, target, own);
  if (latest.length === 0) return explainFailure(outcome);
  for (let round = 0; latest.length > 0; round++) {
    for (const problem of latest) problems.set(problem.name, problem);
    if (round === ROUNDS) break;
    const again = await runPip({
      ...request,
      target: { ...request.target, skipped: [...problems.keys()], resolveOnly: true },
    });
    const isAnswer = again.report.status === 0 || unreadWheelError(again, rules) !== undefined;
    latest = isAnswer ? [] : await findAll(again, target, own);
    latest = latest.filter(({ name }) => !problems.has(name));
  }
  return problemsError([...problems.values()], target);
}

async function findAll(outcome: PipOutcome, target: Target, own: GivenFiles): Promise<Problem[]> {
  const problem = await findBuildProblem(outcome, target);
  return problem === undefined ? findProblems(outcome, target, own) : [problem];
}
