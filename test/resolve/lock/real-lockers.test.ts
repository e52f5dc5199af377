import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pin } from '../../../src/resolve/lock/lock-content.ts';
import { readLock } from '../../../src/resolve/lock/read-lock.ts';
import type { Target } from '../../../src/target/target.ts';
import { cacheDirectory } from '../../support/cache.ts';
import { indexWheel, type LocalIndex, startLocalIndex } from '../../support/local-index.ts';
import { findPython, pipInstalled } from '../../support/python.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { writeWheel } from '../../support/wheel-maker.ts';
import { evaluatorFor } from './evaluator.ts';
import { targetOf } from './lock-cases.ts';

/** Runs the lockers, and PEP 751's own reader, which needs tomllib. */
const version = ['3.13', '3.12', '3.11'].find((one) => findPython(one) !== undefined);
const python = version === undefined ? undefined : findPython(version);
const skipped = python === undefined ? ' (skipped: no Python 3.11 or later)' : '';

const SOLVER_TAGS = [
  'cp37-cp37m-manylinux_2_17_x86_64.manylinux2014_x86_64',
  'cp37-cp37m-manylinux_2_28_x86_64',
  'cp37-cp37m-manylinux_2_17_aarch64',
  'cp37-cp37m-win_amd64',
  'cp311-cp311-manylinux_2_17_x86_64',
  'cp38-abi3-manylinux_2_17_x86_64',
];

const PROJECT = `[project]
name = "Risk_App"
version = "0.1"
requires-python = ">=3.7"
dependencies = ["solver", "two", "local-one", "winonly; sys_platform == 'win32'", "armonly; platform_machine == 'aarch64'"]
[project.optional-dependencies]
all = ["risk-app[plot]", "cycle-a"]
plot = ["util[slow]; python_version < '3.8'"]
[dependency-groups]
dev = ["devtool"]
[tool.uv.sources]
local-one = { path = "../wheels/local_one-3.0-py3-none-any.whl" }
`;

/** PEP 751's own installer: \`packaging.pylock\`. */
const ORACLE = `
import json, sys
request = json.load(sys.stdin)
sys.path.insert(0, request["pip"])
from pip._vendor.packaging.pylock import Pylock
from pip._vendor.packaging.tags import Tag
import tomllib
with open(request["lock"], "rb") as file:
    lock = Pylock.from_dict(tomllib.load(file))
chosen = lock.select(
    environment=request["environment"],
    tags=[Tag(*tag.split("-")) for tag in request["tags"]],
)
files = [getattr(file, "path", None) or file.url for package, file in chosen]
print(json.dumps(sorted(file.rpartition("/")[2] for file in files)))
`;

const EXTRAS = ['none', 'plot', 'all'];

const PIP = join(cacheDirectory('resolve'), 'pip', '26.3');

let index: LocalIndex;
let work: ReturnType<typeof scratchDirectory>;
let project: string;
let uv: string;

beforeAll(async () => {
  if (python === undefined) return;
  work = scratchDirectory('lockers');
  project = join(work.path, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'pyproject.toml'), PROJECT);
  writeWheel(join(work.path, 'wheels'), { name: 'local_one', version: '3.0' });
  index = await startLocalIndex([
    ...SOLVER_TAGS.map((tag) => indexWheel({ name: 'solver', version: '1.0', tag, requires: ['util[fast]>=1'] })),
    indexWheel({
      name: 'util',
      version: '1.5',
      tag: 'py2.py3-none-any',
      requires: ['speed; extra == "fast"', 'slow; extra == "slow"'],
      metadata: { 'Provides-Extra': ['fast', 'slow'] },
    }),
    indexWheel({ name: 'two', version: '1.0', metadata: { 'Requires-Python': '>=3.7,<3.9' } }),
    indexWheel({ name: 'two', version: '2.0', metadata: { 'Requires-Python': '>=3.9' } }),
    indexWheel({ name: 'winonly', version: '1.0', tag: 'py3-none-win_amd64' }),
    indexWheel({ name: 'armonly', version: '1.0', tag: 'py3-none-manylinux_2_17_aarch64' }),
    indexWheel({ name: 'cycle_a', version: '1.0', requires: ['cycle-b'] }),
    indexWheel({ name: 'cycle_b', version: '1.0', requires: ['cycle-a'] }),
    ...['speed', 'slow', 'devtool'].map((name) => indexWheel({ name, version: '0.1' })),
  ]);
  uv = join(await pipInstalled('uv', '0.13.9'), 'bin', 'uv');
  await runUv('lock');
  for (const extra of EXTRAS) {
    const extras = extra === 'none' ? [] : [`--extra=${extra}`];
    await runUv('export', '--no-dev', '--format=pylock.toml', `--output-file=pylock.${extra}.toml`, ...extras);
  }
  // puts the pinned pip there
  await (
    await evaluatorFor(targetOf('3.7'), python)
  )([{ specifier: '>=3' }]);
}, 300_000);
afterAll(async () => {
  await index?.close();
  work?.remove();
});

