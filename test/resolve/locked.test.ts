import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Resolution, ResolveOptions } from '../../src/resolve/resolve-wheels.ts';
import { indexWheel, startLocalIndex, startPrivateIndex } from '../support/local-index.ts';
import { useResolvePlace, wheelNames } from '../support/resolve-place.ts';
import { writeWheel } from '../support/wheel-maker.ts';

const PYTHON = '3.7.16';
const FILES = [
  indexWheel({ name: 'app', version: '1.0', requires: ['lib>=1', 'old; python_version < "3"', 'pyspark>=3'] }),
  indexWheel({ name: 'lib', version: '1.0', metadata: { 'Requires-Python': '>=3.6' } }),
  indexWheel({ name: 'lib', version: '1.1' }),
  indexWheel({ name: 'other', version: '1.0' }),
];
const place = useResolvePlace(FILES);

function run(requirements: readonly string[], more?: Partial<ResolveOptions>): Promise<Resolution> {
  return place.run(PYTHON, requirements, more);
}

function lock(requirements: readonly string[], more?: Partial<ResolveOptions>): Promise<string> {
  return place.lock(PYTHON, requirements, more);
}

describe('a lock', () => {
  it('is the same however it is made, and holds every wheel with URL, digest and size', async () => {
    const first = readFileSync(await lock(['app', 'lib<1.1']), 'utf8');
    place.write('requirements.txt', 'Lib < 1.1', 'app');
    expect(readFileSync(await lock(['requirements.txt']), 'utf8')).toBe(first);
    const origin = new URL('/', place.index.url).href;
    expect(first.replaceAll(origin, 'http://index/').replaceAll(/[0-9a-f]{64}/g, 'DIGEST')).toMatchInlineSnapshot(`
      "# What "hdfs-venv lock" chose: exact wheels for one target (PEP 751). Run it again to renew; do not edit.
      lock-version = "1.0"
      environments = [ "python_full_version == '3.7.16' and sys_platform == 'linux' and platform_machine == 'x86_64'" ]
      created-by = "hdfs-venv"

      [[packages]]
      name = "app"
      version = "1.0"
      index = "http://index/simple/"

      [[packages.dependencies]]
      name = "lib"

      [[packages.wheels]]
      name = "app-1.0-py3-none-any.whl"
      url = "http://index/files/app-1.0-py3-none-any.whl"
      size = 724

      [packages.wheels.hashes]
      sha256 = "DIGEST"

      [[packages]]
      name = "lib"
      version = "1.0"
      requires-python = ">=3.6"
      index = "http://index/simple/"

      [[packages.wheels]]
      name = "lib-1.0-py3-none-any.whl"
      url = "http://index/files/lib-1.0-py3-none-any.whl"
      size = 685

      [packages.wheels.hashes]
      sha256 = "DIGEST"

      [tool.hdfs-venv]
      requirements = [ "app", "lib<1.1" ]
      constraints = []
      options = []
      own-code = []
      provided = [ "py4j", "pyspark" ]
      build = []
      own-asked = []
      packages = "DIGEST"

      [tool.hdfs-venv.target]
      name = "rhel7-py37"
      python = "3.7.16"
      abi = "cp37m"
      platform = "manylinux_2_17_x86_64"
      digest = "DIGEST"

      [[tool.hdfs-venv.met]]
      name = "pyspark"
      requirements = [ "pyspark>=3" ]
      "
    `);
  });

  it('decides without pip and without the network when all is in the cache', async () => {
    const path = await lock(['app', 'lib<1.1']);
    const python = join(place.path, 'no-python');
    const resolution = await run(['lib < 1.1', 'app'], { lock: { path, isRequired: true }, python });
    expect(wheelNames(resolution)).toStrictEqual(['app 1.0', 'lib 1.0']);
    expect(resolution).toMatchObject({ locked: path, provided: [{ name: 'pyspark', requirements: ['pyspark>=3'] }] });
    expect(place.index.requests).toStrictEqual([]);
    expect(place.notices()).toStrictEqual(['pylock.rhel7-py37.toml fits: 2 packages']);
  });

  it('gives the same manifest inputs as resolving does', async () => {
    place.write('requirements.txt', 'app', 'lib<1.1');
    const path = await lock(['requirements.txt']);
    const resolved = await run(['requirements.txt']);
    const locked = await run(['requirements.txt'], { lock: { path, isRequired: true } });
    expect(locked.inputs).toStrictEqual(resolved.inputs);
    expect(locked.wheels).toStrictEqual(resolved.wheels);
    expect(locked.packages).toStrictEqual(resolved.packages);
  });

  it('gets the files that it names and nothing else, and asks no index for anything', async () => {
    const path = await lock(['app', 'lib<1.1']);
    rmSync(join(place.cachePath, 'wheels'), { recursive: true });
    const locked = await run(['app', 'lib<1.1'], { lock: { path, isRequired: true } });
    expect(wheelNames(locked)).toStrictEqual(['app 1.0', 'lib 1.0']);
    expect(place.index.requests.toSorted()).toStrictEqual([
      '/files/app-1.0-py3-none-any.whl',
      '/files/lib-1.0-py3-none-any.whl',
    ]);
    expect(place.notices()).toContain('pylock.rhel7-py37.toml fits: 2 packages, 2 of them to get');
  });

  it('gets them although a directory of --find-links is gone meanwhile', async () => {
    mkdirSync(join(place.path, 'wheels'));
    place.write('r.txt', '--find-links wheels', 'lib');
    const path = await lock(['r.txt']);
    rmSync(join(place.path, 'wheels'), { recursive: true });
    rmSync(join(place.cachePath, 'wheels'), { recursive: true });
    expect(wheelNames(await run(['r.txt'], { lock: { path, isRequired: true } }))).toStrictEqual(['lib 1.1']);
  });

  it('gets a wheel again that the cache holds damaged', async () => {
    const path = await lock(['lib']);
    const [wheel = ''] = (await run(['lib'], { lock: { path, isRequired: true } })).wheels;
    writeFileSync(wheel, 'damaged');
    const again = await run(['lib'], { lock: { path, isRequired: true } });
    expect(again.wheels).toStrictEqual([wheel]);
    expect(readFileSync(wheel)).toStrictEqual(FILES[2]?.content);
  });

  it('refuses a file that somebody replaced on the index', async () => {
    const path = await lock(['other']);
    const digest = /sha256 = "([0-9a-f]{64})"/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
    rmSync(join(place.cachePath, 'wheels', digest), { recursive: true });
    const changed = await startLocalIndex([indexWheel({ name: 'other', version: '1.0', files: { 'other.py': 'x' } })]);
    try {
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replaceAll(
          place.index.url.replace('/simple/', ''),
          changed.url.replace('/simple/', ''),
        ),
      );
      await expect(run(['other'], { lock: { path, isRequired: true } })).rejects.toMatchObject({
        code: 'RESOLVE_HASH',
        exit: 'integrity',
        message: expect.stringContaining(digest),
      });
    } finally {
      await changed.close();
    }
  });

  it('names local wheels by a path that counts from the lock', async () => {
    const wheel = writeWheel(join(place.path, 'wheels'), { name: 'local', version: '1.0' });
    const path = await lock(['local'], { requirementFiles: [place.write('r.txt', '--find-links wheels')] });
    expect(readFileSync(path, 'utf8')).toContain('path = "wheels/local-1.0-py3-none-any.whl"');
    rmSync(join(place.cachePath, 'wheels'), { recursive: true });
    const use = { lock: { path, isRequired: true }, requirementFiles: ['r.txt'] };
    expect(wheelNames(await run(['local'], use))).toStrictEqual(['local 1.0']);
    rmSync(join(place.cachePath, 'wheels'), { recursive: true });
    writeFileSync(wheel, 'another one');
    await expect(run(['local'], use)).rejects.toMatchObject({ code: 'RESOLVE_HASH', exit: 'integrity' });
    rmSync(wheel);
    await expect(run(['local'], use)).rejects.toMatchObject({ code: 'RESOLVE_LOCK_FILE', exit: 'usage' });
  });

  it('takes the own code along, anew each time', async () => {
    place.write('job.py', 'x = 1');
    const path = await lock(['lib', 'job.py']);
    expect(readFileSync(path, 'utf8')).not.toContain('name = "job"');
    place.write('job.py', 'x = 2');
    const resolution = await run(['lib', 'job.py'], { lock: { path, isRequired: true } });
    expect(wheelNames(resolution)).toStrictEqual([expect.stringMatching(/^job /), 'lib 1.1']);
  });
});

