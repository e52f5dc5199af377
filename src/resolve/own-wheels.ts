import { constants } from 'node:fs';
import { access, mkdir, copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { isSystemError } from '../errors/system-error.ts';
import type { Target } from '../target/target.ts';
import { ArchiveFile } from '../wheel/archive-file.ts';
import { openWheel, type Wheel } from '../wheel/open-wheel.ts';
import { type Rules, STRICT } from '../wheel/rules.ts';
import { parseWheelName } from '../wheel/wheel-name.ts';
import type { Argument } from './arguments.ts';
import type { PipEngine } from './pip/engine.ts';
import type { OnResolveEvent } from './events.ts';
import { normaliseRequirement } from './normalise-requirement.ts';
import { wheelOfPlainSources } from './own-code/plain-sources.ts';
import { wheelOfProject } from './own-code/project.ts';
import { sha256OfFile } from '../digest/sha256-of-file.ts';

/** A wheel that was given, or made of the user's own code. */
export interface OwnWheel {
  /** As the user typed it. */
  readonly given: string;
  readonly fileName: string;
  /** Absolute, in a directory of this run. */
  readonly path: string;
  /** Normalised. */
  readonly name: string;
  readonly version: string;
  /** Made here of a module, a package folder or a project, not given as a wheel. */
  readonly isOwnCode: boolean;
  readonly sha256: string;
  /** As written: `plots`. */
  readonly extras: readonly string[];
  /** What its METADATA asks for: requirements in their normal form, in order, and Python's version. */
  readonly requires: readonly string[];
  /** What pip is asked for: `risk-app[plots] @ file:///…/risk_app-1.0-py3-none-any.whl#sha256=…`. */
  readonly requirement: string;
}

export interface OwnWheelOptions {
  /** Asked only when something has to be built. */
  readonly engine: () => Promise<PipEngine>;
  readonly target: Target;
  /** Private to this run. */
  readonly scratch: string;
  /** For wheels that are given; strict by default. */
  readonly rules?: Rules | undefined;
  readonly onEvent: OnResolveEvent;
  readonly signal?: AbortSignal | undefined;
}

export type OwnArgument = Extract<Argument, { readonly kind: 'wheel' | 'project' | 'package' | 'module' }>;

/**
 * Makes wheels of the arguments that are paths, in a directory of this run: what happens to the originals afterwards is
 * of no matter. The digest in the requirement's URL lets pip take them in `--require-hashes` mode, too, without
 * switching it on.
 *
 * @throws HdfsVenvError `RESOLVE_OWN_FILE` (permission) when the user's own files cannot be read; `RESOLVE_WHEEL_NAME` (usage); the
 * codes of `openWheel` for what is no file (usage) and for a damaged wheel (integrity); see also `wheelOfPlainSources`, `wheelOfProject`
 */
export async function ownWheels(given: readonly OwnArgument[], options: OwnWheelOptions): Promise<OwnWheel[]> {
  const wheels: OwnWheel[] = [];
  for (const [index, argument] of given.entries()) {
    const directory = join(options.scratch, `own-${index}`);
    await mkdir(directory);
    const path = await wheelOf(argument, directory, options);
    wheels.push(await describeWheel(argument, path, options.rules));
  }
  return wheels;
}

async function describeWheel(argument: OwnArgument, path: string, rules?: Rules): Promise<OwnWheel> {
  const fileName = basename(path);
  const sha256 = await sha256OfFile(path);
  const { name, version, metadata } = checkWheel(argument, path, rules);
  const extras = 'extras' in argument ? argument.extras : [];
  const list = extras.length > 0 ? `[${extras.join(',')}]` : '';
  const { requiresDist, requiresPython } = metadata;
  const requires = requiresDist.map(normaliseRequirement).toSorted();
  return {
    given: argument.given,
    fileName,
    path,
    name,
    version,
    isOwnCode: argument.kind !== 'wheel',
    sha256,
    extras,
    requires: requiresPython === undefined ? requires : [...requires, `Python ${requiresPython}`],
    requirement: `${name}${list} @ ${pathToFileURL(path).href}#sha256=${sha256}`,
  };
}

async function wheelOf(argument: OwnArgument, directory: string, options: OwnWheelOptions): Promise<string> {
  switch (argument.kind) {
    case 'wheel': {
      const copy = join(directory, wheelName(argument));
      await reading(argument, access(argument.path, constants.R_OK));
      // copying a pipe would wait for ever, and a device has no end
      new ArchiveFile(argument.path).close();
      await copyFile(argument.path, copy);
      return copy;
    }
    case 'project': {
      options.onEvent({ type: 'building', text: argument.given });
      const { python, pip } = await options.engine();
      const { target, signal } = options;
      return wheelOfProject({
        given: argument.given,
        path: argument.path,
        python,
        pip: pip.directory,
        target,
        scratch: directory,
        signal,
      });
    }
    case 'package':
    case 'module': {
      const { fileName, content } = await reading(
        argument,
        wheelOfPlainSources(argument.kind, argument.path, options.target.python),
      );
      const path = join(directory, fileName);
      await writeFile(path, content);
      return path;
    }
  }
}

function wheelName({ given, path }: OwnArgument): string {
  try {
    return parseWheelName(basename(path)).fileName;
  } catch (cause) {
    throw new HdfsVenvError({
      code: 'RESOLVE_WHEEL_NAME',
      exit: 'usage',
      message: `Cannot use ${JSON.stringify(given)}: a wheel is called NAME-VERSION-PYTHON-ABI-PLATFORM.whl`,
      hints: ['Give the file under the name that pip gave it.'],
      cause,
    });
  }
}

/** pip would name our copy, and would not say what is wrong with it. */
function checkWheel({ given }: OwnArgument, copy: string, rules: Rules = STRICT): Wheel {
  try {
    return openWheel(copy, rules);
  } catch (error) {
    if (!(error instanceof HdfsVenvError)) throw error;
    const { code, exit, message, hints } = error;
    throw new HdfsVenvError({
      code,
      exit,
      message: `Cannot use ${JSON.stringify(given)}: ${message.replace(/^Cannot use wheel \S+: /, '')}`,
      hints,
      cause: error,
    });
  }
}

async function reading<T>({ given }: OwnArgument, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (!isSystemError(error)) throw error;
    throw new HdfsVenvError({
      code: 'RESOLVE_OWN_FILE',
      exit: 'permission',
      message: `Cannot read ${JSON.stringify(given)}: ${error.message}`,
      cause: error,
    });
  });
}
