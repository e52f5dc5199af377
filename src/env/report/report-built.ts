import type { BuildOptions } from '../build/build-options.ts';
import type { Manifest } from '../manifest.ts';
import { wheelsPath } from '../manifest-path.ts';
import { rulesOf } from '../rules-of.ts';
import { builtDistributions, type BuiltDistributions } from './built-distributions.ts';
import { noteLines } from './note-lines.ts';
import { type Report, report } from './report.ts';
import { wheelDistribution } from './wheel-distribution.ts';

/**
 * What a built environment needs and lacks, read from its tree, or from its wheels where nothing was unpacked.
 *
 * @throws HdfsVenvError the codes of `builtDistributions` and `wheelDistribution`; errors of the file system as they come; the signal's reason
 */
export function reportBuilt(directory: string, manifest: Manifest, signal?: AbortSignal): Promise<Report> {
  const read = manifest.layout === 'tree' ? builtDistributions : keptDistributions;
  return report({ ...read(directory, manifest), target: manifest.target.platforms, signal });
}

/** Tells the user of a build, in one line per kind; does nothing when nobody listens. @throws what `reportBuilt` throws */
export async function noteNeeds(
  manifest: Manifest,
  { directory, onNote, signal }: Pick<BuildOptions, 'directory' | 'onNote' | 'signal'>,
): Promise<void> {
  if (onNote === undefined) return;
  for (const line of noteLines(await reportBuilt(directory, manifest, signal), directory)) onNote(line);
}

function keptDistributions(directory: string, manifest: Manifest): BuiltDistributions {
  const rules = rulesOf(manifest);
  const distributions = manifest.packages.map(({ wheel }) => wheelDistribution(wheelsPath(directory, wheel), rules));
  const owned = new Set(distributions.flatMap(({ files }) => files.map(({ path }) => path)));
  const added = manifest.files.filter(({ path }) => !owned.has(path) && path.endsWith('/__init__.py'));
  return { distributions, added: added.map(({ path }) => path) };
}
