import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResolveEvent } from '../../src/resolve/events.ts';
import { type Resolution, type ResolveOptions, resolveWheels } from '../../src/resolve/resolve-wheels.ts';
import { parseTarget } from '../../src/target/target.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { type IndexFile, indexWheel, type LocalIndex, startLocalIndex } from '../support/local-index.ts';
import { freshResolveCache } from '../support/resolve-cache.ts';
import { writeWheel } from '../support/wheel-maker.ts';

const ANY = 'py2.py3-none-any';
const FILES: readonly IndexFile[] = [
  indexWheel({ name: 'typing_extensions', version: '4.0', tag: ANY }),
  indexWheel({ name: 'inotify', version: '1.0', tag: ANY }),
  indexWheel({
    name: 'importlib_metadata',
    version: '4.0',
    tag: ANY,
    requires: ['typing-extensions>=3; python_version<"3.8"', 'inotify; sys_platform == "linux2"'],
  }),
  indexWheel({ name: 'lib', version: '1.0', tag: ANY, requires: ['PySpark>=3', 'typing-extensions'] }),
  indexWheel({ name: 'lib', version: '2.0', tag: ANY, requires: ['pyspark[sql]>=4,<5', 'py4j'] }),
  indexWheel({ name: 'number_lib', version: '1.0', tag: ANY, requires: ['numpy>=1.16'] }),
  indexWheel({ name: 'number_lib', version: '2.0', tag: ANY, requires: ['numpy>=2'] }),
  indexWheel({
    name: 'extra_lib',
    version: '1.0',
    tag: ANY,
    requires: ['inotify; extra == "watch_it"', 'typing-extensions; extra == "Odd_One"'],
    metadata: { 'Provides-Extra': ['watch_it', 'Odd_One'] },
  }),
  indexWheel({ name: 'native', version: '1.0', tag: 'cp37-cp37m-manylinux1_x86_64' }),
  indexWheel({ name: 'native', version: '2.0', tag: 'cp37-cp37m-manylinux_2_28_x86_64' }),
  indexWheel({ name: 'modern', version: '3.0', tag: 'py3-none-any', metadata: { 'Requires-Python': '>=3.9' } }),
  indexWheel({ name: 'patched', version: '1.0', tag: 'py3-none-any', metadata: { 'Requires-Python': '>=3.7.1' } }),
  {
    ...indexWheel({ name: 'liar', version: '1.0', tag: ANY, requires: ['inotify'] }),
    metadata: 'Metadata-Version: 2.1\nName: liar\nVersion: 1.0\n',
  },
  indexWheel({ name: 'linked', version: '1.0', requires: ['sources @ http://127.0.0.1:9/sources-1.2.tar.gz'] }),
  { fileName: 'sources-1.2.tar.gz', content: Buffer.from('never opened') },
];

let index: LocalIndex;
let cache: Awaited<ReturnType<typeof freshResolveCache>>;
let work: ReturnType<typeof scratchDirectory>;
const events: ResolveEvent[] = [];

beforeAll(async () => {
  index = await startLocalIndex(FILES);
  cache = await freshResolveCache();
}, 300_000);
afterAll(async () => {
  cache?.remove();
  await index?.close();
});
beforeEach(() => {
  work = scratchDirectory('work');
  events.length = 0;
  index.requests.length = 0;
  // nothing of this machine's own settings: the index is named, all else is pip's default
  vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
  vi.stubEnv('PIP_FIND_LINKS', '');
  vi.stubEnv('PIP_EXTRA_INDEX_URL', '');
  vi.stubEnv('PIP_INDEX_URL', index.url);
  vi.stubEnv('PIP_RETRIES', '0');
});
afterEach(() => {
  vi.unstubAllEnvs();
  work.remove();
});

function run(
  requirements: readonly string[],
  python = '3.7.16',
  more: Partial<ResolveOptions> = {},
): Promise<Resolution> {
  return resolveWheels({
    requirements,
    target: parseTarget({ python, platform: ['rhel7'] }),
    cacheDirectory: cache.path,
    workingDirectory: work.path,
    onProgress: (event) => events.push(event),
    ...more,
  });
}

function names({ wheels }: Resolution): string[] {
  return wheels.map((path) => basename(path).split('-').slice(0, 2).join(' '));
}

function write(name: string, ...lines: string[]): string {
  mkdirSync(dirname(join(work.path, name)), { recursive: true });
  writeFileSync(join(work.path, name), `${lines.join('\n')}\n`);
  return name;
}

