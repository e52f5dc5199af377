import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { Machine } from './machine.ts';
import { OLDEST_GLIBC } from './platform-tag.ts';

/** Far ahead of the newest (2.44 in 2026): only a slip of the finger is beyond. */
const NEWEST_GLIBC = 60;

/**
 * Reads the value of `--glibc`, `2.17`.
 *
 * @returns its second half: 17
 * @throws HdfsVenvError `TARGET_GLIBC` (usage) when it is no version of glibc that wheels are built for on this machine
 */
export function parseGlibc(given: string, machine: Machine): number {
  const minor = readMinor(given);
  const oldest = OLDEST_GLIBC[machine];
  if (minor !== undefined && minor >= oldest && minor <= NEWEST_GLIBC) return minor;
  const guess = guessMinor(given);
  throw new HdfsVenvError({
    code: 'TARGET_GLIBC',
    exit: 'usage',
    message: `Cannot use ${JSON.stringify(given)} as the target's glibc: expected 2.N, on ${machine} from 2.${oldest} to 2.${NEWEST_GLIBC}`,
    hints: [
      ...(guess !== undefined && guess >= oldest && guess <= NEWEST_GLIBC ? [`Did you mean --glibc 2.${guess}?`] : []),
      '`ldd --version` on a node prints it.',
    ],
  });
}

function readMinor(text: string): number | undefined {
  const [, minor] = /^2\.([1-9]\d?)$/.exec(text) ?? [];
  return minor === undefined ? undefined : Number(minor);
}

/** 17 for `2.17.1`, `217`, `2,17`, `glibc-2.17-326.el7`. */
function guessMinor(given: string): number | undefined {
  const [, minor] = /^\D*2[.,_]?([1-9]\d?)(?!\d)/.exec(given) ?? [];
  return minor === undefined ? undefined : Number(minor);
}
