import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLock } from '../../../src/resolve/lock/read-lock.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { evaluatorFor } from './evaluator.ts';
import { LOCKS, readFileNames, SHA256, SPARK, targetOf, writeLock } from './lock-cases.ts';

const PLAIN = join(LOCKS, 'plain', 'uv.lock');

let work: ReturnType<typeof scratchDirectory>;
beforeEach(() => {
  work = scratchDirectory('lock');
});
afterEach(() => work.remove());

describe('a uv.lock', () => {
  it('gives one wheel per package, the best for the target, and what was asked of it', async () => {
    const target = targetOf('3.7');
    const { pins, project } = await readLock(PLAIN, [], target, SPARK, await evaluatorFor(target));
    expect(project).toBe('risk-app');
    expect(pins).toStrictEqual([
      {
        name: 'local-one',
        version: '3.0',
        extras: [],
        file: {
          fileName: 'local_one-3.0-py3-none-any.whl',
          url: null,
          path: resolve(LOCKS, 'wheels', 'local_one-3.0-py3-none-any.whl'),
          sha256: '63ac970ebc636eb58946ddb6f08d12a9e42ff1fdfdad1a76c41369df757523e6',
          size: null,
        },
      },
      expect.objectContaining({
        name: 'solver',
        file: {
          fileName: 'solver-1.0-cp37-cp37m-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
          url: 'https://index.example.invalid/files/solver-1.0-cp37-cp37m-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
          path: null,
          sha256: 'c0edfa31609bf034dacfee92942c608a72d52f0eb6a93a247188bb968b507ebe',
          size: null,
        },
      }),
      expect.objectContaining({ name: 'speed', version: '0.1', extras: [] }),
      expect.objectContaining({ name: 'two', version: '1.0' }),
      expect.objectContaining({ name: 'util', version: '1.5', extras: ['fast'] }),
    ]);
  });

  it('follows the markers and tags of another machine', async () => {
    expect(await readFileNames(PLAIN, { target: targetOf('3.7', 'rhel7-aarch64') })).toStrictEqual([
      'armonly-1.0-py3-none-manylinux_2_17_aarch64.whl',
      'local_one-3.0-py3-none-any.whl',
      'solver-1.0-cp37-cp37m-manylinux_2_17_aarch64.whl',
      'speed-0.1-py3-none-any.whl',
      'two-1.0-py3-none-any.whl',
      'util-1.5-py2.py3-none-any.whl',
    ]);
    // an old glibc: the wheel for manylinux1, with its build tag
    expect(await readFileNames(PLAIN, { target: targetOf('3.7', 'rhel6') })).toContain(
      'solver-1.0-2-cp37-cp37m-manylinux1_x86_64.whl',
    );
    expect(await readFileNames(PLAIN, { target: targetOf('3.11') })).toContain('two-2.0-py3-none-any.whl');
  });

  it('adds the extras that are asked for, by any spelling', async () => {
    expect(await readFileNames(PLAIN, { extras: ['Slow'] })).toContain('slow-0.1-py3-none-any.whl');
    expect(await readFileNames(PLAIN, { extras: ['empty'] })).toStrictEqual(await readFileNames(PLAIN));
    await expect(readFileNames(PLAIN, { extras: ['slow', 'plot'] })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_EXTRA',
      exit: 'usage',
      message: 'Cannot find the extra plot in "uv.lock": it has all, empty, slow',
    });
  });

  it('tells all packages that have nothing for the target', async () => {
    await expect(
      readFileNames(PLAIN, { extras: ['all'], target: targetOf('3.9.18'), provided: new Map() }),
    ).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_NO_WHEEL',
      exit: 'resolve',
      message: expect.stringMatching(
        /^Cannot get 3 packages of the lock "uv\.lock" for Python 3\.9\.18: (?=.*solver==1\.0 has no wheel for Python 3\.9\.18 \(cp39\) on rhel7, only for cp37, cp311)(?=.*pyspark==3\.5\.0 comes as source only)(?=.*onlysource==1\.0 comes as source only)/,
      ),
    });
  });

  it('is for the systems of its forks, whatever extras those are about', async () => {
    const forks = `["sys_platform == 'linux' and extra == 'extra-3-app-x' and extra != 'extra-3-app-y'"]`;
    const root = '[[package]]\nname = "app"\nsource = { virtual = "." }\n';
    const text = `version = 1\nrequires-python = ">=3.7"\nresolution-markers = ${forks}\n${root}`;
    expect(await readFileNames(writeLock(work.path, 'uv.lock', text))).toStrictEqual([]);
  });

  it('is not for a Python and a system that it excludes', async () => {
    await expect(readFileNames(PLAIN, { target: targetOf('3.6') })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_TARGET',
      exit: 'resolve',
      message: 'Cannot use the lock "uv.lock" for Python 3.6.15 on x86_64 Linux: it is for Python >=3.7 only',
    });
    const head = 'version = 1\nrequires-python = ">=3.7"\n';
    const root = '\n[[package]]\nname = "app"\nsource = { virtual = "." }\n';
    for (const key of ['supported-markers', 'resolution-markers']) {
      const path = writeLock(
        work.path,
        'uv.lock',
        `${head}${key} = ["sys_platform == 'darwin' and extra != 'x'", "os_name == 'nt'"]${root}`,
      );
      await expect(readFileNames(path)).rejects.toMatchObject({
        code: 'RESOLVE_LOCK_TARGET',
        message: expect.stringContaining(
          `it is for sys_platform == 'darwin' and extra != 'x', or os_name == 'nt' only`,
        ),
      });
    }
  });
});

