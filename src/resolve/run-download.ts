import { join } from 'node:path';
import { buildRequest } from './built-wheels.ts';
import { pipArguments } from './pip/pip-arguments.ts';
import { type PipOutcome, type PipRequest, runPip, type TargetRequest } from './pip/pip-process.ts';
import { progressOfLine } from './pip/progress.ts';
import type { RunContext } from './run-context.ts';
import { wheelhouse } from './wheel-cache.ts';

/** What pip is to get on behalf of the target. */
export interface Download {
  /** Directory for the wheels. */
  readonly destination: string;
  /** Requirements files, paths as typed: pip's messages name them. */
  readonly files: readonly string[];
  /** Requirements besides those of `files`. */
  readonly requirements: readonly string[];
  /** False to get what is named and nothing else; true when left out. */
  readonly withDependencies?: boolean;
  /** Normalised names of what the cluster brings, with its version where that is known; nothing when left out. */
  readonly provided?: ReadonlyMap<string, string | null>;
  /** File names of wheels that are the user's own, which nothing provided replaces. */
  readonly own?: readonly string[];
  /** What may be built: of `parseBuild`; nothing when left out. */
  readonly build?: readonly string[];
  /** See `BuildOptions`. */
  readonly tools?: Readonly<Record<string, readonly string[]>>;
}

export interface DownloadRun {
  /** As pip may be asked again, see `failureOf`. */
  readonly request: PipRequest & { readonly target: TargetRequest };
  readonly outcome: PipOutcome;
}

/**
 * Lets pip get wheels with the target's markers and tags in place, whether it succeeds or not. The only place that asks for that: what is chosen
 * and what a lock names are got under the same rules.
 *
 * @throws HdfsVenvError the codes of `ProvideEngine` and `runPip`
 */
export async function runDownload(download: Download, context: RunContext): Promise<DownloadRun> {
  const { target, index, cacheDirectory, scratch, workingDirectory, onEvent, signal } = context;
  const { destination, files, requirements, withDependencies = true, build = [], tools = {} } = download;
  const { python, pip } = await context.engine();
  const httpCache = join(cacheDirectory, 'http');
  const request = {
    python,
    pip: pip.directory,
    arguments: pipArguments({ target, destination, httpCache, files, index, withDependencies, requirements }),
    target: {
      environment: target.markerEnvironment,
      tags: target.tags,
      provided: Object.fromEntries(download.provided ?? []),
      skipped: [],
      own: download.own ?? [],
      wheelhouse: wheelhouse(cacheDirectory),
      destination,
      resolveOnly: false,
      build: buildRequest({ names: build, cacheDirectory, scratch, tools }),
    },
    scratch,
    workingDirectory,
    signal,
  };
  const outcome = await runPip({ ...request, onLine: (line) => progressOfLine(line, onEvent) });
  return { request, outcome };
}
