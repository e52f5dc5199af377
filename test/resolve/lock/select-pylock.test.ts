import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pinRequirement } from '../../../src/resolve/lock/lock-content.ts';
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

function pylockOf(packages: string, head = ''): string {
  const text = `lock-version = "1.0"\ncreated-by = "test"\n${head}\npackages = [${packages}]\n`;
  return writeLock(work.path, 'pylock.toml', text);
}

function wheel(fileName: string, rest = `hashes = { sha256 = "${SHA256}" }`): string {
  return `wheels = [{ url = "https://files.example.invalid/${fileName}", ${rest} }]`;
}

describe('a pylock.toml', () => {
  it('of uv is the same as the lock that it was exported from', async () => {
    const provided = new Map([...SPARK, ['onlysource', null]]);
    const target = targetOf('3.7');
    const evaluate = await evaluatorFor(target);
    const exported = await readLock(join(LOCKS, 'plain', 'pylock.extras.toml'), [], target, provided, evaluate);
    const { pins } = await readLock(PLAIN, ['all'], target, provided, evaluate);
    expect(exported.pins).toStrictEqual(pins.map((pin) => ({ ...pin, extras: [] })));
  });

  it('leaves out the project that it is of, and the user’s own folders', async () => {
    const target = targetOf('3.11');
    const path = join(LOCKS, 'conflicts', 'pylock.toml');
    const own = [join(LOCKS, 'conflicts', 'packages', 'member')];
    const lock = await readLock(path, [], target, new Map([['gitty', null]]), await evaluatorFor(target), own);
    expect(lock.project).toBe('conflicted');
    expect(lock.pins.map(({ name }) => name)).toStrictEqual(['cuda', 'speed', 'torchy', 'util']);
    await expect(readFileNames(path)).rejects.toMatchObject({
      message: expect.stringMatching(
        /2 packages.*gitty==1 comes from git\+https:\/\/git\.example\.invalid\/gitty@[0-9a-f]{40}.*member comes from packages\/member/,
      ),
    });
  });

  it('takes the default groups and the extras that are asked for', async () => {
    const path = pylockOf(
      `{ name = "a", marker = "'main' in dependency_groups", ${wheel('a-1-py3-none-any.whl')} },
       { name = "b", marker = "'dev' in dependency_groups", ${wheel('b-1-py3-none-any.whl')} },
       { name = "C", marker = "'Plot' in extras and python_version < '3.8'", ${wheel('c-1-py3-none-any.whl')} },
       { name = "c", marker = "'plot' in extras and python_version >= '3.8'", ${wheel('c-2-py3-none-any.whl')} }`,
      'extras = ["plot"]\ndependency-groups = ["dev"]\ndefault-groups = ["main"]',
    );
    expect(await readFileNames(path)).toStrictEqual(['a-1-py3-none-any.whl']);
    expect(await readFileNames(path, { extras: ['PLOT'] })).toStrictEqual([
      'a-1-py3-none-any.whl',
      'c-1-py3-none-any.whl',
    ]);
    await expect(readFileNames(path, { extras: ['dev'] })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_EXTRA',
      message: 'Cannot find the extra dev in "pylock.toml": it has plot',
    });
  });

  it('is not for a Python and a system that it excludes', async () => {
    await expect(readFileNames(pylockOf('', 'requires-python = ">=3.8"'))).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_TARGET',
      message: expect.stringContaining('it is for Python >=3.8 only'),
    });
    const environments = `environments = ["sys_platform == 'win32'", "platform_machine == 'arm64'"]`;
    await expect(readFileNames(pylockOf('', environments))).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_TARGET',
      message: expect.stringContaining(`it is for sys_platform == 'win32', or platform_machine == 'arm64' only`),
    });
    expect(await readFileNames(pylockOf('', `environments = ["sys_platform == 'linux'"]`))).toStrictEqual([]);
  });

  it('tells a package that wants another Python, and one without files', async () => {
    const path = pylockOf(
      `{ name = "a", version = "2", requires-python = ">=3.8", ${wheel('a-2-py3-none-any.whl')} }, { name = "b", version = "1" }`,
    );
    await expect(readFileNames(path)).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_NO_WHEEL',
      message: expect.stringMatching(
        /2 packages.*: a==2 wants Python >=3\.8, the target is 3\.7\.\d+; b==1 has no files in the lock$/,
      ),
    });
  });

  it('takes an archive for the wheel that it is, by path before address, without its password', async () => {
    const path = pylockOf(
      `{ name = "a", archive = { url = "https://u:canary@files.example.invalid/a%2B-1.0-py3-none-any.whl", path = "sub dir/a-1.0-py3-none-any.whl", hashes = { sha256 = "${SHA256}" } } },
       { name = "b", archive = { url = "file:///srv/b-2.0%2Bcpu-py3-none-any.whl", hashes = { sha256 = "${SHA256}" } } },
       { name = "c", version = "3.0", wheels = [{ name = "c-3.0-py3-none-any.whl", url = "https://u:canary@files.example.invalid/blob/77?x=1#frag", size = 12, hashes = { sha256 = "${SHA256.toUpperCase()}" } }] }`,
    );
    const target = targetOf('3.7');
    const { pins } = await readLock(path, [], target, SPARK, await evaluatorFor(target));
    const [a, b, c] = pins;
    expect(a).toMatchObject({
      version: '1.0',
      file: { url: null, path: join(work.path, 'sub dir', 'a-1.0-py3-none-any.whl') },
    });
    expect(b).toMatchObject({ version: '2.0+cpu', file: { url: null, path: '/srv/b-2.0+cpu-py3-none-any.whl' } });
    expect(c?.file).toStrictEqual({
      fileName: 'c-3.0-py3-none-any.whl',
      url: 'https://files.example.invalid/blob/77?x=1#frag',
      path: null,
      sha256: SHA256,
      size: 12,
    });
    expect(pins.map(pinRequirement)).toStrictEqual([
      `a @ file://${work.path}/sub%20dir/a-1.0-py3-none-any.whl#sha256=${SHA256}`,
      `b @ file:///srv/b-2.0+cpu-py3-none-any.whl#sha256=${SHA256}`,
      `c @ https://files.example.invalid/blob/77?x=1#sha256=${SHA256}`,
    ]);
  });

  it('cannot be trusted where a file has no sha256', async () => {
    const path = pylockOf(
      `{ name = "a", ${wheel('a-1-py3-none-any.whl', 'hashes = { sha512 = "ff" }')} },
       { name = "b", ${wheel('b-1-py3-none-any.whl', 'size = 1')} },
       { name = "c", ${wheel('c-1-py3-none-any.whl', 'hashes = { sha256 = "short" }')} },
       { name = "d", ${wheel('d-1-py3-none-any.whl')} }`,
    );
    await expect(readFileNames(path)).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_HASH',
      exit: 'integrity',
      message:
        'Cannot trust the files of the lock "pylock.toml": expected a sha256 for each, a-1-py3-none-any.whl has only sha512; b-1-py3-none-any.whl has none; c-1-py3-none-any.whl has the sha256 "short"',
    });
  });

  it.each([
    [
      'a wheel of another package',
      `{ name = "a", ${wheel('b-1-py3-none-any.whl')} }`,
      'expected a wheel of a, got b-1-py3',
    ],
    [
      'a wheel of another version',
      `{ name = "a", version = "1.1", ${wheel('a-1-py3-none-any.whl')} }`,
      'expected a wheel of a 1.1, got a-1-',
    ],
    [
      'two entries of one name',
      `{ name = "A.x", version = "1", ${wheel('a_x-1-py3-none-any.whl')} }, { name = "a_x", version = "2", ${wheel('a_x-2-py3-none-any.whl')} }`,
      'two entries of a-x hold for the target: 1 and 2',
    ],
    [
      'a marker that nobody understands',
      '{ name = "a", marker = "colour == \'red\'" }',
      `the marker "colour == 'red'": `,
    ],
    [
      'no place of a file',
      '{ name = "a", wheels = [{ name = "a-1-py3-none-any.whl" }] }',
      'expected url or path of a file',
    ],
    [
      'no address',
      `{ name = "a", wheels = [{ url = "a-1-py3-none-any.whl" }] }`,
      'expected the URL of a file, got "a-1-',
    ],
  ])('is refused with %s', async (_, packages, problem) => {
    await expect(readFileNames(pylockOf(packages))).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_FORMAT',
      message: expect.stringContaining(problem),
    });
  });

  it('has versions that are equal though written otherwise, and local ones left out', async () => {
    const path = pylockOf(
      `{ name = "a", version = "1.0.0", ${wheel('a-1.0-py3-none-any.whl')} }, { name = "b", version = "2.0", ${wheel('b-2.0+cpu-py3-none-any.whl')} }`,
    );
    expect(await readFileNames(path)).toStrictEqual(['a-1.0-py3-none-any.whl', 'b-2.0+cpu-py3-none-any.whl']);
  });
});
