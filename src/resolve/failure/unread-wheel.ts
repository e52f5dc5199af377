import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { openWheel } from '../../wheel/open-wheel.ts';
import { type Rules, STRICT } from '../../wheel/rules.ts';
import { quoteName, wheelError } from '../../wheel/wheel-error.ts';
import type { PipOutcome } from '../pip/pip-process.ts';
import type { PipReport } from '../pip/pip-report.ts';

type UnreadWheel = PipReport['unreadWheels'][number];

/**
 * The error for a run that ended because of what a wheel holds. Our own reader tells more exactly than pip what is wrong with it, and
 * pip passes over a wheel whose METADATA is of something else: it then finds no versions, or none that go together.
 *
 * @param rules of this run, for the wheels that are opened
 * @returns the codes of `openWheel`, `RESOLVE_WHEEL_UNREADABLE` (integrity) for a wheel that only pip refuses; undefined when the run
 * failed for another reason
 */
export function unreadWheelError({ report }: PipOutcome, rules: Rules = STRICT): HdfsVenvError | undefined {
  if (report.status === 0) return undefined;
  const names = new Set(report.causes.map(({ name }) => name));
  const roots = new Set(report.roots.map(({ file }) => file));
  const wheel = report.unreadWheels.findLast(({ file, name, passedOver }) => {
    return !passedOver || names.has(name) || roots.has(file);
  });
  return wheel === undefined ? undefined : explain(wheel, rules);
}

function explain({ file, path, reason, tooLarge }: UnreadWheel, rules: Rules): HdfsVenvError {
  if (tooLarge !== null) {
    const { entry, size, limit } = tooLarge;
    const problem = `${quoteName(entry)} has ${size} bytes, the limit is ${limit}`;
    return wheelError(file, 'WHEEL_LIMIT_DIST_INFO', problem);
  }
  try {
    if (path !== null) openWheel(path, rules);
  } catch (error) {
    if (error instanceof HdfsVenvError) return error;
    throw error;
  }
  return new HdfsVenvError({
    code: 'RESOLVE_WHEEL_UNREADABLE',
    exit: 'integrity',
    message: `Cannot use wheel ${file}: pip cannot read it: ${reason}`,
    hints: [
      'Get the wheel again from its index; when it comes back the same, tell its authors, or ask for another version.',
    ],
  });
}
