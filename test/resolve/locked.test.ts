import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readInputs } from '../../src/resolve/inputs.ts';
import { NO_INDEX_OPTIONS } from '../../src/resolve/pip/index-options.ts';
import { pylockName } from '../../src/resolve/lock/lock-name.ts';
import { renderPylock } from '../../src/resolve/lock/write-pylock.ts';
import { type Resolution, type ResolveOptions } from '../../src/resolve/resolve-wheels.ts';
import { parseTarget } from '../../src/target/target.ts';
import { indexWheel, type LocalIndex, startLocalIndex } from '../support/local-index.ts';
import { useResolvePlace, wheelNames } from '../support/resolve-place.ts';
import { writeWheel } from '../support/wheel-maker.ts';

const FILES = [
  indexWheel({ name: 'app', version: '1.0', requires: ['lib>=1', 'old; python_version < "3"', 'pyspark>=3'] }),
  indexWheel({ name: 'lib', version: '1.0', metadata: { 'Requires-Python': '>=3.6' } }),
  indexWheel({ name: 'lib', version: '1.1' }),
  indexWheel({ name: 'other', version: '1.0' }),
];
const TARGET = parseTarget({ python: '3.7.16', platform: ['rhel7'] });

const place = useResolvePlace(FILES);

function run(requirements: readonly string[], more: Partial<ResolveOptions> = {}): Promise<Resolution> {
  return place.run('3.7.16', requirements, more);
}

/** Locks into `pylock.rhel7-py37.toml` of the working directory and returns its path. */
async function lock(requirements: readonly string[], more: Partial<ResolveOptions> = {}): Promise<string> {
  const { packages, tool } = await run(requirements, more);
  const path = join(place.path, pylockName(TARGET));
  writeFileSync(path, renderPylock({ target: TARGET, packages, tool }, place.path));
  place.index.requests.length = 0;
  return path;
}

const notices = (): string[] => place.events.filter(({ type }) => type === 'notice').map(({ text }) => text);

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
    expect(resolution).toMatchObject({ isLocked: true, provided: [{ name: 'pyspark', requirements: ['pyspark>=3'] }] });
    expect(place.index.requests).toStrictEqual([]);
    expect(notices()).toStrictEqual(['pylock.rhel7-py37.toml fits: 2 packages']);
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
    expect(notices()).toContain('pylock.rhel7-py37.toml fits: 2 packages, 2 of them to get');
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
  /** Answers those who are alice. */
  async function privateIndex(): Promise<LocalIndex> {
    const wanted = `Basic ${Buffer.from('alice:canary').toString('base64')}`;
    return startLocalIndex(FILES, {
      intercept: (request, response) => {
        if (request.headers.authorization === wanted) return false;
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        return true;
      },
    });
  }

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
    const guarded = await privateIndex();
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
      expect(await run(['r.txt'], { lock: { path, isRequired: true } })).toMatchObject({ isLocked: true });
    } finally {
      await guarded.close();
    }
  });
});

