import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../../errors/mask-secrets.ts';
import { diskFull } from '../failure/known-errors.ts';
import type { HostPython } from './host-python.ts';

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

const rootSchema = z.object({
  /** Normalised. */
  name: z.string().nullable(),
  extras: z.array(z.string()),
  /** The same for equal requirements: names normalised, versions in order, with marker and hashes. */
  text: z.string(),
  /** File name of the link that it names, if it names one. */
  file: z.string().nullable(),
  /** Its marker holds for the target. */
  applies: z.boolean(),
  provided: z.boolean(),
  /** `-r requirements.txt (line 3)`; null for an argument. */
  by: z.string().nullable(),
});

const choiceSchema = z.object({
  file: z.string(),
  /** Normalised. */
  name: z.string(),
  version: z.string(),
  /** Without fragment and credentials. */
  url: z.string(),
  /** The page of the index, or where `--find-links` points, without credentials; null for a requirement that is an address. */
  comesFrom: z.string().nullable(),
  /** sha256 as the link says it. */
  hash: z.string().nullable(),
  /** Why it was yanked (PEP 592), empty when nobody says why; null when it was not. */
  yanked: z.string().nullable(),
});

/** See `pip_causes.py`. */
const causeSchema = z.object({
  kind: z.enum(['requirement', 'constraint', 'python']),
  /** Normalised. */
  name: z.string(),
  requirement: z.string(),
  chain: z.array(z.string()),
  by: z.string().nullable(),
  versions: z.array(z.string()),
  yanked: z.array(z.object({ version: z.string(), reason: z.string() })),
});
export type Cause = z.infer<typeof causeSchema>;

/** See `pip_index.py`. */
const indexFailureSchema = z.object({
  url: z.string(),
  kind: z.enum([
    'unreachable',
    'certificate',
    'proxy',
    'proxy-unauthorized',
    'unauthorized',
    'forbidden',
    'insecure',
    'content',
    'address',
    'directory',
  ]),
  status: z.number().nullable(),
  reason: z.string(),
});
export type IndexFailure = z.infer<typeof indexFailureSchema>;

const builtSchema = z.object({
  /** Normalised. */
  name: z.string(),
  version: z.string(),
  /** The URL is without fragment and credentials; `file:` for a local one. */
  sdist: z.object({ file: z.string(), url: z.string(), sha256: z.string() }),
  wheel: z.object({ file: z.string(), sha256: z.string() }),
  /** The name that the build gave the wheel, where that named this machine although nothing in the wheel is made for it. */
  boundName: z.string().nullable(),
  /** Build requirements that were installed: `setuptools==84.2.1`. */
  tools: z.array(z.string()),
  /** Full version of the Python that ran the build. */
  python: z.string(),
});

const buildFailureSchema = z.object({
  kind: z.enum(['failed', 'compiler', 'host-bound', 'python', 'limit']),
  /** Normalised. */
  name: z.string(),
  sdist: z.string(),
  version: z.string().nullable(),
  wheel: z.string().nullable(),
  python: z.string(),
  /** The how manieth build of this package it is. */
  count: z.number(),
  /** Compilers that the build asked for and did not get. */
  compilers: z.array(z.string()),
  /** pip's log of the build. */
  log: z.string().nullable(),
});

const reportSchema = z.object({
  status: z.number(),
  /** Names of settings of pip that were left out because they would steer the choice. */
  ignoredSettings: z.array(z.string()),
  roots: z.array(rootSchema).default([]),
  constraints: z.array(z.string()).default([]),
  /** What pip chose, whether it got it or not. */
  chosen: z.array(choiceSchema).default([]),
  /** Why there is no set that meets the requirements. */
  causes: z.array(causeSchema).default([]),
  /** What could not be asked for packages. */
  indexFailures: z.array(indexFailureSchema).default([]),
  /** Links that are no wheels. */
  refused: z
    .array(
      z.object({
        name: z.string().nullable(),
        location: z.string(),
        kind: z.enum(['editable', 'folder', 'vcs', 'source']),
        by: z.string().nullable(),
      }),
    )
    .default([]),
  /** Requirements that the cluster's own version does not meet. */
  contradictions: z
    .array(z.object({ name: z.string(), version: z.string(), requirement: z.string(), by: z.string().nullable() }))
    .default([]),
  /** The wheels on disk: what their METADATA says, and where they come from. */
  wheels: z
    .array(
      z.object({
        file: z.string(),
        name: z.string(),
        version: z.string(),
        requiresPython: z.string().nullable(),
        url: z.string(),
        comesFrom: z.string().nullable(),
      }),
    )
    .default([]),
  /** Who among the wheels asks for which other one. */
  asked: z.array(z.object({ name: z.string(), requirement: z.string(), by: z.string() })).default([]),
  /** Extras that a wheel does not have, and that are passed over; `by` is null for the user. */
  unknownExtras: z
    .array(z.object({ name: z.string(), version: z.string(), extra: z.string(), by: z.string().nullable() }))
    .default([]),
  unreadable: z.array(z.object({ file: z.string(), reason: z.string() })).default([]),
  /** Of the chosen wheels those that were built of a source, by this run or an earlier one. */
  built: z.array(builtSchema).default([]),
  /** Why a source gives no wheel for the target; see `source_builder.py`. */
  buildFailure: buildFailureSchema.nullable().default(null),
  provided: z
    .array(z.object({ name: z.string(), version: z.string().nullable(), requirements: z.array(z.string()) }))
    .default([]),
  /** Requirements that hold for the target and that nothing meets; `found` is the version that does not. */
  missing: z
    .array(z.object({ requirement: z.string(), chain: z.array(z.string()), found: z.string().nullable() }))
    .default([]),
});
export type PipReport = z.infer<typeof reportSchema>;

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
    stdout: function* lines(line: unknown) {
      onLine?.(maskSecrets(String(line)));
      yield line;
    },
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
    });
  }
  return {
    report: reportSchema.parse(JSON.parse(report, maskStrings)),
    log: maskSecrets(await readText(logPath)),
    stderr,
  };
}

/** For JSON.parse: the text as a whole would not do, a match could reach over a quotation mark. */
function maskStrings(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? maskSecrets(value) : value;
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
