import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../errors/mask-secrets.ts';
import { type Argument, checkRequirementsFile, readArgument } from './arguments.ts';
import type { Target } from '../target/target.ts';
import type { OnResolveEvent } from './events.ts';
import { looksLikeLockName } from './lock/lock-name.ts';
import { normaliseRequirement } from './normalise-requirement.ts';
import type { OwnArgument } from './own-wheels.ts';
import type { IndexOptions } from './pip/index-options.ts';
import { isFile } from './pip/local-files.ts';
import { readPyproject } from './pyproject.ts';
import { readRequirementsFile, type RequirementsLine } from './requirements-file.ts';
import { sha256OfFile } from '../digest/sha256-of-file.ts';

type Given<Kind extends Argument['kind']> = Extract<Argument, { readonly kind: Kind }>;

/** What the user gave, sorted by what is done with it. */
export interface Inputs {
  /** Requirements files, as typed: pip reads them, and its messages name them. */
  readonly files: readonly string[];
  /** Requirements that were arguments, as typed. */
  readonly requirements: readonly string[];
  readonly projects: readonly Given<'pyproject'>[];
  /** What these ask for. */
  readonly projectRequirements: readonly string[];
  readonly locks: readonly Given<'lock'>[];
  /** The user's own code, and wheels. */
  readonly own: readonly OwnArgument[];
  /**
   * What can be said of all of it without pip: see `RequirementsLine`. Flags are not among them: they say where one gets files from today,
   * and a lock that was made with an index serves where there is none.
   */
  readonly lines: readonly RequirementsLine[];
  /** A requirements file says `--no-index`. */
  readonly noIndex: boolean;
  /** `--find-links` of requirements files: absolute paths where they are relative to their file, else as written. */
  readonly findLinks: readonly string[];
  /** Those of `lines` that are requirements out of requirements files. */
  readonly fileLines: readonly RequirementsLine[];
}

export interface InputOptions {
  readonly requirements: readonly string[];
  readonly requirementFiles: readonly string[];
  readonly index: IndexOptions;
  readonly target: Target;
  readonly workingDirectory: string;
  readonly onEvent: OnResolveEvent;
}

/**
 * Reads the arguments and requirements files.
 *
 * @throws HdfsVenvError the codes of `readArgument`, `checkRequirementsFile` and `readPyproject`; `RESOLVE_NOTHING` (usage) when nothing was given
 */
export async function readInputs(options: InputOptions): Promise<Inputs> {
  const { workingDirectory, onEvent } = options;
  const files: string[] = [];
  const requirements: string[] = [];
  const projects = new Map<string, Given<'pyproject'>>();
  const locks = new Map<string, Given<'lock'>>();
  const own = new Map<string, OwnArgument>();
  const fromFiles = options.requirementFiles.map((given) => ({ given, isText: !isOtherFormat(given) }));
  for (const { given, isText } of [
    ...fromFiles,
    ...options.requirements.map((one) => ({ given: one, isText: false })),
  ]) {
    if (isText) {
      files.push(given);
      continue;
    }
    const argument = await readArgument(given, workingDirectory);
    switch (argument.kind) {
      case 'requirement':
        requirements.push(given);
        if (await isFolder(join(workingDirectory, given))) {
          const text = `${given} is taken for the package of that name; write ./${given} for the folder`;
          onEvent({ type: 'notice', text });
        }
        break;
      case 'requirements-file':
        files.push(given);
        break;
      case 'pyproject':
        projects.set(argument.path, argument);
        break;
      case 'lock':
        locks.set(argument.path, argument);
        break;
      default:
        own.set(argument.path, argument);
    }
  }
  for (const file of [...files, ...options.index.constraints]) await checkRequirementsFile(file, workingDirectory);
  if (files.length + requirements.length + projects.size + locks.size + own.size === 0) {
    throw nothingToDo('no requirement was given');
  }
  const read = (await Promise.all(files.map((file) => readRequirementsFile(file, workingDirectory)))).flat();
  const lines = await Promise.all(read.map((line) => withContent(line, workingDirectory)));
  const fileLines = lines.filter(({ kind }) => kind === 'requirement');
  for (const file of options.index.constraints) {
    const nested = await readRequirementsFile(file, workingDirectory);
    lines.push(
      ...nested.map((line) => (line.kind === 'requirement' ? { ...line, kind: 'constraint' as const } : line)),
    );
  }
  const projectRequirements: string[] = [];
  for (const { path, extras } of projects.values()) {
    projectRequirements.push(...(await readPyproject(path, extras, options.target)));
  }
  for (const given of [...requirements, ...projectRequirements]) {
    const text = normaliseRequirement(given);
    lines.push(await withContent({ kind: 'requirement', text, expanded: text }, workingDirectory));
  }
  for (const { path, extras } of locks.values()) {
    const text = await describeFile(path, extras);
    lines.push({ kind: 'requirement', text, expanded: text });
  }
  return {
    files,
    requirements,
    projects: [...projects.values()],
    projectRequirements,
    locks: [...locks.values()],
    own: [...own.values()],
    lines,
    fileLines,
    noIndex: lines.some(({ kind, text }) => kind === 'option' && text === '--no-index'),
    findLinks: lines.flatMap(({ findLinks }) => findLinks ?? []),
  };
}

/** As given, without secrets: the arguments, then the lines of requirements files. */
export function listGiven({ requirements, projects, locks, own, fileLines }: Inputs): string[] {
  const typed = [...requirements, ...[...projects, ...locks, ...own].map(({ given }) => given)];
  return [...new Set([...typed, ...fileLines.map(({ text }) => text)].map(maskSecrets))];
}

/** The one error for all ways to ask for an empty environment. */
export function nothingToDo(why: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'RESOLVE_NOTHING',
    exit: 'usage',
    message: `Cannot make an environment without packages: ${why}`,
    hints: ['Name packages, a requirements file, or the folder of your own code.'],
  });
}

/** `-r pyproject.toml` and `-r uv.lock` mean the same as these files as arguments. */
function isOtherFormat(given: string): boolean {
  const name = basename(given).replace(/\[[^\]]*\]$/, '');
  return name === 'pyproject.toml' || looksLikeLockName(name);
}

/** `uv.lock[plots] sha256:…`: such a file asks for the same as long as it has the same bytes. */
async function describeFile(path: string, extras: readonly string[]): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  const list = extras.length === 0 ? '' : `[${extras.toSorted().join(',')}]`;
  return `${basename(path)}${list} sha256:${digest}`;
}

/**
 * A wheel or a source that a line names by its path counts by its name and its content: it may be replaced by another one under the same
 * name, and lie in another directory on another machine.
 */
async function withContent(line: RequirementsLine, workingDirectory: string): Promise<RequirementsLine> {
  const [subject = ''] = line.expanded.split(/\s;|\s--hash/);
  const address = subject.replace(/^[A-Za-z0-9._-]+(?:\[[^\]]*\])? @ /, '');
  const place = address.replace(/[#?].*$/, '');
  if (!/\.(?:whl|tar\.gz|tgz|zip)$/.test(place) || /^https?:/i.test(place)) return line;
  const path = /^file:/i.test(place) ? fileURLToPath(place) : isAbsolute(place) ? place : join(workingDirectory, place);
  const sha256 = (await isFile(path)) ? await sha256OfFile(path).catch(() => undefined) : undefined;
  if (sha256 === undefined) return line;
  return { ...line, text: `${line.expanded.replace(address, basename(path))} sha256:${sha256}` };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
