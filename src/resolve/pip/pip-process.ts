import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../../errors/mask-secrets.ts';
import { diskFull } from '../failure/known-errors.ts';
import type { HostPython } from './host-python.ts';
import { type PipReport, readPipReport } from './pip-report.ts';

const PIP_FOR_TARGET = fileURLToPath(new URL('../../../bootstrap/pip_for_target.py', import.meta.url));

/** What `pip_for_target.py` is asked for besides pip's own arguments; its head explains each. */
export interface TargetRequest {
  readonly environment: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly provided: Readonly<Record<string, string | null>>;
  readonly skipped: readonly string[];
  readonly own: readonly string[];
  readonly wheelhouse: string;
  readonly destination: string;
  readonly resolveOnly: boolean;
  /** Which sources may be built; none when null. */
  readonly build: BuildRequest | null;
}

/** See `source_builder.py`. */
export interface BuildRequest {
  /** Normalised. */
  readonly names: readonly string[];
  readonly kept: string;
  readonly scratch: string;
  readonly tools: Readonly<Record<string, readonly string[]>>;
}

export interface PipRequest {
  readonly python: HostPython;
  /** Directory that holds the package `pip`; null for the interpreter's own. */
  readonly pip: string | null;
  /** For pip, without `--log`. */
  readonly arguments: readonly string[];
  readonly target: TargetRequest | null;
  /** Private to this run: reports, logs and pip's temporary files go there. */
  readonly scratch: string;
  /** pip's current directory: relative paths in requirements files count from it. */
  readonly workingDirectory: string;
  readonly onLine?: (line: string) => void;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface PipOutcome {
  /** Secrets masked. */
  readonly report: PipReport;
  /** pip's `--log`, secrets masked. */
  readonly log: string;
  /** What pip and Python wrote to stderr, secrets masked. */
  readonly stderr: string;
}

/**
 * Runs pip through `bootstrap/pip_for_target.py` and returns what it reports, whether pip succeeded or not.
 *
 * @throws HdfsVenvError `RESOLVE_INTERRUPTED` when `signal` fires, `RESOLVE_PIP_CRASHED` when there is no report,
 * `RESOLVE_DISK_FULL` (conflict) when there was no room for one
 */
export async function runPip(request: PipRequest): Promise<PipOutcome> {
  const reportPath = join(request.scratch, 'report.json');
  const logPath = join(request.scratch, 'pip.log');
  await Promise.all([reportPath, logPath].map((path) => rm(path, { force: true })));
  const [command = '', ...rest] = request.arguments;
  const { onLine } = request;
  const lines = function* tell(line: unknown): Generator {
    onLine?.(maskSecrets(String(line)));
    yield line;
  };
  const result = await execa(request.python.path, [...pythonOptions(request), PIP_FOR_TARGET], {
    input: JSON.stringify({
      pip: request.pip,
      arguments: [command, '--log', logPath, ...rest],
      report: reportPath,
      target: request.target,
    }),
    cwd: request.workingDirectory,
    // what pip leaves behind when it is killed goes away with the scratch directory
    env: { TMPDIR: request.scratch, TEMP: request.scratch, TMP: request.scratch, ...request.environment },
    stdout: lines,
    stderr: lines,
    reject: false,
    ...(request.signal === undefined ? {} : { cancelSignal: request.signal }),
    // pip tidies up after SIGINT only
    killSignal: 'SIGINT',
  });
  if (result.isCanceled || request.signal?.aborted === true) {
    throw new HdfsVenvError({
      code: 'RESOLVE_INTERRUPTED',
      exit: 'interrupted',
      message: 'Interrupted while pip was running',
    });
  }
  const stderr = maskSecrets(result.stderr);
  const report = await readText(reportPath);
  if (report === '') {
    const full = diskFull(stderr);
    if (full !== undefined) throw new HdfsVenvError(full);
    const lastLine = stderr.trim().split('\n').at(-1) ?? '';
    throw new HdfsVenvError({
      code: 'RESOLVE_PIP_CRASHED',
      exit: 'other',
      message: `Cannot run pip with ${request.python.path}: exit code ${result.exitCode ?? result.signal ?? 'unknown'}, ${lastLine}`,
      ...(request.pip === null
        ? {}
        : { hints: [`If it goes on, remove ${request.pip}: pip is unpacked again, or fetched.`] }),
    });
  }
  return {
    report: readPipReport(report),
    log: maskSecrets(await readText(logPath)),
    stderr,
  };
}

/**
 * Our own pip sees neither PYTHON* variables nor the user's site directory; the interpreter's own may live there. UTF-8
 * whatever the locale says: requirements files and file names are.
 */
function pythonOptions(request: PipRequest): string[] {
  return request.pip === null ? ['-X', 'utf8'] : ['-I', '-X', 'utf8'];
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
