import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildEnvironment } from '../../src/env/build/build-environment.ts';
import type { Manifest } from '../../src/env/manifest.ts';
import { findHostPython } from '../../src/resolve/pip/host-python.ts';
import { cacheDirectory } from '../support/cache.ts';
import { type RunResult, runSuccessfully } from '../support/daemon.ts';
import { downloadOnce } from '../support/download.ts';
import { BUILD_DEFAULTS } from '../support/environment-maker.ts';
import { freshResolveCache } from '../support/resolve-cache.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { downloadSetuptools } from '../support/setuptools.ts';
import { writeWheel, type WheelOptions } from '../support/wheel-maker.ts';
import { variables } from './hdfs-venv.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const PKGUTIL = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";

/** Whatever could depend on the machine: names in an order of letters, modes, scripts, files of several wheels, many of them. */
const WHEELS: readonly WheelOptions[] = [
  {
    name: 'alpha',
    version: '1.0',
    requires: ['iota'],
    files: {
      'alpha/__init__.py': '',
      'alpha/I.txt': 'capital i',
      'alpha/i.txt': 'small i',
      'alpha/\u0131.txt': 'dotless i',
      'alpha/\u0130.txt': 'dotted capital i',
      'alpha/\u00E9.txt': 'composed',
      'alpha/z.txt': 'z',
      'alpha/\u00E4.txt': 'a umlaut',
      'alpha/run.sh': '#!/bin/sh\n',
      'alpha/secret.txt': 'private',
      'ns/__init__.py': PKGUTIL,
      'ns/alpha.py': '',
      'alpha-1.0.data/scripts/alpha': '#!python\nimport alpha\n',
      'alpha-1.0.data/headers/alpha.h': '',
    },
    modes: { 'alpha/run.sh': 0o700, 'alpha/secret.txt': 0o600 },
  },
  {
    name: 'iota',
    version: '1.0',
    files: {
      'iota.py': 'x = 1\n',
      'ns/__init__.py': '',
      'ns/iota.py': '',
      // stored: it is deflated for its archive
      'iota.txt': Array.from({ length: 4000 }, (_, index) => `${index} iota\n`).join(''),
    },
    entries: (entries) => entries.map((entry) => ({ ...entry, method: 0 })),
  },
  {
    name: 'many',
    version: '1.0',
    files: Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`many/${index}.py`, `x = ${index}\n`])),
  },
];

interface Machine {
  readonly env?: NodeJS.ProcessEnv;
  /** Names that are not in the environment. */
  readonly without?: readonly string[];
  readonly umask?: string;
  /** Of every file of the project: modes, where they mean nothing for Python, and times. */
  readonly fileMode?: number;
  readonly fileTime?: Date;
  readonly node?: string;
  /** Before the command. */
  readonly prefix?: readonly string[];
}

/** Several differences at once, each as far from the other machine's as can be: a build of the project takes seconds. */
const MACHINES: Readonly<Record<string, Machine>> = {
  'umask 000, far east, C, old files that only their owner may read': {
    umask: '000',
    env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'C', LANG: 'C' },
    fileMode: 0o600,
    fileTime: new Date('1999-12-31T23:59:59Z'),
  },
  'umask 077, in the west, Turkish, files of tomorrow that everybody may write and run': {
    umask: '077',
    env: { TZ: 'America/New_York', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
    fileMode: 0o777,
    fileTime: new Date(Date.now() + 86_400_000),
  },
  'no HOME, no locale, no time zone, one core': { without: ['HOME', 'LANG', 'LC_ALL', 'TZ'], prefix: oneCore() },
};

