import { createHash } from 'node:crypto';
import { maskSecrets } from '../errors/mask-secrets.ts';
import type { Target } from '../target/target.ts';
import { normaliseName } from '../wheel/wheel-name.ts';
import type { OwnWheel } from './own-wheels.ts';
import type { RequirementsLine } from './requirements-file.ts';

/**
 * What is asked for, in one spelling and order and without secrets: equal demands may be met by the same lock. What an index offers is no
 * part of it, and neither is the own code's content, only what it requires.
 */
export interface Demand {
  readonly requirements: readonly string[];
  readonly constraints: readonly string[];
  /** Where packages come from, as far as files and flags say it, and pip's other options in requirements files. */
  readonly options: readonly string[];
  /** `risk-app[plots] requires numpy>=1.20, …` */
  readonly ownCode: readonly string[];
  /** What the cluster brings: `pyspark`, `numpy==1.19.5`. */
  readonly provided: readonly string[];
  /** Names that may be built from source. */
  readonly build: readonly string[];
}

export interface DemandSources {
  /** Of arguments and requirements files. */
  readonly lines: readonly RequirementsLine[];
  readonly own: readonly OwnWheel[];
  readonly provided: ReadonlyMap<string, string | null>;
  /** Normalised. */
  readonly build: readonly string[];
}

export function describeDemand({ lines, own, provided, build }: DemandSources): Demand {
  const texts = (kind: RequirementsLine['kind']): string[] =>
    lines.filter((line) => line.kind === kind).map(({ text }) => maskSecrets(text));
  return {
    requirements: distinct(texts('requirement')),
    constraints: distinct(texts('constraint')),
    // of two --index-url the last counts: their order is kept
    options: [...new Set(texts('option'))],
    ownCode: distinct(own.map(describeOwn)),
    provided: distinct([...provided].map(([name, version]) => (version === null ? name : `${name}==${version}`))),
    build: distinct(build),
  };
}

/** sha256 of all that decides an environment but what the indexes offer, own code with its content: 64 hexadecimal digits. */
export function inputsDigest(demand: Demand, own: readonly OwnWheel[], target: Target): string {
  const contents = distinct(own.map((wheel) => `${describeOwn(wheel)} sha256:${wheel.sha256}`));
  return digest({ ...demand, ownCode: contents, target: targetDigest(target) });
}

/** sha256 of what decides which wheels fit and which markers hold. */
export function targetDigest({ tags, markerEnvironment }: Target): string {
  const markers = Object.keys(markerEnvironment)
    .toSorted()
    .map((name) => [name, markerEnvironment[name]]);
  return digest({ tags, markers });
}

function describeOwn({ name, extras, requires }: OwnWheel): string {
  const list = extras.length === 0 ? '' : `[${extras.map(normaliseName).toSorted().join(',')}]`;
  return requires.length === 0 ? `${name}${list}` : `${name}${list} requires ${requires.join(', ')}`;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted();
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
