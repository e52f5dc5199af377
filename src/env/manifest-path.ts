import { join } from 'node:path';

/** What a build's directory holds: `DIR/manifest.json`, the tree `DIR/venv`, and a copy of the bootstrap. */
export const MANIFEST_FILE = 'manifest.json';
export const BOOTSTRAP_FILE = 'activate_env.py';
export const TREE_DIRECTORY = 'venv';

export function manifestPath(directory: string): string {
  return join(directory, MANIFEST_FILE);
}

/** Local path of a file of the tree; `path` is POSIX, as in the manifest. */
export function treePath(directory: string, path = ''): string {
  return join(directory, TREE_DIRECTORY, ...path.split('/'));
}