describe('the same inputs', () => {
  const scratch = scratchDirectory('reproducible');
  let cache: Awaited<ReturnType<typeof freshResolveCache>>;
  /** A directory with wheels, own code of two kinds, requirements and a lock. */
  let original: string;
  let expected: Outcome;

  beforeAll(async () => {
    cache = await freshResolveCache();
    original = join(scratch.path, 'original');
    for (const wheel of WHEELS) writeWheel(join(original, 'wheels'), wheel);
    cpSync(await downloadSetuptools(await findHostPython(undefined)), join(original, 'backend'), { recursive: true });
    const files = {
      'requirements.txt': 'many==1.0\nalpha\n',
      'risk_app/__init__.py': 'x = 1\n',
      'risk_app/I.py': '',
      'risk_app/i_.py': '',
      'risk_app/\u00E4.txt': 'data\n',
      'project/pyproject.toml':
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n' +
        '[project]\nname = "risk-project"\nversion = "1.0"\n[tool.setuptools]\npackages = ["risk_project"]\n',
      'project/risk_project/__init__.py': 'y = 1\n',
      'project/risk_project/model.py': '',
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(original, path)), { recursive: true });
      writeFileSync(join(original, path), text);
    }
    await run('lock', original, {}, ARGUMENTS);
    expected = await build('expected', {});
  });
  afterAll(() => {
    cache?.remove();
    scratch.remove();
  });

  const TARGET = [
    '--python',
    '3.11.7',
    '--platform',
    'rhel8',
    '--no-index',
    '--find-links',
    'wheels',
    '--find-links',
    'backend',
  ];
  const ARGUMENTS = ['-r', 'requirements.txt', 'iota', './risk_app', './project'];

  function run(command: string, directory: string, machine: Machine, args: readonly string[]): Promise<RunResult> {
    const { env = {}, without = [], umask = '022', node = process.execPath, prefix = [] } = machine;
    const whole: NodeJS.ProcessEnv = { ...variables(), HDFS_VENV_CACHE: cache.path, ...env };
    const kept = Object.fromEntries(Object.entries(whole).filter(([name]) => !without.includes(name)));
    const words = [...prefix, node, MAIN, command, ...args, ...TARGET];
    return runSuccessfully({
      command: 'sh',
      args: ['-c', `umask ${umask}; exec "$@"`, 'sh', ...words],
      env: kept,
      cwd: directory,
      timeout: 300_000,
    });
  }

  /** Copies the project to a directory of its own, builds there, and makes archives there. */
  async function build(name: string, machine: Machine, args: readonly string[] = ARGUMENTS): Promise<Outcome> {
    const directory = join(scratch.path, name.replaceAll(' ', '-'), 'work');
    cpSync(original, directory, { recursive: true });
    for (const path of filesBelow(directory)) {
      if (machine.fileMode !== undefined) chmodSync(join(directory, path), machine.fileMode);
      if (machine.fileTime !== undefined) utimesSync(join(directory, path), machine.fileTime, machine.fileTime);
    }
    await run('build', directory, machine, [...args, '-o', 'out']);
    await run('build', directory, machine, [...args, '-o', 'archives', '--layout', 'tar']);
    return outcome(join(directory, 'out'), join(directory, 'archives'));
  }

  it('hold all that could make a difference', () => {
    const { packages, files, digest } = JSON.parse(expected.manifest) as Manifest;
    expect(packages.map(({ name }) => name)).toEqual(['alpha', 'iota', 'many', 'risk-app', 'risk-project']);
    expect(files.length).toBeGreaterThan(400);
    expect(expected.tree['alpha/run.sh']?.mode).toBe('755');
    expect(expected.tree['alpha/secret.txt']?.mode).toBe('644');
    expect(Object.keys(expected.tree).sort()).toEqual(files.map(({ path }) => path).sort());
    const archived = JSON.parse(expected.archives) as Manifest;
    expect(archived).toMatchObject({ layout: 'tar', digest });
    expect(archived.layers.map(({ label }) => label)).toEqual(
      packages.map(({ name, version }) => `${name}-${version}`),
    );
    for (const { sha256 } of archived.layers) {
      const archive = readFileSync(join(cache.path, 'layers', `${sha256}.tar.gz`));
      expect(createHash('sha256').update(archive).digest('hex')).toBe(sha256);
    }
  });

  it.each(Object.keys(MACHINES))(
    'make the same manifest, byte by byte, the same tree and the same archives: %s',
    async (name) => {
      expect(await build(name, MACHINES[name] ?? {})).toEqual(expected);
    },
  );

  it('make the same when pip chooses once more', async () => {
    const machine = { umask: '077', env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' } };
    expect(await build('resolved', machine, [...ARGUMENTS, '--no-lock'])).toEqual(expected);
  });

  it('make the same on Node 24', async () => {
    expect(await build('node 24', { node: await node24() })).toEqual(expected);
  });

  it('in another order: the manifest repeats what was asked for as it was asked, and all else is the same', async () => {
    const args = ['./project', './risk_app', 'iota', '-r', 'requirements.txt'];
    const result = await build('other order', {}, args);
    expect(result.tree).toEqual(expected.tree);
    for (const name of ['manifest', 'archives'] as const) {
      const [other, first] = [result, expected].map((one) => JSON.parse(one[name]) as Manifest);
      expect(other?.inputs.requirements.toSorted()).toEqual(first?.inputs.requirements.toSorted());
      expect({ ...other, inputs: other?.inputs.digest }).toEqual({ ...first, inputs: first?.inputs.digest });
    }
  });

  it('make the same with any number of threads', async () => {
    const wheels = readdirSync(join(original, 'wheels')).map((name) => join(original, 'wheels', name));
    const outcomes: Outcome[] = [];
    for (const [index, workers] of [0, 1, 3].entries()) {
      const directory = join(scratch.path, `threads-${workers}`);
      const [archives, layerCache] = [`${directory}-archives`, `${directory}-cache`];
      const order = index % 2 === 0 ? wheels : wheels.toReversed();
      const options = { ...BUILD_DEFAULTS, wheels: order, workers };
      await buildEnvironment({ ...options, directory });
      await buildEnvironment({ ...options, directory: archives, layout: 'tar', layerCache });
      outcomes.push(outcome(directory, archives));
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });
});

interface Outcome {
  readonly manifest: string;
  /** The manifest of the same with `--layout tar`: it has the sha256 of each archive. */
  readonly archives: string;
  /** By path: what is on disk. */
  readonly tree: Readonly<Record<string, { readonly sha256: string; readonly mode: string }>>;
}

function outcome(directory: string, archives: string): Outcome {
  const read = (place: string): string => readFileSync(join(place, 'manifest.json'), 'utf8');
  const tree = join(directory, 'venv');
  const files = filesBelow(tree).map((path) => {
    const sha256 = createHash('sha256')
      .update(readFileSync(join(tree, path)))
      .digest('hex');
    return [path, { sha256, mode: (statSync(join(tree, path)).mode & 0o7777).toString(8) }] as const;
  });
  return { manifest: read(directory), archives: read(archives), tree: Object.fromEntries(files) };
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(directory, path)).isFile(),
  );
}

/** A command that lets the next one run on one core only; none where there is no such program. */
function oneCore(): string[] {
  const taskset = ['/usr/bin/taskset', '/bin/taskset'].find((path) => existsSync(path));
  return taskset === undefined ? [] : [taskset, '-c', '0'];
}

/** From the package registry, once. */
async function node24(): Promise<string> {
  const directory = await downloadOnce(cacheDirectory('node-24').concat('/node'), async (into) => {
    const args = ['install', '--prefix', into, '--no-save', '--no-audit', '--no-fund', 'node@24'];
    await runSuccessfully({ command: 'npm', args, env: process.env, cwd: into, timeout: 600_000 });
  });
  return join(directory, 'node_modules', 'node', 'bin', 'node');
}
