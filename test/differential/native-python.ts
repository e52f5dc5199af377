import { cpSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { cacheDirectory } from '../support/cache.ts';
import { runSuccessfully } from '../support/daemon.ts';
import { downloadOnce } from '../support/download.ts';
import { findPython, makeVirtualenv, runPip } from '../support/python.ts';

/** The newest pip that runs on each Python. */
const NEWEST_PIP: Readonly<Record<string, string>> = {
  '2.7': '20.3.4',
  '3.6': '21.3.1',
  '3.7': '24.0',
  '3.8': '25.0.1',
  '3.9': '26.0.1',
  '3.10': '26.3',
  '3.11': '26.3',
  '3.12': '26.3',
  '3.13': '26.3',
};

/** Every Python that resolutions are compared for. */
export const PYTHONS: readonly string[] = Object.keys(NEWEST_PIP);

/** A virtual environment of a target's own Python, with pip. */
export interface NativePython {
  /** Full version, `3.7.16`. */
  readonly version: string;
  readonly executable: string;
  /** Version of its pip. */
  readonly pip: string;
  /** As its pip sees them: `cp37m`, and the newest `manylinux_2_36_x86_64`. */
  readonly abi: string;
  readonly platform: string;
}

const PROBE = `
import json, platform
from pip._internal.utils.compatibility_tags import get_supported
tags = [tag for tag in get_supported() if tag.platform.startswith("manylinux_")]
print(json.dumps({"version": platform.python_version(), "abi": tags[0].abi, "platform": tags[0].platform}))
`;
const probeSchema = z.object({ version: z.string(), abi: z.string(), platform: z.string() });

/**
 * The Python X.Y of this machine as a cluster would have it, with the newest pip that it can run. Made once and kept in the
 * cache.
 * @throws Error when the machine has none; see `findPython`
 */
export async function nativePython(minor: string): Promise<NativePython> {
  const python = findPython(minor);
  const pip = NEWEST_PIP[minor];
  if (python === undefined || pip === undefined) throw new Error(`No Python ${minor} on this machine`);
  const args = ['-c', 'import platform; print(platform.python_version())'];
  const version = (await runSuccessfully({ command: python, args, env: process.env, timeout: 60_000 })).stdout.trim();
  const place = join(cacheDirectory('differential'), `python-${version}-pip-${pip}`);
  const directory = await downloadOnce(place, async (into) => {
    const wheels = join(into, 'wheels');
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--python-version', minor];
    await runPip(['download', ...options, '--dest', wheels, `pip==${pip}`]);
    await installPip(await makeVirtualenv(python, into), wheels);
  });
  const executable = join(directory, 'bin', 'python');
  const probe = await runSuccessfully({ command: executable, args: ['-c', PROBE], env: process.env, timeout: 60_000 });
  return { ...probeSchema.parse(JSON.parse(probe.stdout)), executable, pip };
}

/** A wheel of pip runs as it is, and so can install itself. */
async function installPip(python: string, wheels: string): Promise<void> {
  for (const wheel of readdirSync(wheels).map((name) => join(wheels, name))) {
    const args = [join(wheel, 'pip'), 'install', '--quiet', '--no-index', '--no-deps', wheel];
    await runSuccessfully({ command: python, args, env: nativeEnvironment(), timeout: 120_000 });
  }
}

/** A copy of the virtual environment, which has pip and nothing else. @returns its interpreter */
export function copyVirtualenv({ executable }: NativePython, directory: string): string {
  cpSync(dirname(dirname(executable)), directory, { recursive: true, verbatimSymlinks: true });
  return join(directory, 'bin', 'python');
}

/** For runs of pip: nothing but answers. */
export function nativeEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1', PIP_NO_PYTHON_VERSION_WARNING: '1' };
}
