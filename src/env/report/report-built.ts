import type { BuildOptions } from '../build/build-options.ts';
import { compareUtf8 } from '../file-list.ts';
import type { Manifest } from '../manifest.ts';
import { wheelsPath } from '../manifest-path.ts';
import { rulesOf } from '../rules-of.ts';
import { builtDistributions, type BuiltDistributions } from './built-distributions.ts';
import { noteLines } from './note-lines.ts';
import { type Report, report } from './report.ts';
import { openWheel, type Wheel } from '../../wheel/open-wheel.ts';
import { wheelDistribution } from './wheel-distribution.ts';

/**
 * What a built environment needs and lacks, read from its tree, or from its wheels where nothing was unpacked.
 *
 * @param opened its wheels, where they are open already
 * @throws HdfsVenvError the codes of `builtDistributions` and `openWheel`; errors of the file system as they come; the signal's reason
 */
export function reportBuilt(
  directory: string,
  manifest: Manifest,
  { signal, opened }: { readonly signal?: AbortSignal | undefined; readonly opened?: readonly Wheel[] } = {},
): Promise<Report> {
  const found =
    manifest.layout === 'tree'
      ? builtDistributions(directory, manifest)
      : keptDistributions(manifest, opened ?? openKept(directory, manifest));
  return report({ ...found, target: manifest.target.platforms, signal });
}

/** Tells the user of a build, in one line per kind; does nothing when nobody listens. @throws what `reportBuilt` throws */
export async function noteNeeds(
  manifest: Manifest,
  opened: readonly Wheel[],
  { directory, onNote, signal }: Pick<BuildOptions, 'directory' | 'onNote' | 'signal'>,
): Promise<void> {
  if (onNote === undefined) return;
  for (const line of noteLines(await reportBuilt(directory, manifest, { signal, opened }), directory)) onNote(line);
}

function openKept(directory: string, manifest: Manifest): Wheel[] {
  const rules = rulesOf(manifest);
  return manifest.packages.map(({ wheel }) => openWheel(wheelsPath(directory, wheel), rules));
}

function keptDistributions(manifest: Manifest, wheels: readonly Wheel[]): BuiltDistributions {
  const byName = wheels.toSorted((left, right) => compareUtf8(left.name, right.name));
  const distributions = byName.map(wheelDistribution);
  const owned = new Set(distributions.flatMap(({ files }) => files.map(({ path }) => path)));
  const added = manifest.files.filter(({ path }) => !owned.has(path) && path.endsWith('/__init__.py'));
  return { distributions, added: added.map(({ path }) => path) };
}
