import { readdirSync } from 'node:fs';
import type { HostPython } from '../../src/resolve/pip/host-python.ts';
import { cacheDirectory } from './cache.ts';
import { runSuccessfully } from './daemon.ts';

/** A directory with setuptools and what it needs to build a wheel, from the package index of this machine, once. */
export async function downloadSetuptools(host: HostPython): Promise<string> {
  const directory = cacheDirectory('resolve', `setuptools-3.${host.minor}`);
  if (readdirSync(directory).length === 0) {
    const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', directory, 'setuptools', 'wheel'];
    await runSuccessfully({ command: host.path, args, env: process.env, timeout: 600_000 });
  }
  return directory;
}
