import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Target } from '../../target/target.ts';
import { type Demand, targetDigest } from '../demand.ts';
import type { LockedPackage } from './locked-package.ts';

const texts = z.array(z.string());

/**
 * `[tool.hdfs-venv]` of a lock that we wrote: what it was made for, so that a later build can tell without pip whether it still fits.
 * TOML has no null: what is not known is left out.
 */
export const toolTableSchema = z.object({
  target: z.object({
    name: z.string(),
    python: z.string(),
    abi: z.string(),
    /** The most specific platform tag. */
    platform: z.string(),
    /** See `targetDigest`. */
    digest: z.string(),
  }),
  requirements: texts,
  constraints: texts,
  options: texts,
  'own-code': texts,
  provided: texts,
  build: texts,
  /** Packages of `provided` that something asked for, with the requirements that they stand for. */
  met: z.array(z.object({ name: z.string(), version: z.string().optional(), requirements: texts })),
  /** What anything asked of the own code, as requirements: its version was held against them when the lock was made. */
  'own-asked': z.array(z.object({ name: z.string(), requirement: z.string() })).default([]),
  /** See `packagesDigest`: the closure was proven for these packages, not for what somebody makes of them. */
  packages: z.string(),
});
export type ToolTable = z.infer<typeof toolTableSchema>;

/** `tool` of a lock as parsed; undefined when it is none of ours. */
export function readToolTable(tool: unknown): ToolTable | undefined {
  const parsed = z.object({ 'hdfs-venv': toolTableSchema }).safeParse(tool);
  return parsed.success ? parsed.data['hdfs-venv'] : undefined;
}

export interface ProvidedPackage {
  readonly name: string;
  readonly version: string | null;
  readonly requirements: readonly string[];
}

/** What is asked for, on which target. */
export type Wanted = Omit<ToolTable, 'met' | 'packages' | 'own-asked'>;

export function describeWanted(target: Target, demand: Demand): Wanted {
  return {
    target: {
      name: target.name,
      python: target.python,
      abi: target.abi,
      platform: target.platforms[0] ?? '',
      digest: targetDigest(target),
    },
    requirements: [...demand.requirements],
    constraints: [...demand.constraints],
    options: [...demand.options],
    'own-code': [...demand.ownCode],
    provided: [...demand.provided],
    build: [...demand.build],
  };
}

/** The table for a lock of these packages. */
export function describeTool(
  wanted: Wanted,
  packages: readonly LockedPackage[],
  met: readonly ProvidedPackage[],
  ownAsked: ToolTable['own-asked'],
): ToolTable {
  return {
    ...wanted,
    met: met.map(({ name, version, requirements }) => {
      return { name, ...(version === null ? {} : { version }), requirements: [...requirements] };
    }),
    'own-asked': [...ownAsked],
    packages: packagesDigest(packages),
  };
}

/** sha256 of names, versions and digests of a set, in any order: 64 hexadecimal digits. */
export function packagesDigest(packages: readonly LockedPackage[]): string {
  const lines = packages.map(({ name, version, sha256 }) => `${name} ${version} ${sha256}`).toSorted();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** The parts of a demand as a user would call them. */
const SUBJECTS: readonly (readonly [keyof Omit<Wanted, 'target'>, string])[] = [
  ['requirements', 'the requirements'],
  ['constraints', 'the constraints'],
  ['options', 'where packages come from'],
  ['own-code', 'what your own code requires'],
  ['provided', 'what the cluster provides'],
  ['build', 'what may be built'],
];

/**
 * Why a lock does not fit any more, one text for each part that differs, `the requirements: + numpy==1.21 - numpy==1.20`; empty
 * when it fits.
 */
export function differences(lock: Wanted, now: Wanted): string[] {
  const found: string[] = [];
  const [was, is] = [lock.target, now.target];
  if (was.digest !== is.digest) {
    const describe = ({ python, abi, platform }: Wanted['target']): string => `Python ${python}, ${abi}, ${platform}`;
    const same = describe(was) === describe(is);
    found.push(same ? 'the target: its tags or markers' : `the target: ${describe(was)} became ${describe(is)}`);
  }
  for (const [key, subject] of SUBJECTS) {
    const added = now[key].filter((text) => !lock[key].includes(text)).map((text) => `+ ${text}`);
    const removed = lock[key].filter((text) => !now[key].includes(text)).map((text) => `- ${text}`);
    const isReordered = lock[key].join('\n') !== now[key].join('\n');
    if (added.length + removed.length === 0 && isReordered) found.push(`${subject}: in another order`);
    if (added.length + removed.length > 0) found.push(`${subject}: ${[...added, ...removed].join(' ')}`);
  }
  return found;
}
