import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { sha256OfFile } from '../../digest/sha256-of-file.ts';
import { findLocalFile } from './local-files.ts';
import { type PinnedPip, pipFileName } from './pinned-pip.ts';
import type { PipOptions } from './private-pip.ts';

/** A pinned pip whose wheel is a file of this machine. */
export interface LocalPip extends PinnedPip {
  readonly path: string;
}

/**
 * The wheel that the user gives for pip, whatever its file is called: its digest says which one it is.
 *
 * @throws HdfsVenvError `RESOLVE_PIP_WHEEL` (usage) when it cannot be read, or is none of `usable`
 */
export async function readPipWheel(
  given: string,
  usable: readonly PinnedPip[],
  { workingDirectory = '.', python }: PipOptions,
): Promise<LocalPip> {
  const path = resolve(workingDirectory, given);
  const digest = await digestOf(path).catch((cause: unknown) => {
    throw wheelError(`Cannot read the wheel of pip ${given}: ${cause instanceof Error ? cause.message : ''}`, usable);
  });
  const pinned = usable.find(({ sha256 }) => sha256 === digest);
  if (pinned === undefined) {
    const what = `this one has sha256 ${digest}`;
    throw wheelError(
      `Cannot use ${given} for this target on Python 3.${python.minor}: expected ${names(usable)}, ${what}`,
      usable,
    );
  }
  return { ...pinned, path };
}

async function digestOf(path: string): Promise<string> {
  // a pipe would be waited for for ever
  if (!(await stat(path)).isFile()) throw new Error('it is no file');
  return sha256OfFile(path);
}

/** A pinned pip in one of the directories of `--find-links`, the preferred version first; undefined when there is none. */
export async function findLocalPip(usable: readonly PinnedPip[], options: PipOptions): Promise<LocalPip | undefined> {
  for (const pinned of usable) {
    const path = await findLocalFile({ fileName: pipFileName(pinned), sha256: pinned.sha256 }, options);
    if (path !== undefined) return { ...pinned, path };
  }
  return undefined;
}

/** Where to get it, in one sentence, for a machine that cannot fetch it. */
export function howToBringPip(pinned: PinnedPip): string {
  return `Bring ${pipFileName(pinned)} (sha256 ${pinned.sha256}; \`pip download --no-deps pip==${pinned.version}\` gets it elsewhere) and put it into a directory of --find-links, or name it with --pip-wheel.`;
}

function names(usable: readonly PinnedPip[]): string {
  return usable.map((pinned) => `${pipFileName(pinned)} (sha256 ${pinned.sha256})`).join(' or ');
}

function wheelError(message: string, usable: readonly PinnedPip[]): HdfsVenvError {
  const [preferred] = usable;
  return new HdfsVenvError({
    code: 'RESOLVE_PIP_WHEEL',
    exit: 'usage',
    message,
    hints: preferred === undefined ? [] : [`\`pip download --no-deps pip==${preferred.version}\` gets it.`],
  });
}
