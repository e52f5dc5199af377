import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { isAllowable } from './allowances.ts';
import { type Limits, limitFlag } from './limits.ts';
import { normaliseName } from './wheel-name.ts';

export { quoteName } from './quote-name.ts';

export type WheelCode = `WHEEL_${string}`;

/**
 * A wheel that lies, or that cannot be read in one way only: always exit code `integrity`. Where the check can be switched
 * off, the hints say how.
 */
export function wheelError(fileName: string, code: WheelCode, problem: string, cause?: unknown): HdfsVenvError {
  const [distribution = ''] = fileName.split('-', 1);
  const allow = `If you trust it all the same: --allow ${code}=${normaliseName(distribution)}`;
  return new HdfsVenvError({
    code,
    exit: 'integrity',
    message: `Cannot use wheel ${fileName}: ${problem}`,
    hints: [
      'Get the wheel again from its index; when it comes back the same, tell its authors.',
      ...(isAllowable(code) ? [allow] : []),
    ],
    cause,
  });
}

/** A wheel that holds more than anybody expects of one. Getting it again would not help. */
export function limitError(fileName: string, code: WheelCode, limit: keyof Limits, problem: string): HdfsVenvError {
  return new HdfsVenvError({
    code,
    exit: 'integrity',
    message: `Cannot use wheel ${fileName}: ${problem}`,
    hints: [`If it is what you expect: ${limitFlag(limit)}`],
  });
}
