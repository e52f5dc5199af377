import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWheel } from '../wheel/open-wheel.ts';
import { normaliseName } from '../wheel/wheel-name.ts';
import { sourceOf, tellOfBuilds } from './built-wheels.ts';
import { checkClosure } from './closure.ts';
import { failureOf } from './failure/all-blocked.ts';
import { type Inputs, nothingToDo } from './inputs.ts';
import type { LockedPackage } from './lock/locked-package.ts';
import type { ProvidedPackage, ToolTable } from './lock/tool-table.ts';
import { checkOwnNames } from './own-code/own-names.ts';
import type { OwnWheel } from './own-wheels.ts';
import type { PipReport } from './pip/pip-report.ts';
import { reportNotices } from './pip/report-notices.ts';
import type { RunContext } from './run-context.ts';
import { runDownload } from './run-download.ts';
import { keepWheel } from './wheel-cache.ts';

export interface ChooseOptions extends RunContext {
  readonly inputs: Inputs;
  /** Requirements that stand for what is no requirements file: of arguments, pyproject.toml, other tools' locks. */
  readonly requirements: readonly string[];
  readonly own: readonly OwnWheel[];
  readonly provided: ReadonlyMap<string, string | null>;
  /** Of `parseBuild`. */
  readonly build: readonly string[];
}

export interface ChosenWheels {
  /** Absolute paths in the cache. */
  readonly wheels: readonly string[];
  /** What can be locked: all but the user's own code. */
  readonly packages: readonly LockedPackage[];
  readonly provided: readonly ProvidedPackage[];
  /** See `ToolTable`. */
  readonly ownAsked: ToolTable['own-asked'];
}

/**
 * Lets pip choose and download, and proves that nothing is missing.
 *
 * @throws HdfsVenvError the codes of `failureOf`, `checkOwnNames`, `openWheel`, `checkClosure`; `RESOLVE_NOTHING` (usage)
 */
export async function chooseWheels(options: ChooseOptions): Promise<ChosenWheels> {
  const { inputs, own, target, cacheDirectory, scratch, onEvent } = options;
  const destination = join(scratch, 'wheels');
  await mkdir(destination);
  const { request, outcome } = await runDownload(
    {
      destination,
      files: inputs.files,
      requirements: [...options.requirements, ...own.map(({ requirement }) => requirement)],
      provided: options.provided,
      own: own.map(({ fileName }) => fileName),
      build: options.build,
    },
    options,
  );
  const { report } = outcome;
  for (const text of reportNotices(report)) onEvent({ type: 'notice', text });
  checkOwnNames(own, report);
  if (report.status !== 0) {
    const given = new Map(own.map((wheel) => [wheel.fileName, wheel.given]));
    throw await failureOf(outcome, request, target, { own: given, rules: options.rules });
  }
  // tells more exactly what is wrong with them
  for (const { file } of report.unreadable) openWheel(join(destination, file), options.rules);
  checkClosure(report, target);
  tellOfBuilds(report, options.build, target, onEvent);
  if (report.roots.length === 0) throw nothingToDo('the requirements files name none');
  if (report.wheels.length === 0) throw nothingToDo('all that was asked for is provided, or not for this target');

  const isOwn = new Set(own.map(({ fileName }) => fileName));
  const wheels: string[] = [];
  const packages: LockedPackage[] = [];
  for (const wheel of report.wheels) {
    const kept = await keepWheel(destination, wheel.file, cacheDirectory);
    wheels.push(kept.path);
    if (!isOwn.has(wheel.file)) packages.push(await describePackage(wheel, kept, report));
  }
  const ownNames = new Set(own.map(({ name }) => name));
  const ownAsked = report.asked
    .filter(({ name }) => ownNames.has(name))
    .map(({ name, requirement }) => ({ name, requirement }));
  return { wheels, packages, provided: report.provided, ownAsked };
}

async function describePackage(
  wheel: PipReport['wheels'][number],
  { path, sha256 }: { readonly path: string; readonly sha256: string },
  { asked, built }: PipReport,
): Promise<LockedPackage> {
  const { file, name, version, url, comesFrom, requiresPython } = wheel;
  const { size } = await stat(path);
  const isLocal = url.startsWith('file:');
  const source = sourceOf(file, built);
  const asks = asked.filter(({ by }) => by === `${name} ${version}`);
  return {
    name,
    version,
    fileName: file,
    sha256,
    size,
    url: isLocal || source !== null ? null : url,
    path: isLocal && source === null ? fileURLToPath(url) : null,
    index: isLocal ? null : indexOf(comesFrom, name),
    requiresPython,
    dependencies: [...new Set(asks.map((one) => one.name))].toSorted(),
    source,
  };
}

/** A project's page lies below its index: `https://…/simple/numpy/` → `https://…/simple/`. */
function indexOf(page: string | null, name: string): string | null {
  const [, index, last] = /^(https?:.*\/)([^/]+)\/?$/.exec(page ?? '') ?? [];
  return index !== undefined && normaliseName(last ?? '') === name ? index : null;
}