describe.each(['conflicts', 'conflicts-before-revisions'])(
  'a uv.lock with extras that exclude each other (%s)',
  (name) => {
    const path = join(LOCKS, name, 'uv.lock');
    const options = { target: targetOf('3.11'), ownFolders: [join(LOCKS, name, 'packages', 'member')] };
    const gitty = new Map([['gitty', null]]);
    const common = ['speed-0.1-py3-none-any.whl', 'util-1.5-py2.py3-none-any.whl'];

    it('follows what is switched on', async () => {
      const provided = gitty;
      expect(await readFileNames(path, { ...options, provided })).toStrictEqual(
        ['cuda-11-py3-none-any.whl', 'torchy-2.0+cu118-py3-none-any.whl', ...common].toSorted(),
      );
      expect(await readFileNames(path, { ...options, provided, extras: ['cpu'] })).toStrictEqual(
        ['torchy-2.0+cpu-py3-none-any.whl', ...common].toSorted(),
      );
      expect(await readFileNames(path, { ...options, provided, extras: ['gpu'] })).toStrictEqual(
        ['cuda-11-py3-none-any.whl', 'torchy-2.0+cu118-py3-none-any.whl', ...common].toSorted(),
      );
      await expect(readFileNames(path, { ...options, provided, extras: ['gpu', 'cpu'] })).rejects.toMatchObject({
        code: 'RESOLVE_LOCK_EXTRA',
        message: 'Cannot combine conflicted[cpu] and conflicted[gpu]: "uv.lock" says that they exclude each other',
      });
    });

    it('cannot take repositories and folders, and says how to bring them', async () => {
      await expect(readFileNames(path, { target: targetOf('3.11') })).rejects.toMatchObject({
        code: 'RESOLVE_LOCK_NO_WHEEL',
        message: expect.stringMatching(
          /gitty==1 comes from git\+https:\/\/git\.example\.invalid\/gitty#[0-9a-f]{40}, without any wheel; member==1 comes from packages\/member, without/,
        ),
        hints: expect.arrayContaining(['Give the folder packages/member as an argument of its own, beside the lock.']),
      });
    });
  },
);

describe('extras of dependencies in a uv.lock', () => {
  it('switch conflict markers on that were passed before', async () => {
    const entry = (name: string, rest = '') =>
      `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "https://index.example.invalid/simple/" }\nwheels = [{ url = "https://index.example.invalid/${name}-1-py3-none-any.whl", hash = "sha256:${SHA256}" }]\n${rest}\n`;
    const path = writeLock(
      work.path,
      'uv.lock',
      `version = 1
requires-python = ">=3.7"
conflicts = [[{ package = "lib", extra = "x" }, { package = "lib", extra = "y" }]]
[[package]]
name = "app"
version = "1"
source = { editable = "." }
dependencies = [
  { name = "late", marker = "extra == 'extra-3-lib-x'" },
  { name = "early", marker = "extra != 'extra-3-lib-x'" },
  { name = "middle" },
]
${entry('late')}${entry('early')}${entry('inner')}
${entry('middle', `dependencies = [{ name = "lib", extra = ["x"], marker = "extra == 'extra-3-lib-x'" }]`)}
${entry('lib', `[package.optional-dependencies]\nx = [{ name = "inner" }]`)}`,
    );
    expect(await readFileNames(path)).toStrictEqual(
      ['inner', 'late', 'lib', 'middle'].map((name) => `${name}-1-py3-none-any.whl`),
    );
  });
});

describe('the root of a uv.lock', () => {
  const head = 'version = 1\nrequires-python = ">=3.7"\n';
  const member = (name: string) => `[[package]]\nname = "${name}"\nsource = { editable = "packages/${name}" }\n`;

  it('is the only member of a workspace', async () => {
    const target = targetOf('3.7');
    const path = writeLock(work.path, 'uv.lock', `${head}[manifest]\nmembers = ["a"]\n${member('a')}`);
    expect(await readLock(path, [], target, SPARK, await evaluatorFor(target))).toStrictEqual({
      pins: [],
      project: 'a',
      provided: [],
    });
  });

  it('cannot be found among several members, or where there is none', async () => {
    await expect(
      readFileNames(writeLock(work.path, 'uv.lock', `${head}${member('a')}${member('b')}`)),
    ).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_FORMAT',
      message:
        'Cannot read the lock "uv.lock": expected one project that it is the lock of, got a workspace of a (packages/a), b (packages/b)',
    });
    await expect(readFileNames(writeLock(work.path, 'uv.lock', head))).rejects.toMatchObject({
      message: expect.stringContaining('got none'),
    });
  });

  it('depends on packages that are there', async () => {
    const path = writeLock(
      work.path,
      'uv.lock',
      `${head}${member('a')}dependencies = [{ name = "b", version = "1" }]\n`,
    );
    await expect(readFileNames(path)).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_FORMAT',
      message: expect.stringContaining('expected one package b 1, which others depend on, got 0'),
    });
  });
});