function sha256Of(fileName: string): string {
  const file = FILES.find((one) => one.fileName === fileName);
  return createHash('sha256')
    .update(file?.content ?? '')
    .digest('hex');
}

describe('markers', () => {
  it.each([
    ['3.7', ['importlib_metadata 4.0', 'typing_extensions 4.0']],
    ['3.8', ['importlib_metadata 4.0']],
    ['3.11', ['importlib_metadata 4.0']],
    ['2.7', ['importlib_metadata 4.0', 'inotify 1.0', 'typing_extensions 4.0']],
  ])('are the ones of Python %s', async (python, expected) => {
    expect(names(await run(['importlib-metadata'], python))).toStrictEqual(expected);
  });

  it('hold for requirements of the user, too', async () => {
    const resolution = await run(['inotify; sys_platform == "linux2"', 'typing-extensions; python_version < "3.8"']);
    expect(names(resolution)).toStrictEqual(['typing_extensions 4.0']);
  });

  // pip 24.0 by itself compares extras letter by letter, and leaves out what it does not recognise
  it.each(['2.7', '3.7', '3.9'])('follow extras, however they are spelled, on Python %s', async (python) => {
    const resolution = await run(['extra-lib[watch-it, odd.one]'], python);
    expect(names(resolution)).toStrictEqual(['extra_lib 1.0', 'inotify 1.0', 'typing_extensions 4.0']);
    expect(names(await run(['extra-lib[Watch_It]'], python))).toStrictEqual(['extra_lib 1.0', 'inotify 1.0']);
  });

  it('count the patch release', async () => {
    expect(names(await run(['patched'], '3.7'))).toStrictEqual(['patched 1.0']);
    await expect(run(['patched'], '3.7.0')).rejects.toMatchObject({ code: 'RESOLVE_REQUIRES_PYTHON' });
  });
});

// up to 3.7 is resolved by pip 24.0, 3.8 and later by the newest one
describe.each(['2.7', '3.9'])('provided packages, target %s', (python) => {
  it('are left out, wherever they are asked for', async () => {
    write('nested/base.txt', 'lib == 1.0', 'pyspark[sql] == 3.5.1', 'Py4J');
    const file = write(
      'requirements.txt',
      '-r nested/base.txt',
      'pyspark >= 3.3 ; python_version >= "2"',
      'pyspark; os_name == "nt"',
    );
    const resolution = await run([], python, { requirementFiles: [file] });
    expect(names(resolution)).toStrictEqual(['lib 1.0', 'typing_extensions 4.0']);
    expect(resolution.provided).toStrictEqual([
      { name: 'py4j', version: null, requirements: ['py4j'] },
      { name: 'pyspark', version: null, requirements: ['pyspark[sql]==3.5.1', 'pyspark>=3.3', 'PySpark>=3'] },
    ]);
    expect(index.requests.filter((path) => /pyspark|py4j/.test(path))).toStrictEqual([]);
    expect(events).toContainEqual({
      type: 'notice',
      text: expect.stringContaining('pyspark[sql]==3.5.1: pyspark is provided'),
    });
  });

  it('are left out in hash-checking mode', async () => {
    const file = write(
      'requirements.txt',
      'pyspark==3.5.1 --hash=sha256:' + '0'.repeat(64),
      'lib==1.0 \\',
      `    --hash=sha256:${sha256Of('lib-1.0-py2.py3-none-any.whl')}`,
      `typing-extensions==4.0 --hash=sha256:${'1'.repeat(64)} --hash=sha256:${sha256Of('typing_extensions-4.0-py2.py3-none-any.whl')}`,
    );
    const app = write('app.py', 'x = 1');
    const resolution = await run([app], python, { requirementFiles: [file] });
    expect(names(resolution)).toStrictEqual([expect.stringMatching(/^app 0\+c/), 'lib 1.0', 'typing_extensions 4.0']);
  });

  it('steer the choice when their version is known', async () => {
    const provided = ['numpy==1.19.5'];
    const resolution = await run(['number-lib'], python, { provided });
    expect(names(resolution)).toStrictEqual(['number_lib 1.0']);
    expect(resolution.provided).toStrictEqual([{ name: 'numpy', version: '1.19.5', requirements: ['numpy>=1.16'] }]);
    await expect(run(['number-lib==2.0'], python, { provided })).rejects.toMatchObject({
      code: 'RESOLVE_PROVIDED_VERSION',
      exit: 'resolve',
      message: expect.stringContaining('number-lib asks for numpy>=2, the cluster provides numpy 1.19.5'),
    });
  });

  it('do not replace code that is given as a path', async () => {
    const resolution = await run([write('risk.py', '')], python, { provided: ['risk==1.0'] });
    expect(names(resolution)).toStrictEqual([expect.stringMatching(/^risk 0\+c/)]);
  });
});

