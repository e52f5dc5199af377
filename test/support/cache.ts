import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where downloads that several runs share are kept: outside the repository, safe to delete at any time.
 * `HDFS_VENV_TEST_CACHE`, else `$XDG_CACHE_HOME/hdfs-venv-test`, else `~/.cache/hdfs-venv-test`.
 */
export function cacheDirectory(...segments: string[]): string {
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const directory = join(process.env['HDFS_VENV_TEST_CACHE'] ?? join(base, 'hdfs-venv-test'), ...segments);
  mkdirSync(directory, { recursive: true });
  return directory;
}
