import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { explainSystemError } from '../errors/system-error.ts';
import type { Target } from '../target/target.ts';
import { failureOf } from './failure/all-blocked.ts';
import { type Argument, checkRequirementsFile, readArgument } from './arguments.ts';
import { checkClosure } from './closure.ts';
import type { OnResolveEvent } from './events.ts';
import { findHostPython } from './pip/host-python.ts';
import { describeInputs, type Inputs } from './inputs.ts';
import { checkOwnNames } from './own-code/own-names.ts';
import { ownWheels } from './own-wheels.ts';
import { pipArguments } from './pip/pip-arguments.ts';
import { type PipReport, runPip } from './pip/pip-process.ts';
import { providePip } from './pip/private-pip.ts';
import { progressOfLine } from './pip/progress.ts';
import { DEFAULT_PROVIDED, parseProvided } from './provided.ts';
import { withScratch } from './scratch.ts';
import { keepWheel, wheelhouse } from './wheel-cache.ts';

export interface ResolveOptions {
  /** Requirements and paths as typed: `pandas==2.2.3`, `./risk_app`, `job.py`, `dist/risk-1.0-py3-none-any.whl`, `requirements.txt`. */
  readonly requirements: readonly string[];
  /** Values of `-r`. */
  readonly requirementFiles?: readonly string[];
  readonly target: Target;
  /** `NAME` or `NAME==VERSION` of all that the cluster brings; `DEFAULT_PROVIDED` when left out. */
  readonly provided?: readonly string[];
  /** Ours alone: wheels, the private pip, pip's HTTP cache. */
  readonly cacheDirectory: string;
  /** The interpreter that runs pip; else `HDFS_VENV_PYTHON`, `python3`, `python`. */
  readonly python?: string;
  /** Where relative paths count from; the process's own by default. */
  readonly workingDirectory?: string;
  readonly onProgress?: OnResolveEvent;
  readonly signal?: AbortSignal;
}

export interface Resolution {
  /** Absolute paths in the cache, sorted by file name: exactly the set that pip chose this time. */
  readonly wheels: readonly string[];
  readonly inputs: Inputs;
  /** Packages of `provided` that something asked for, with the requirements that they stand for, as written. */
  readonly provided: readonly {
    readonly name: string;
    readonly version: string | null;
    readonly requirements: readonly string[];
  }[];
}

/**
 * Chooses and downloads the wheels that meet the requirements on the target, and proves that nothing is missing.
 *
 * @throws HdfsVenvError with exit `resolve`: no such package, no wheel, a conflict, a closure that is not met; `usage`: paths and
 * requirements that cannot be read; `network`, `permission`: the index; `integrity`: a hash; `interrupted`: `signal`. See
 * `explainSystemError` (for the cache), `explainFailure`, `readArgument`, `wheelOfProject`, `checkClosure` for the codes.
 */
export async function resolveWheels(options: ResolveOptions): Promise<Resolution> {
  try {
    return await resolveInCache(options);
  } catch (error) {
    throw explainSystemError(error, {
      room: 'RESOLVE',
      problem: `Cannot use the cache ${options.cacheDirectory}`,
      elsewhere: 'Set HDFS_VENV_CACHE to a directory that you may write to.',
    });
  }
}

async function resolveInCache(options: ResolveOptions): Promise<Resolution> {
  const workingDirectory = resolve(options.workingDirectory ?? '.');
  const cacheDirectory = resolve(options.cacheDirectory);
  const onEvent = options.onProgress ?? ((): void => {});
  const { target, signal } = options;
  const provided = parseProvided(options.provided ?? DEFAULT_PROVIDED);
  const { files, requirements, paths } = await readInputs(options, workingDirectory, onEvent);

  const python = await findHostPython(options.python);
  const pip = await providePip(target, { python, cacheDirectory, onEvent, signal });
  return withScratch(cacheDirectory, async (scratch) => {
    const own = await ownWheels(paths, { python, pip: pip.directory, target, scratch, onEvent, signal });
    const destination = join(scratch, 'wheels');
    await mkdir(destination);
    const request = {
      python,
      pip: pip.directory,
      arguments: pipArguments({
        target,
        destination,
        httpCache: join(cacheDirectory, 'http'),
        files,
        requirements: [...requirements, ...own.map(({ requirement }) => requirement)],
      }),
      target: {
        environment: target.markerEnvironment,
        provided: Object.fromEntries(provided),
        skipped: [],
        own: own.map(({ fileName }) => fileName),
        wheelhouse: wheelhouse(cacheDirectory),
        destination,
        resolveOnly: false,
      },
      scratch,
      workingDirectory,
      signal,
    };
    const outcome = await runPip({ ...request, onLine: (line) => progressOfLine(line, onEvent) });
    const { report } = outcome;
    tellWhatIsLeftOut(report, onEvent);
    checkOwnNames(own, report);
    if (report.status !== 0) throw await failureOf(outcome, request, target);
    checkClosure(report, target);
    if (report.roots.length === 0) throw nothingToDo('the requirements files name none');
    if (report.wheels.length === 0) throw nothingToDo('all that was asked for is provided, or not for this target');
    const wheels: string[] = [];
    for (const { file } of report.wheels) wheels.push((await keepWheel(destination, file, cacheDirectory)).path);
    const given = [...requirements, ...own.map((wheel) => wheel.given)];
    return { wheels, inputs: describeInputs({ report, given, own, provided, target }), provided: report.provided };
  });
}

interface ReadInputs {
  readonly files: readonly string[];
  readonly requirements: readonly string[];
  readonly paths: readonly Exclude<Argument, { readonly kind: 'requirement' | 'requirements-file' }>[];
}

async function readInputs(
  options: ResolveOptions,
  workingDirectory: string,
  onEvent: OnResolveEvent,
): Promise<ReadInputs> {
  const files = [...(options.requirementFiles ?? [])];
  const requirements: string[] = [];
  const paths = new Map<string, ReadInputs['paths'][number]>();
  for (const given of options.requirements) {
    const argument = await readArgument(given, workingDirectory);
    if (argument.kind === 'requirements-file') files.push(given);
    else if (argument.kind === 'requirement') requirements.push(given);
    else paths.set(argument.path, argument);
    if (argument.kind === 'requirement' && (await isFolder(join(workingDirectory, given)))) {
      onEvent({
        type: 'notice',
        text: `${given} is taken for the package of that name; write ./${given} for the folder`,
      });
    }
  }
  for (const file of files) await checkRequirementsFile(file, workingDirectory);
  if (files.length + requirements.length + paths.size === 0) throw nothingToDo('no requirement was given');
  return { files, requirements, paths: [...paths.values()] };
}

function tellWhatIsLeftOut(report: PipReport, onEvent: OnResolveEvent): void {
  for (const setting of report.ignoredSettings) {
    onEvent({
      type: 'notice',
      text: `pip's setting ${setting} is left out: it would steer what is chosen for the target`,
    });
  }
  for (const { name, requirements } of report.provided) {
    const extras = requirements.filter((requirement) => requirement.includes('['));
    if (extras.length > 0) {
      const text = `${extras.join(', ')}: ${name} is provided by the cluster, and what its extras need is not looked up; add it as requirements of your own`;
      onEvent({ type: 'notice', text });
    }
  }
}

function nothingToDo(why: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'RESOLVE_NOTHING',
    exit: 'usage',
    message: `Cannot make an environment without packages: ${why}`,
    hints: ['Name packages, a requirements file, or the folder of your own code.'],
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