describe('the set', () => {
  it('comes from the index once', async () => {
    const fresh = await freshResolveCache();
    vi.stubEnv('PIP_INDEX_URL', index.url);
    const first = await run(['importlib-metadata'], '3.7', { cacheDirectory: fresh.path });
    expect(index.requests.filter((path) => path.startsWith('/files/'))).toHaveLength(2);
    expect(events.map(({ type }) => type)).toStrictEqual(['downloading', 'downloading']);
    index.requests.length = 0;
    events.length = 0;
    const second = await run(['importlib-metadata'], '3.7', { cacheDirectory: fresh.path });
    expect(index.requests.filter((path) => path.startsWith('/files/'))).toStrictEqual([]);
    expect(events.map(({ type }) => type)).toStrictEqual(['cached', 'cached']);
    expect(second).toStrictEqual(first);
    for (const path of first.wheels) {
      expect(path).toBe(join(fresh.path, 'wheels', sha256Of(basename(path)), basename(path)));
      expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(sha256Of(basename(path)));
    }
    fresh.remove();
  });

  it('mends a wheel that was damaged in the cache', async () => {
    const fresh = await freshResolveCache();
    const [path = ''] = (await run(['inotify'], '3.7', { cacheDirectory: fresh.path })).wheels;
    writeFileSync(path, 'damaged');
    expect((await run(['inotify'], '3.7', { cacheDirectory: fresh.path })).wheels).toStrictEqual([path]);
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(basename(dirname(path)));
    fresh.remove();
  });

  it('is not mixed with the one of a run at the same time', async () => {
    const [one, other] = await Promise.all([run(['lib==1.0']), run(['native', 'inotify'])]);
    expect(names(one)).toStrictEqual(['lib 1.0', 'typing_extensions 4.0']);
    expect(names(other)).toStrictEqual(['inotify 1.0', 'native 1.0']);
  });

  it('obeys requirements files to the letter', async () => {
    mkdirSync(join(work.path, 'wheels'));
    for (const { fileName, content } of FILES) writeFileSync(join(work.path, 'wheels', fileName), content);
    write('constraints.txt', 'lib < 2  # comment');
    const file = write(
      'requirements.txt',
      '--no-index',
      '--find-links ./wheels',
      '-c constraints.txt',
      'lib>=1, \\',
      '  !=3',
    );
    expect(names(await run([file]))).toStrictEqual(['lib 1.0', 'typing_extensions 4.0']);
    expect(index.requests).toStrictEqual([]);
  });

  it('is not steered by settings of pip that are for this machine', async () => {
    const config = join(work.path, 'pip.conf');
    writeFileSync(config, '[global]\nno-deps = true\nno-binary = :all:\n[download]\npre = true\n');
    vi.stubEnv('PIP_CONFIG_FILE', config);
    vi.stubEnv('PIP_PLATFORM', 'win_amd64');
    vi.stubEnv('PIP_ABI', 'cp310');
    vi.stubEnv('PIP_CONSTRAINT', join(work.path, 'nothing.txt'));
    vi.stubEnv('PIP_TARGET', join(work.path, 'elsewhere'));
    vi.stubEnv('PIP_REQUIRE_VIRTUALENV', '1');
    expect(names(await run(['lib==1.0', 'native']))).toStrictEqual(['lib 1.0', 'native 1.0', 'typing_extensions 4.0']);
    expect(events.filter(({ type }) => type === 'notice').map(({ text }) => text.split(' ')[2])).toStrictEqual([
      'abi',
      'constraint',
      'platform',
      'no-binary',
      'pre',
    ]);
  });

  it('has inputs whose digest does not depend on order, spelling or files', async () => {
    const app = write('app.py', 'x = 1');
    const direct = await run(['Lib==1.0', 'typing.extensions>=3,<5', app, 'pyspark']);
    const file = write('requirements.txt', 'pyspark', 'typing-extensions<5,>=3', 'lib == 1.0');
    write('elsewhere/app.py', 'x = 1');
    const other = await run(['elsewhere/app.py', file]);
    expect(other.inputs.digest).toBe(direct.inputs.digest);
    expect(direct.inputs.requirements).toStrictEqual(['Lib==1.0', 'typing.extensions>=3,<5', 'pyspark', 'app.py']);
    expect(other.inputs.requirements).toStrictEqual([
      'elsewhere/app.py',
      'pyspark',
      'typing-extensions<5,>=3',
      'lib==1.0',
    ]);
    for (const changed of [
      await run(['Lib==1.0', 'typing.extensions>=3,<5', write('app.py', 'x = 2'), 'pyspark']),
      await run(['elsewhere/app.py', file], '3.8'),
      await run(['elsewhere/app.py', file], '3.7.16', { provided: ['pyspark==3.5.1', 'py4j'] }),
    ]) {
      expect(changed.inputs.digest).not.toBe(direct.inputs.digest);
    }
  });
});

