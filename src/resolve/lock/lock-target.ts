import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Target } from '../../target/target.ts';
import { normaliseName } from '../../wheel/wheel-name.ts';
import type { MarkerAnswer } from './evaluate-markers.ts';
import { lockFormatError } from './lock-format.ts';

/** The error for a lock that was not made for such a target; `only` is what it is for. */
export function lockTargetError(lockName: string, target: Target, only: string): HdfsVenvError {
  const machine = `Python ${target.python} on ${target.markerEnvironment['platform_machine']} Linux`;
  return new HdfsVenvError({
    code: 'RESOLVE_LOCK_TARGET',
    exit: 'resolve',
    message: `Cannot use the lock ${JSON.stringify(lockName)} for ${machine}: it is for ${only} only`,
    hints: [
      'Lock again for the target, or give what the lock was made from: pyproject.toml or requirements.txt.',
      'If the cluster runs another Python than that, say so with --python.',
    ],
  });
}

/**
 * Normalises the extras that were asked for.
 *
 * @throws HdfsVenvError `RESOLVE_LOCK_EXTRA` (usage) for those that the lock does not know
 */
export function checkExtras(asked: readonly string[], known: readonly string[], lockName: string): string[] {
  const knownNames = new Set(known.map(normaliseName));
  const unknown = asked.filter((extra) => !knownNames.has(normaliseName(extra)));
  if (unknown.length > 0) {
    const there = knownNames.size === 0 ? 'none' : [...knownNames].toSorted().join(', ');
    throw new HdfsVenvError({
      code: 'RESOLVE_LOCK_EXTRA',
      exit: 'usage',
      message: `Cannot find the extra ${unknown.join(', ')} in ${JSON.stringify(lockName)}: it has ${there}`,
    });
  }
  return [...new Set(asked.map(normaliseName))];
}

/**
 * Whether a marker holds.
 *
 * @throws HdfsVenvError `RESOLVE_LOCK_FORMAT` when it could not be evaluated
 */
export function settled(answer: MarkerAnswer | undefined, marker: string, lockName: string): boolean {
  if (typeof answer === 'boolean') return answer;
  throw lockFormatError(lockName, `the marker ${JSON.stringify(marker)}: ${answer?.error ?? 'it was not evaluated'}`);
}
