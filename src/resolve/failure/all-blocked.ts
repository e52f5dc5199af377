import type { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Target } from '../../target/target.ts';
import type { Blocked } from './blocked.ts';
import { buildErrorOf } from './build-failure.ts';
import { blockedError, explainFailure, findBlocked } from './explain-failure.ts';
import { type PipOutcome, type PipRequest, runPip, type TargetRequest } from '../pip/pip-process.ts';

/** Rounds after the first. Each is one more run of pip against pages that it has in its cache. */
const ROUNDS = 10;

/**
 * The error for a run that failed. pip stops at the first package that nothing fits; it is asked again without that one, and again,
 * so that the user hears of all of them at once. Nothing is downloaded for it where the index has metadata of its own.
 */
export async function failureOf(
  outcome: PipOutcome,
  request: PipRequest & { readonly target: TargetRequest },
  target: Target,
): Promise<HdfsVenvError> {
  const buildError = await buildErrorOf(outcome, request, target);
  if (buildError !== undefined) return buildError;
  const blocked = new Map<string, Blocked>();
  let latest = findBlocked(outcome, target);
  if (latest.length === 0) return explainFailure(outcome);
  for (let round = 0; latest.length > 0; round++) {
    for (const one of latest) blocked.set(one.name, one);
    if (round === ROUNDS) break;
    const again = await runPip({
      ...request,
      target: { ...request.target, skipped: [...blocked.keys()], resolveOnly: true },
    });
    latest = again.report.status === 0 ? [] : findBlocked(again, target).filter(({ name }) => !blocked.has(name));
  }
  return blockedError([...blocked.values()], target);
}
