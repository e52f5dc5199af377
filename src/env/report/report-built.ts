import type { BuildOptions } from '../build-options.ts';
import type { Manifest } from '../manifest.ts';
import { builtDistributions } from './built-distributions.ts';
import { noteLines } from './note-lines.ts';
import { type Report, report } from './report.ts';

/**
 * What a built environment needs and lacks, read from its tree.
 *
 * @throws HdfsVenvError the codes of `builtDistributions`; errors of the file system as they come; the signal's reason
 */
export function reportBuilt(directory: string, manifest: Manifest, signal?: AbortSignal): Promise<Report> {
  return report({ ...builtDistributions(directory, manifest), target: manifest.target.platforms, signal });
}

/** Tells the user of a build, in one line per kind; does nothing when nobody listens. @throws what `reportBuilt` throws */
export async function noteNeeds(
  manifest: Manifest,
  { directory, onNote, signal }: Pick<BuildOptions, 'directory' | 'onNote' | 'signal'>,
): Promise<void> {
  if (onNote === undefined) return;
  for (const line of noteLines(await reportBuilt(directory, manifest, signal), directory)) onNote(line);
}