describe('own code', () => {
  it.each([
    ['an argument', ['lib==1.0', './Lib.py'], /"\.\/Lib\.py" along as the package lib: lib==1\.0 is asked for, too/],
    [
      'a requirements file',
      ['requirements.txt', './Lib.py'],
      /lib \(-r requirements\.txt \(line 1\)\) is asked for, too/,
    ],
    ['another package', ['lib==1.0', './typing_extensions'], /typing-extensions: lib 1\.0 asks for typing-extensions/],
    ['what the cluster provides', ['pyspark', './pyspark.py'], /pyspark is asked for, too/],
    ['other own code', ['./Lib.py', 'elsewhere/lib.py'], /"elsewhere\/lib\.py" is asked for, too/],
  ])('never takes the place of %s', async (_, requirements, message) => {
    for (const file of ['Lib.py', 'elsewhere/lib.py', 'typing_extensions/__init__.py', 'pyspark.py']) write(file, '');
    write('requirements.txt', 'lib');
    await expect(run(requirements, '3.7.16')).rejects.toMatchObject({
      code: 'RESOLVE_OWN_NAME',
      exit: 'usage',
      message: expect.stringMatching(message),
    });
  });

  it('may be asked for by other own code', async () => {
    write('core.py', '');
    writeWheel(work.path, { name: 'app', version: '1.0', requires: ['core'] });
    expect(names(await run(['./core.py', './app-1.0-py3-none-any.whl']))).toHaveLength(2);
  });
});