describe('a lock that does not fit', () => {
  it.each([
    ['a requirement', ['lib', 'other'], {}, 'the requirements: + other'],
    ['a version', ['lib<1.1'], {}, 'the requirements: + lib<1.1 - lib'],
    [
      'what is provided',
      ['lib'],
      { provided: ['numpy==1.19'] },
      'what the cluster provides: + numpy==1.19 - py4j - pyspark',
    ],
    ['what may be built', ['lib'], { build: ['Other_One'] }, 'what may be built: + other-one'],
    [
      'the Python',
      ['lib'],
      { target: parseTarget({ python: '3.7.17', platform: ['rhel7'] }) },
      'the target: Python 3.7.16, cp37m, manylinux_2_17_x86_64 became Python 3.7.17, cp37m, manylinux_2_17_x86_64',
    ],
    [
      'the platform',
      ['lib'],
      { target: parseTarget({ python: '3.7.16', platform: ['rhel8'] }) },
      'the target: Python 3.7.16, cp37m, manylinux_2_17_x86_64 became Python 3.7.16, cp37m, manylinux_2_28_x86_64',
    ],
  ] as const)('because of %s is said to be stale, and all is resolved anew', async (_, requirements, more, reason) => {
    const path = await lock(['lib']);
    const resolution = await run(requirements, { ...more, lock: { path, isRequired: false } });
    expect(resolution.isLocked).toBe(false);
    expect(notices()[0]).toBe(
      `pylock.rhel7-py37.toml is stale and not used: ${reason}; renew it with \`hdfs-venv lock\``,
    );
    await expect(run(requirements, { ...more, lock: { path, isRequired: true } })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_STALE',
      exit: 'resolve',
      message: expect.stringContaining(reason),
    });
  });

  it('because a constraint, an index or what the own code requires has changed', async () => {
    place.write('limits.txt', 'lib<1.1');
    place.write('r.txt', '-c limits.txt', 'lib');
    const wheel = basename(writeWheel(place.path, { name: 'own', version: '1.0', requires: ['lib'] }));
    const path = await lock(['r.txt', wheel]);
    place.write('limits.txt', 'lib<1.2', '--extra-index-url http://user:secret@127.0.0.1:9/simple');
    writeWheel(place.path, { name: 'own', version: '1.0', requires: ['lib', 'other'] });
    await expect(run(['r.txt', wheel], { lock: { path, isRequired: true } })).rejects.toMatchObject({
      message:
        'Cannot use the lock pylock.rhel7-py37.toml: the constraints: + lib<1.2 - lib<1.1; ' +
        'where packages come from: + --extra-index-url http://***@127.0.0.1:9/simple; ' +
        'what your own code requires: + own requires lib, other - own requires lib',
    });
  });

  it('because a wheel that a requirement names has other content', async () => {
    const wheel = basename(writeWheel(place.path, { name: 'own', version: '1.0' }));
    place.write('r.txt', `./${wheel}`);
    const path = await lock(['r.txt']);
    writeWheel(place.path, { name: 'own', version: '1.0', files: { 'own.py': '' } });
    await expect(run(['r.txt'], { lock: { path, isRequired: true } })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_STALE',
      message: expect.stringMatching(/the requirements: \+ own-1\.0.*sha256:/),
    });
  });

  it('because a source that a requirement names has other content', async () => {
    place.write('r.txt', './app-1.0.tar.gz');
    const read = async (content: string): Promise<string[]> => {
      place.write('app-1.0.tar.gz', content);
      const options = { requirements: [], requirementFiles: ['r.txt'], index: NO_INDEX_OPTIONS, target: TARGET };
      const { lines } = await readInputs({ ...options, workingDirectory: place.path, onEvent: () => {} });
      return lines.map(({ text }) => text);
    };
    expect(await read('one')).not.toStrictEqual(await read('other'));
    expect(await read('one')).toStrictEqual(await read('one'));
  });

  it('because another file than a requirements file has changed', async () => {
    place.write('pyproject.toml', '[project]\nname = "risk"\nversion = "1"\ndependencies = ["lib"]');
    const path = await lock(['pyproject.toml']);
    expect(await run(['pyproject.toml'], { lock: { path, isRequired: true } })).toMatchObject({ isLocked: true });
    place.write('pyproject.toml', '[project]\nname = "risk"\nversion = "1"\ndependencies = ["lib", "other"]');
    await expect(run(['pyproject.toml'], { lock: { path, isRequired: true } })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_STALE',
      message: expect.stringMatching(/the requirements: \+ other;?$/),
    });
  });

  it('because a variable of a requirements file has another value', async () => {
    place.write('r.txt', 'lib==${VERSION_OF_LIB}', '-r ${FOLDER}/more.txt');
    place.write('one/more.txt', 'other');
    vi.stubEnv('VERSION_OF_LIB', '1.0');
    vi.stubEnv('FOLDER', 'one');
    const path = await lock(['r.txt']);
    vi.stubEnv('VERSION_OF_LIB', '1.1');
    place.write('one/more.txt', 'app');
    await expect(run(['r.txt'], { lock: { path, isRequired: true } })).rejects.toMatchObject({
      message: expect.stringContaining('the requirements: + app + lib==1.1 - lib==1.0 - other'),
    });
  });

  it('because the indexes of a requirements file come in another order', async () => {
    const [one, two] = [`--index-url ${place.index.url}`, '--index-url http://127.0.0.1:9/simple'];
    place.write('r.txt', two, one, 'lib');
    const path = await lock(['r.txt']);
    place.write('r.txt', one, two, 'lib');
    await expect(run(['r.txt'], { lock: { path, isRequired: true } })).rejects.toMatchObject({
      message: expect.stringContaining('where packages come from: in another order'),
    });
  });

  it('does, when only the place of a local wheel is another one', async () => {
    writeWheel(join(place.path, 'a'), { name: 'own', version: '1.0' });
    writeWheel(join(place.path, 'b'), { name: 'own', version: '1.0' });
    place.write('r.txt', './a/own-1.0-py3-none-any.whl');
    const path = await lock(['r.txt']);
    place.write('r.txt', join(place.path, 'b/own-1.0-py3-none-any.whl'));
    expect(await run(['r.txt'], { lock: { path, isRequired: true } })).toMatchObject({ isLocked: true });
  });

  it('because it cannot be read at all', async () => {
    const path = join(place.path, 'pylock.toml');
    mkdirSync(path);
    await expect(run(['lib'], { lock: { path, isRequired: true } })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_READ',
      message: expect.stringContaining(`Cannot read the lock ${path}`),
    });
  });

  it('because somebody edited its packages', async () => {
    const path = await lock(['app']);
    const [head = '', , rest = ''] = readFileSync(path, 'utf8').split(/(?=\[\[packages\]\]\nname = )/);
    writeFileSync(path, head + rest);
    await expect(run(['app'], { lock: { path, isRequired: true } })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_STALE',
      message: expect.stringContaining('its packages were edited'),
    });
  });

  it('because another tool made it is not used, and one that is missing is only an error when it is required', async () => {
    const path = join(place.path, 'pylock.toml');
    await run(['lib'], { lock: { path, isRequired: false } });
    expect(notices()).toStrictEqual([]);
    await expect(run(['lib'], { lock: { path, isRequired: true } })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_MISSING',
      exit: 'usage',
    });
    writeFileSync(path, 'lock-version = "1.0"\ncreated-by = "pip"\npackages = []\n');
    await run(['lib'], { lock: { path, isRequired: false } });
    expect(notices()).toStrictEqual([
      'pylock.toml is not used: it was not made by hdfs-venv lock; give it as an argument to build what it says',
    ]);
    writeFileSync(path, 'not a lock');
    await expect(run(['lib'], { lock: { path, isRequired: false } })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_FORMAT',
      exit: 'usage',
    });
  });
});
