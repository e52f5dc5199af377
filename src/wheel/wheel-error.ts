import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { isAllowable } from './allowances.ts';
import { normaliseName } from './wheel-name.ts';

const MAX_QUOTED_CHARACTERS = 200;

/**
 * A wheel that lies, or that cannot be read in one way only: always exit code `integrity`. Where the check can be switched
 * off, the hints say how.
 */
export function wheelError(fileName: string, code: `WHEEL_${string}`, problem: string, cause?: unknown): HdfsVenvError {
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

/** A name from inside an archive, fit for a terminal and a log: quoted, control and direction characters escaped, cut. */
export function quoteName(name: string): string {
  const cut = name.length > MAX_QUOTED_CHARACTERS ? `${name.slice(0, MAX_QUOTED_CHARACTERS)}…` : name;
  return JSON.stringify(cut).replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
