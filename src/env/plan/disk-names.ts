import { quoteName } from '../../wheel/wheel-error.ts';
import type { BuildDirectory } from '../build/build-directory.ts';
import { conflictError } from '../env-error.ts';
import type { Plan } from './plan.ts';
import { differenceOf, type Twins } from './twin-names.ts';
import { windowsProblem } from './windows-name.ts';

/**
 * Refuses a plan that the local disk cannot hold as it is, before anything of it is written. Twins that the disk keeps apart
 * are only told.
 *
 * @param place is asked which names its disk takes for one
 * @throws HdfsVenvError `ENV_WINDOWS_NAME`; `ENV_CASE_CLASH` where a file would be lost, or two directories become one (both
 * conflict)
 */
export function checkDiskNames(
  { files, twins }: Pick<Plan, 'files' | 'twins'>,
  place: Pick<BuildDirectory, 'directory' | 'takesForOne'>,
  onNote: ((note: string) => void) | undefined,
  platform: NodeJS.Platform = process.platform,
): void {
  if (platform === 'win32') requireWindowsNames(files);
  const lost = twins.find(({ names }) => place.takesForOne(names));
  if (lost !== undefined) {
    throw conflictError('ENV_CASE_CLASH', `${describe(lost)}, and the disk of ${place.directory} takes them for one`, [
      'Build on a disk that tells such names apart, as those of Linux do.',
    ]);
  }
  const [first] = twins;
  if (first === undefined) return;
  onNote?.(`${describe(first)} (${twins.length} such pairs): HDFS tells them apart, some disks do not.`);
}

function requireWindowsNames(files: Plan['files']): void {
  for (const { path, wheel } of files.values()) {
    for (const segment of path.split('/')) {
      const problem = windowsProblem(segment);
      if (problem === undefined) continue;
      throw conflictError(
        'ENV_WINDOWS_NAME',
        `${quoteName(segment)} in ${quoteName(path)} of ${wheel.fileName.fileName} ${problem}`,
        ['Build on Linux or macOS, whose disks can hold it, as the cluster can.'],
      );
    }
  }
}

function describe({ parent, names }: Twins): string {
  const [left, right] = names.map((name) => quoteName(parent === '' ? name : `${parent}/${name}`));
  return `${left} and ${right} ${differenceOf(names)}`;
}