describe('own code beside a lock', () => {
  it('is held against what is asked of it, and against the target', async () => {
    const own = (version: string, tag?: string): string =>
      basename(writeWheel(place.path, { name: 'own', version, ...(tag === undefined ? {} : { tag }) }));
    const user = basename(writeWheel(place.path, { name: 'user', version: '1.0', requires: ['own<2', 'lib'] }));
    const path = await lock([own('1.0'), user]);
    const use = { lock: { path, isRequired: true } };
    expect(wheelNames(await run([own('1.5'), user], use))).toStrictEqual(['lib 1.1', 'own 1.5', 'user 1.0']);
    await expect(run([own('3.0'), user], use)).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_STALE',
      message: expect.stringContaining('own-3.0-py3-none-any.whl is own 3.0, and own<2 is asked for'),
    });
    await expect(run([own('1.0', 'cp311-cp311-linux_x86_64'), user], use)).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_STALE',
      message: expect.stringContaining('the target does not load own-1.0-cp311-cp311-linux_x86_64.whl'),
    });
  });
});

describe('a requirements file that keeps a lock from being used by others', () => {
  it.each([
    [
      'a password of an index in a variable',
      (url: string) => [`--index-url ${url.replace('//', '//alice:${PASSWORD_OF_INDEX}@')}`, 'lib'],
    ],
    [
      'a password in an address',
      (url: string) => [
        `lib @ ${url.replace('//', '//alice:canary@').replace('/simple/', '/files/lib-1.1-py3-none-any.whl')}`,
      ],
    ],
  ])('%s is found there again, and nowhere else', async (_, linesOf) => {
    const guarded = await startPrivateIndex(FILES, 'canary');
    try {
      vi.stubEnv('PASSWORD_OF_INDEX', 'canary');
      place.write('r.txt', ...linesOf(guarded.url));
      const path = await lock(['r.txt']);
      expect(readFileSync(path, 'utf8')).not.toContain('canary');
      rmSync(join(place.cachePath, 'wheels'), { recursive: true });
      rmSync(join(place.cachePath, 'http'), { recursive: true, force: true });
      const locked = await run(['r.txt'], { lock: { path, isRequired: true } });
      expect(wheelNames(locked)).toStrictEqual(['lib 1.1']);
      // another password changes nothing about what is asked for
      place.write('r.txt', ...linesOf(guarded.url).map((line) => line.replace('canary', 'other')));
      vi.stubEnv('PASSWORD_OF_INDEX', 'other');
      expect(await run(['r.txt'], { lock: { path, isRequired: true } })).toMatchObject({ locked: path });
    } finally {
      await guarded.close();
    }
  });
});
