import nodePath, { type PlatformPath } from 'node:path';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { quoteName } from '../wheel/wheel-error.ts';
import { windowsProblem } from './plan/windows-name.ts';

/**
 * Where a path of an environment lies on the local disk. There is no path for which that is outside of `root`: a manifest
 * may have been edited.
 *
 * @param root a directory on the local disk
 * @param path POSIX, relative, as in the manifest
 * @param platform how this machine spells paths
 * @throws HdfsVenvError `ENV_PATH_OUTSIDE` (integrity) for a path that no environment has
 */
export function localPath(root: string, path: string, platform: Pick<PlatformPath, 'join' | 'sep'> = nodePath): string {
  const segments = path.split('/');
  const isInside = segments.every(
    (segment) =>
      !/^\.{0,2}$/.test(segment) &&
      !segment.includes('\0') &&
      (platform.sep === '/' || windowsProblem(segment) === undefined),
  );
  if (isInside) return platform.join(root, ...segments);
  throw new HdfsVenvError({
    code: 'ENV_PATH_OUTSIDE',
    exit: 'integrity',
    message: `Cannot use the path ${quoteName(path)}: it names no file below ${root}`,
    hints: ['Build the environment again.'],
  });
}
