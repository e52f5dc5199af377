import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { Target } from '../target/target.ts';
import type { PipReport } from './pip/pip-report.ts';

/**
 * Holds the chosen set against the wheels' own METADATA: every Requires-Dist whose marker holds for the target is met by
 * the set or by what is provided, every Requires-Python includes the target's. pip has resolved by the same rules; this
 * is the proof that nothing was lost on the way (an index may serve other metadata than the wheel has).
 *
 * @throws HdfsVenvError `RESOLVE_CLOSURE` (resolve) with the chain that leads to each unmet requirement, `RESOLVE_METADATA`
 * (integrity) for a wheel whose METADATA cannot be read
 */
export function checkClosure(report: Pick<PipReport, 'missing' | 'unreadable'>, target: Target): void {
  if (report.unreadable.length > 0) {
    throw new HdfsVenvError({
      code: 'RESOLVE_METADATA',
      exit: 'integrity',
      message: `Cannot read METADATA: ${report.unreadable.map(({ file, reason }) => `${file} (${reason})`).join(', ')}`,
      hints: ['The wheel is damaged on the index or where you got it from.'],
    });
  }
  if (report.missing.length === 0) return;
  const texts = report.missing.map(({ requirement, chain, found }) => {
    return `${[...chain, requirement].join(' → ')}${found === null ? '' : ` (there is ${found})`}`;
  });
  throw new HdfsVenvError({
    code: 'RESOLVE_CLOSURE',
    exit: 'resolve',
    message: `Cannot complete the environment for Python ${target.python}: nothing meets ${texts.join('; ')}`,
    hints: ['Add the package as a requirement, or name it as --provided if the cluster brings it.'],
  });
}