describe('failures', () => {
  it('names every package that nothing fits, with a way out', async () => {
    const wanted = ['nowhere', 'sources>=1', 'native==2.0', 'modern', 'inotify==9', 'lib==1.0'];
    const error: unknown = await run(wanted).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'RESOLVE_BLOCKED',
      exit: 'resolve',
      message: [
        'Cannot get 5 packages for Python 3.7.16: ',
        `no package nowhere on ${index.url}; `,
        'sources>=1 comes as source only, without any wheel; ',
        'native==2.0 has no wheel for Python 3.7.16 (cp37m) on rhel7, only for cp37 on manylinux_2_28_x86_64; the newest version with one is 1.0; ',
        'modern wants Python >=3.9, the target is 3.7.16; ',
        'no version of inotify meets inotify==9; the newest version for Python 3.7.16 (cp37m) on rhel7 is 1.0',
      ].join(''),
    });
  });

  it('tells a conflict', async () => {
    await expect(run(['lib==2.0', 'lib<2'])).rejects.toMatchObject({
      exit: 'resolve',
      message: expect.stringContaining('lib<2'),
    });
  });

  it('tells that the index does not answer, without its password', async () => {
    vi.stubEnv('PIP_INDEX_URL', 'http://user:canary@127.0.0.1:9/simple');
    const error: unknown = await run(['lib']).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'RESOLVE_INDEX_UNREACHABLE', exit: 'network' });
    expect(JSON.stringify([error, String(error), events])).not.toContain('canary');
  });

  it('proves by the wheels themselves that nothing is missing, whatever the index says of them', async () => {
    await expect(run(['liar'], '2.7')).rejects.toMatchObject({
      code: 'RESOLVE_CLOSURE',
      exit: 'resolve',
      message: 'Cannot complete the environment for Python 2.7.18: nothing meets liar 1.0 → inotify',
    });
    expect(names(await run(['liar', 'inotify'], '2.7'))).toStrictEqual(['inotify 1.0', 'liar 1.0']);
  });

  it('tells that a hash does not agree', async () => {
    const file = write('requirements.txt', `inotify==1.0 --hash=sha256:${'0'.repeat(64)}`);
    await expect(run([file])).rejects.toMatchObject({ code: 'RESOLVE_HASH', exit: 'integrity' });
  });

  it.each([
    ['-e ./project', /project \(-r requirements.txt \(line 1\)\)/],
    ['./project', /project/],
    ['./sources-1.2.tar.gz', /sources-1\.2\.tar\.gz/],
    ['risk @ git+https://u:canary@example.invalid/risk.git', /risk @ git\+https:\/\/\*\*\*@example\.invalid/],
  ])('builds nothing that a requirements file names: %s', async (line, message) => {
    write('project/setup.py', 'raise SystemExit("ran")');
    write('sources-1.2.tar.gz', '');
    const error: unknown = await run([write('requirements.txt', line)]).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'RESOLVE_NOT_A_WHEEL',
      exit: 'resolve',
      message: expect.stringMatching(message),
    });
    expect(String(error)).not.toContain('canary');
  });

  it('lists all sources that requirements files name', async () => {
    write('project/setup.py', '');
    const file = write('requirements.txt', '-e ./project', 'inotify', 'risk @ git+https://example.invalid/risk.git');
    await expect(run([file])).rejects.toMatchObject({
      code: 'RESOLVE_NOT_A_WHEEL',
      message: expect.stringMatching(/project \(.*line 1.*, risk @ .*line 3/),
    });
  });

  it.each([
    ['a requirements file asks for it', ['--no-binary sources', 'sources'], /sources @ .*sources-1\.2\.tar\.gz/],
    ['a wheel asks for it by address', ['linked'], /sources-1\.2\.tar\.gz \(linked\)/],
  ])('builds nothing when %s', async (_, lines, message) => {
    await expect(run([write('requirements.txt', ...lines)])).rejects.toMatchObject({
      code: 'RESOLVE_NOT_A_WHEEL',
      exit: 'resolve',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['missing.txt', 'RESOLVE_PATH_MISSING'],
    ['-r inner.txt', 'RESOLVE_REQUIREMENTS_FILE'],
    ['a b c', 'RESOLVE_REQUIREMENT'],
  ])('tells what is wrong with the requirements: %s', async (line, code) => {
    const given = line.endsWith('missing.txt') ? line : write('requirements.txt', line);
    await expect(run([given])).rejects.toMatchObject({ code, exit: 'usage' });
  });

  it('refuses to make nothing of an empty requirements file', async () => {
    await expect(run([write('requirements.txt', '# nothing')])).rejects.toMatchObject({
      code: 'RESOLVE_NOTHING',
      message: 'Cannot make an environment without packages: the requirements files name none',
    });
  });

  it.each([[[]], [['pyspark>=3', 'inotify; python_version > "3.8"']]])(
    'refuses to make nothing of %j',
    async (requirements) => {
      await expect(run(requirements)).rejects.toMatchObject({ code: 'RESOLVE_NOTHING', exit: 'usage' });
    },
  );

  it.each([
    ['/proc/cache', 'RESOLVE_PERMISSION', 'permission'],
    ['file/cache', 'RESOLVE_PATH', 'conflict'],
  ])('tells what is wrong with the cache %s', async (cacheDirectory, code, exit) => {
    write('file', '');
    const error: unknown = await run(['lib'], '3.7', { cacheDirectory: resolve(work.path, cacheDirectory) }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code, exit, hints: [expect.stringContaining('HDFS_VENV_CACHE')] });
  });

  it('tells of own code that cannot be read', async () => {
    // root may read everything else
    symlinkSync('/proc/self/mem', join(work.path, 'risk.py'));
    await expect(run(['risk.py'])).rejects.toMatchObject({
      code: 'RESOLVE_OWN_FILE',
      exit: 'permission',
      message: expect.stringContaining('"risk.py"'),
    });
  });

  it.each([
    ['./bad-1.0-py3-none-any.whl', 'junk', 'integrity', /^Cannot use "\.\/bad-1\.0-py3-none-any\.whl": its 4 bytes/],
    ['./bad-1.0-py3-none-any.whl', '', 'integrity', /^Cannot use "\.\/bad-1\.0-py3-none-any\.whl": /],
    ['./bad.whl', 'junk', 'usage', /^Cannot use "\.\/bad\.whl": a wheel is called NAME-VERSION/],
  ])('tells that %s is no wheel: %j', async (given, content, exit, message) => {
    writeFileSync(join(work.path, given), content);
    await expect(run([given])).rejects.toMatchObject({ exit, message: expect.stringMatching(message) });
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const running = run(['lib'], '3.7', { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'RESOLVE_INTERRUPTED', exit: 'interrupted' });
  });
});
