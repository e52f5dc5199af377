import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { indexTrouble } from '../failure/index-trouble.ts';
import { indexArguments } from './index-options.ts';
import { howToBringPip } from './local-pip.ts';
import { type PinnedPip, pipFileName } from './pinned-pip.ts';
import { runPip } from './pip-process.ts';
import { retryOfLine } from './progress.ts';
import type { PipOptions } from './private-pip.ts';
import { unpackPip, withIncoming } from './unpack-pip.ts';

/**
 * Fetches a pinned pip with the host's pip, through the index that the host's pip is set up for and what the flags say, into
 * `directory`. Returns why it could not be had; undefined when it is there.
 *
 * @throws HdfsVenvError `RESOLVE_PIP_DIGEST` (integrity) when the index hands out something else under its name
 */
export async function fetchPip(
  pinned: PinnedPip,
  directory: string,
  options: PipOptions,
): Promise<HdfsVenvError | undefined> {
  options.onEvent({ type: 'downloading', text: `pip ${pinned.version}` });
  return withIncoming(dirname(directory), async (incoming) => {
    try {
      const { report, log, stderr } = await runPip({
        python: options.python,
        pip: null,
        arguments: [
          'download',
          '--no-input',
          '--disable-pip-version-check',
          '--no-deps',
          '--only-binary=:all:',
          ...indexArguments(options.index),
          '--dest',
          incoming,
          `pip==${pinned.version}`,
        ],
        target: null,
        scratch: incoming,
        workingDirectory: resolve(options.workingDirectory ?? '.'),
        signal: options.signal,
        onLine: (line) => retryOfLine(line, options.onEvent),
      });
      if (report.status !== 0) return unavailable(pinned, options, { log, stderr });
    } catch (error) {
      if (!(error instanceof HdfsVenvError) || error.code !== 'RESOLVE_PIP_CRASHED') throw error;
      return unavailable(pinned, options, { log: '', stderr: error.message });
    }
    const wheel = join(incoming, pipFileName(pinned));
    const sha256 = createHash('sha256')
      .update(await readFile(wheel))
      .digest('hex');
    if (sha256 !== pinned.sha256) {
      throw new HdfsVenvError({
        code: 'RESOLVE_PIP_DIGEST',
        exit: 'integrity',
        message: `Cannot trust pip ${pinned.version} from the index: expected sha256 ${pinned.sha256}, got ${sha256}`,
        hints: ['The index (see `pip config list`) hands out a changed file under this name.'],
      });
    }
    await unpackPip(wheel, directory, options);
    return undefined;
  });
}

function unavailable(
  pinned: PinnedPip,
  { python, index }: PipOptions,
  { log, stderr }: { readonly log: string; readonly stderr: string },
): HdfsVenvError {
  const trouble = indexTrouble(log);
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  const noPip = /No module named '?pip/.test(stderr);
  const places = index.findLinks.length === 0 ? 'no --find-links' : index.findLinks.join(', ');
  const reason = index.noIndex ? `there is none in ${places}, and --no-index rules the indexes out` : lastLine;
  return new HdfsVenvError({
    code: 'RESOLVE_PIP_UNAVAILABLE',
    exit: trouble?.exit ?? (noPip || index.noIndex ? 'usage' : 'resolve'),
    message: noPip
      ? `Cannot fetch pip ${pinned.version} with this machine's pip: ${python.path} has none (${lastLine})`
      : `Cannot fetch pip ${pinned.version} with this machine's pip: ${trouble?.message ?? reason}`,
    hints: [
      ...(noPip
        ? [
            'Install pip for this Python (`python3 -m ensurepip`, or the package python3-pip), or set HDFS_VENV_PYTHON to one that has it.',
          ]
        : (trouble?.hints ?? [])),
      howToBringPip(pinned),
    ],
  });
}
