import type { Writable } from 'node:stream';
import cliProgress, { type Options, type Params } from 'cli-progress';
import type { Progress } from '../env/progress.ts';
import { formatBytes, formatCount, formatSeconds } from './format.ts';

export interface ProgressDisplay {
  readonly update: (progress: Progress) => void;
  /** Removes the bar; idempotent. */
  readonly stop: () => void;
}

/** How often a line is written where nothing can be animated. */
const LINE_EVERY_MS = 5000;

/** A bar on a terminal; elsewhere (a pipe, a CI log) a line every few seconds. */
export function createProgress(stderr: Writable, label: string, env: NodeJS.ProcessEnv): ProgressDisplay {
  const isTerminal = 'isTTY' in stderr && stderr.isTTY === true;
  const animated = isTerminal && env['CI'] === undefined && env['TERM'] !== 'dumb';
  return animated ? createBar(stderr, label) : createLines(stderr, label);
}

/** `pandas 1,204/6,765 files  75.2 MB/421.3 MB  9.1 MB/s  38 s left` */
export function describeProgress(progress: Progress, seconds: number): string {
  const { files, totalFiles, bytes, totalBytes } = progress;
  const share = doneShare(progress);
  const rate = seconds > 0 ? bytes / seconds : 0;
  const left = share > 0 ? formatSeconds((seconds * (1 - share)) / share) : '?';
  const counts = `${formatCount(files)}/${formatCount(totalFiles)} files`;
  return `${counts}  ${formatBytes(bytes)}/${formatBytes(totalBytes)}  ${formatBytes(Math.round(rate))}/s  ${left} left`;
}

/**
 * A file costs time whatever its size: over WebHDFS about as much as this many bytes. Large files go first, so that bytes
 * alone would promise the end long before it comes.
 */
const BYTES_PER_FILE = 256 * 1024;

function doneShare({ files, totalFiles, bytes, totalBytes }: Progress): number {
  return (bytes + files * BYTES_PER_FILE) / Math.max(1, totalBytes + totalFiles * BYTES_PER_FILE);
}

function createBar(stderr: Writable, label: string): ProgressDisplay {
  const start = performance.now();
  let last: Progress | undefined;
  const format = (options: Options, params: Params): string => {
    const bar = cliProgress.Format.BarFormat(params.progress, options);
    const seconds = (performance.now() - start) / 1000;
    return `${label} ${bar} ${last === undefined ? '' : describeProgress(last, seconds)}`;
  };
  const bar = new cliProgress.SingleBar({
    stream: stderr,
    format,
    barsize: 20,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    fps: 8,
  });
  bar.start(1, 0);
  return {
    update: (progress) => {
      last = progress;
      bar.update(Math.min(1, doneShare(progress)));
    },
    stop: () => bar.stop(),
  };
}

function createLines(stderr: Writable, label: string): ProgressDisplay {
  const start = performance.now();
  let lastLine = start;
  return {
    update: (progress) => {
      const now = performance.now();
      if (now - lastLine < LINE_EVERY_MS) return;
      lastLine = now;
      stderr.write(`${label} ${describeProgress(progress, (now - start) / 1000)}\n`);
    },
    stop: () => {},
  };
}
