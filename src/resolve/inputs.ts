import { createHash } from 'node:crypto';
import { maskSecrets } from '../errors/mask-secrets.ts';
import type { Target } from '../target/target.ts';
import type { OwnWheel } from './own-wheels.ts';
import type { PipReport } from './pip/pip-process.ts';

/** What an environment was made from, as its manifest keeps it. */
export interface Inputs {
  /** As given, without secrets: the arguments, then the lines of requirements files. */
  readonly requirements: readonly string[];
  /** sha256 over what decides the result: 64 hexadecimal digits. */
  readonly digest: string;
}

export interface InputSources {
  readonly report: PipReport;
  /** Arguments other than requirements files, as typed, in order. */
  readonly given: readonly string[];
  readonly own: readonly OwnWheel[];
  readonly provided: ReadonlyMap<string, string | null>;
  readonly target: Target;
}

/**
 * The inputs and their digest. Equal for equal requirements in any order, spelling of names and arrangement of files;
 * own code counts by the digest of its wheel, not by its path.
 */
export function describeInputs({ report, given, own, provided, target }: InputSources): Inputs {
  const fromFiles = report.roots.filter(({ by }) => by !== null).map(({ text }) => text);
  const ownByFile = new Map(own.map(({ fileName, sha256 }) => [fileName, sha256]));
  const normalised = report.roots.map(({ name, extras, text, file }) => {
    const sha256 = file === null ? undefined : ownByFile.get(file);
    return sha256 === undefined ? text : `${name}[${extras.join(',')}] sha256:${sha256}`;
  });
  const decisive = {
    requirements: [...new Set(normalised)].toSorted(),
    constraints: [...new Set(report.constraints)].toSorted(),
    provided: [...provided].map(([name, version]) => `${name} ${version ?? ''}`).toSorted(),
    target: { python: target.python, abi: target.abi, platforms: target.platforms },
  };
  return {
    requirements: [...new Set([...given.map(maskSecrets), ...fromFiles])],
    digest: createHash('sha256').update(JSON.stringify(decisive)).digest('hex'),
  };
}
