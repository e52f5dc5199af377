import { join } from 'node:path';
import { localPath } from './local-path.ts';

/** What a build's directory holds: `DIR/manifest.json`, the tree `DIR/venv` or the wheels themselves, and a copy of the bootstrap. */
export const MANIFEST_FILE = 'manifest.json';
export const BOOTSTRAP_FILE = 'activate_env.py';
export const TREE_DIRECTORY = 'venv';
export const WHEELS_DIRECTORY = 'wheels';

export function manifestPath(directory: string): string {
  return join(directory, MANIFEST_FILE);
}

/**
 * Local path of a file of the tree, or of the tree itself.
 *
 * @param path POSIX, as in the manifest
 * @throws HdfsVenvError `ENV_PATH_OUTSIDE`
 */
export function treePath(directory: string, path = ''): string {
  const tree = join(directory, TREE_DIRECTORY);
  return path === '' ? tree : localPath(tree, path);
}

/** Local path of a wheel that a build for the layout `tar` keeps; of the directory of all of them without a name. */
export function wheelsPath(directory: string, fileName = ''): string {
  const wheels = join(directory, WHEELS_DIRECTORY);
  return fileName === '' ? wheels : localPath(wheels, fileName);
}