async function runUv(...args: readonly string[]): Promise<void> {
  await execa(uv, [...args, '--quiet', '--no-config', '--no-cache', '--python', python ?? ''], {
    cwd: project,
    env: { UV_DEFAULT_INDEX: index.url, UV_PYTHON_DOWNLOADS: 'never' },
  });
}

async function pinsOf(path: string, extras: readonly string[], target: Target): Promise<readonly Pin[]> {
  return (await readLock(path, extras, target, new Map(), await evaluatorFor(target, python))).pins;
}

/** File names that `packaging` itself chooses. */
async function oracle(lock: string, target: Target): Promise<unknown> {
  const { stdout } = await execa(python ?? '', ['-I', '-c', ORACLE], {
    input: JSON.stringify({ pip: PIP, lock, environment: target.markerEnvironment, tags: target.tags }),
  });
  return JSON.parse(stdout);
}

function fileNames(pins: readonly Pin[]): string[] {
  return pins.map(({ file }) => file.fileName).toSorted();
}

const TARGETS: readonly (readonly [string, string])[] = [
  ['3.7', 'rhel7'],
  ['3.7', 'rhel8'],
  ['3.7', 'rhel7-aarch64'],
  ['3.8', 'rhel7'],
  ['3.11', 'rhel9'],
];

describe.skipIf(python === undefined)(`what uv 0.13.9 locks${skipped}`, () => {
  it.each(TARGETS)(
    'is for Python %s on %s what uv exports, and what PEP 751 takes of that',
    async (targetVersion, platform) => {
      const target = targetOf(targetVersion, platform);
      for (const extra of EXTRAS) {
        const extras = extra === 'none' ? [] : [extra];
        const pins = await pinsOf(join(project, 'uv.lock'), extras, target);
        const exported = join(project, `pylock.${extra}.toml`);
        expect(pins.map(({ name }) => name)).toStrictEqual(expect.arrayContaining(['local-one', 'solver', 'two']));
        expect(await pinsOf(exported, [], target)).toStrictEqual(pins.map((pin) => ({ ...pin, extras: [] })));
        expect(fileNames(pins)).toStrictEqual(await oracle(exported, target));
      }
    },
  );
});

describe.skipIf(python === undefined)(`what pip 26.3 locks${skipped}`, () => {
  it('is what PEP 751 takes of it', async () => {
    const lock = join(work.path, 'pylock.pip.toml');
    const wheel = join(work.path, 'wheels', 'local_one-3.0-py3-none-any.whl');
    const options = ['--quiet', '--isolated', '--index-url', index.url, '--only-binary=:all:', '--output', lock];
    await execa(python ?? '', ['-I', join(PIP, 'pip'), 'lock', ...options, 'two', 'util[slow]', 'cycle-a', wheel]);
    const target = targetOf(version ?? '', 'rhel9');
    const pins = await pinsOf(lock, [], target);
    expect(pins.map((pin) => `${pin.name} ${pin.version}`)).toStrictEqual([
      'cycle-a 1.0',
      'cycle-b 1.0',
      'local-one 3.0',
      'slow 0.1',
      'two 2.0',
      'util 1.5',
    ]);
    expect(fileNames(pins)).toStrictEqual(await oracle(lock, target));
  });
});
