import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { Target } from '../target/target.ts';
import { normaliseName } from '../wheel/wheel-name.ts';
import type { OnResolveEvent } from './events.ts';
import type { LockedSource } from './lock/locked-package.ts';
import type { TargetRequest } from './pip/pip-process.ts';
import type { PipReport } from './pip/pip-report.ts';

/** A wheel of the environment that was built of a source distribution, by this run or an earlier one. */
export type BuiltWheel = PipReport['built'][number];

/**
 * Reads values of `--build`: normalised (PEP 503), each once.
 *
 * @throws HdfsVenvError `RESOLVE_BUILD_NAME` (usage) for what is no name of a package
 */
export function parseBuild(given: readonly string[]): string[] {
  const names = given.map((text) => {
    if (/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text.trim())) return normaliseName(text.trim());
    throw new HdfsVenvError({
      code: 'RESOLVE_BUILD_NAME',
      exit: 'usage',
      message: `Cannot take ${JSON.stringify(text)} for a package to build: expected a NAME`,
      hints: ['Its version goes into the requirement: NAME==VERSION.'],
    });
  });
  return [...new Set(names)];
}

export interface BuildOptions {
  /** Of `parseBuild`. */
  readonly names: readonly string[];
  readonly cacheDirectory: string;
  /** Private to this run. */
  readonly scratch: string;
  /** By name: versions that its build requirements are held to, as `BuiltWheel.tools` has them. */
  readonly tools?: Readonly<Record<string, readonly string[]>>;
}

/**
 * What `pip_for_target.py` is told of builds. Wheels that were built are kept in `<cacheDirectory>/built` by the sha256 of their source, the
 * target's Python, the host's, pip's version and the recipe: a second run builds nothing.
 */
export function buildRequest({ names, cacheDirectory, scratch, tools = {} }: BuildOptions): TargetRequest['build'] {
  return names.length === 0 ? null : { names, kept: join(cacheDirectory, 'built'), scratch, tools };
}

/** Tells what came of `--build`: which names were of no use, and what to know of the wheels that were built. */
export function tellOfBuilds(
  report: Pick<PipReport, 'built' | 'chosen' | 'provided'>,
  names: readonly string[],
  target: Target,
  onEvent: OnResolveEvent,
): void {
  const built = new Map(report.built.map((wheel) => [wheel.name, wheel]));
  for (const name of names) {
    const wheel = built.get(name);
    const text = wheel === undefined ? uselessName(name, report) : undefined;
    if (text !== undefined) onEvent({ type: 'notice', text });
  }
  for (const wheel of report.built) {
    for (const text of remarks(wheel, target)) onEvent({ type: 'notice', text });
  }
}

function uselessName(name: string, { chosen, provided }: Pick<PipReport, 'chosen' | 'provided'>): string {
  const file = chosen.find((choice) => choice.name === name)?.file;
  if (file !== undefined) return `--build ${name} was not needed: the target loads ${file}`;
  if (provided.some((one) => one.name === name))
    return `--build ${name} was not needed: ${name} is provided by the cluster`;
  return `--build ${name} is of no use: nothing asks for ${name}`;
}

function remarks({ name, version, python, boundName }: BuiltWheel, target: Target): string[] {
  const texts: string[] = [];
  if (boundName !== null) {
    texts.push(
      `${name} ${version} goes without its compiled extensions, which are optional: nothing compiled was in ${boundName}`,
    );
  }
  const minor = target.markerEnvironment['python_version'];
  if (python !== minor && !python.startsWith(`${minor}.`)) {
    texts.push(
      `${name} ${version} was built with Python ${python} for Python ${target.python}: look whether its setup.py makes requirements or files depend on the Python that runs it`,
    );
  }
  return texts;
}

/** Where the source of a chosen wheel comes from, for a lock; null for a wheel that was not built. */
export function sourceOf(fileName: string, built: readonly BuiltWheel[]): LockedSource | null {
  const wheel = built.find((one) => one.wheel.file === fileName);
  if (wheel === undefined) return null;
  const { file, url, sha256 } = wheel.sdist;
  const isLocal = url.startsWith('file:');
  return {
    fileName: file,
    url: isLocal ? null : url,
    path: isLocal ? fileURLToPath(url) : null,
    sha256,
    tools: wheel.tools,
  };
}
