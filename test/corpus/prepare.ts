import { join } from 'node:path';
import pLimit from 'p-limit';
import { parseTarget } from '../../src/target/target.ts';
import type { RequirementSet } from '../differential/requirement-set.ts';
import { REQUIREMENT_SETS } from '../differential/requirement-sets.ts';
import { resolveOurs } from '../differential/resolve-ours.ts';
import { cacheDirectory } from '../support/cache.ts';
import { downloadOnce } from '../support/download.ts';
import { runPip } from '../support/python.ts';

/** Fewer than this, and the sets are resolved; each brings dozens. */
const WANTED = 200;

/** The oldest that is still asked for, the last of its kind on old clusters, and a new one. */
const PYTHONS = ['2.7.18', '3.7.16', '3.11.7'];

/** Wheels that stand out, and what for. Pinned: another version may have lost it. */
const ODD_WHEELS: readonly (readonly [requirement: string, what: string])[] = [
  ['awscli==1.46.3', 'thousands of files; .data/scripts'],
  ['cmake==4.4.4', 'programs; "+" in names'],
  ['jupyterlab==4.6.6', 'hundreds of files in .data/data; "@" in names'],
  ['lightgbm==4.7.0', 'a py3-none wheel with a library'],
  ['mleap==0.25.3', 'tests at the top'],
  ['mysql-connector-python==26.10.0', 'two top-level packages, libraries of its own'],
  ['notebook==7.6.5', 'long paths'],
  ['pyarrow==17.0.0', 'a directory entry that ends in a dot'],
];

/** Something that could not be had; the rest of the corpus is compared all the same. */
export interface Unavailable {
  readonly name: string;
  readonly reason: string;
}

/** Where wheels are that earlier runs, this one's or the resolver's tests', have downloaded. */
export function cachedDirectories(): string[] {
  return [join(cacheDirectory('differential', 'ours'), 'wheels'), cacheDirectory('corpus')];
}

/**
 * Makes sure that the cache holds a corpus. What is there is not asked for again, so that a second run needs no network.
 *
 * @param count wheels in the cache
 * @returns what could not be had, and why
 */
export async function prepareCorpus(count: number): Promise<Unavailable[]> {
  const limit = pLimit(2);
  const odd = ODD_WHEELS.map(([requirement]) => limit(() => attempt(requirement, () => downloadWheel(requirement))));
  const sets = count >= WANTED ? [] : REQUIREMENT_SETS.flatMap((set) => PYTHONS.map((python) => ({ set, python })));
  const resolved = sets.map(({ set, python }) =>
    limit(() => attempt(`${set.name} for Python ${python}`, () => resolveSet(set, python))),
  );
  return (await Promise.all([...odd, ...resolved])).filter((one) => one !== undefined);
}

async function attempt(name: string, run: () => Promise<void>): Promise<Unavailable | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return { name, reason: (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ') };
  }
}

async function downloadWheel(requirement: string): Promise<void> {
  await downloadOnce(join(cacheDirectory('corpus'), requirement), async (into) => {
    const platforms = ['manylinux_2_28_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64'];
    const target = ['--python-version', '3.11.7', ...platforms.flatMap((tag) => ['--platform', tag])];
    await runPip(['download', '--quiet', '--no-deps', '--only-binary=:all:', ...target, '--dest', into, requirement]);
  });
}

/** As a user of the tool would get them. @throws Error when it does not resolve */
async function resolveSet(set: RequirementSet, python: string): Promise<void> {
  const outcome = await resolveOurs(parseTarget({ python, platform: ['rhel8'] }), set);
  if ('failure' in outcome) throw new Error(outcome.failure);
}
