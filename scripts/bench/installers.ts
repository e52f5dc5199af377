import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findPython, pipInstalled } from '../../test/support/python.ts';
import { CLI, REQUIREMENTS, TARGET } from './environment.ts';
import type { Command } from './run-measured.ts';

/** Where everybody works, and on what. */
export interface Job {
  readonly wheels: readonly string[];
  /** Holds a lock of these wheels for our own command line. */
  readonly lockDirectory: string;
  /** Our cache, which holds the wheels. */
  readonly cache: string;
}

export interface Installer {
  /** How it unpacks into `directory`, which exists and is empty. */
  readonly command: (job: Job, directory: string) => Command;
  /** Where the files are then, below `directory`. */
  readonly tree: string;
}

/** Names of two of them. */
export const STEP = 'unpack';
export const FASTEST_PEER = 'uv, cold cache';
export const UV = '0.13.9';
export const PIP = '26.3';

const ZIPFILE = 'import sys, zipfile\nfor wheel in sys.argv[2:]: zipfile.ZipFile(wheel).extractall(sys.argv[1])';

/** Our own steps and the programs that do the same, by name. What they are made of is fetched here, once. */
export async function findInstallers(): Promise<Readonly<Record<string, Installer>>> {
  const python = findPython('3.11');
  if (python === undefined) throw new Error('Cannot find the Python 3.11 that the wheels are for: install it');
  const uv = join(await pipInstalled('uv', UV), 'bin', 'uv');
  const pip = await pipInstalled('pip', PIP);
  return {
    [FASTEST_PEER]: {
      // A cache of its own for each run, on the disk that it copies to.
      command: ({ wheels }, directory) => {
        const from = ['--no-deps', '--no-index', '--no-config', '--cache-dir', join(directory, 'cache')];
        const to = ['--link-mode', 'copy', '--python', python, '--target', join(directory, 'venv')];
        return { command: [uv, 'pip', 'install', '--quiet', ...from, ...to, ...wheels] };
      },
      tree: 'venv',
    },
    [STEP]: {
      command: ({ wheels }, directory) => {
        const script = fileURLToPath(new URL('unpack.mjs', import.meta.url));
        return { command: [process.execPath, script, directory, '{}', ...wheels] };
      },
      tree: 'venv',
    },
    'hdfs-venv build': {
      command: ({ lockDirectory, cache }, directory) => ({
        command: [process.execPath, CLI, 'build', ...REQUIREMENTS, ...TARGET, '--locked', '-o', directory],
        cwd: lockDirectory,
        env: { HDFS_VENV_CACHE: cache },
      }),
      tree: 'venv',
    },
    pip: {
      command: ({ wheels }, directory) => {
        const options = [
          '--quiet',
          '--isolated',
          '--disable-pip-version-check',
          '--no-compile',
          '--no-deps',
          '--no-index',
        ];
        const command = [python, '-m', 'pip', 'install', ...options, '--target', join(directory, 'venv'), ...wheels];
        return { command, env: { PYTHONPATH: pip } };
      },
      tree: 'venv',
    },
    zipfile: {
      command: ({ wheels }, directory) => ({ command: [python, '-I', '-c', ZIPFILE, directory, ...wheels] }),
      tree: '.',
    },
  };
}
