import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Resolution, ResolveOptions } from '../../src/resolve/resolve-wheels.ts';
import { type IndexFile, indexWheel } from '../support/local-index.ts';
import { freshResolveCache } from '../support/resolve-cache.ts';
import { useResolvePlace, wheelNames } from '../support/resolve-place.ts';
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
  indexWheel({ name: 'patched', version: '1.0', tag: 'py3-none-any', metadata: { 'Requires-Python': '>=3.7.1' } }),
];
const place = useResolvePlace(FILES);

function run(requirements: readonly string[], python = '3.7.16', more?: Partial<ResolveOptions>): Promise<Resolution> {
  return place.run(python, requirements, more);
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
    expect(wheelNames(await run(['importlib-metadata'], python))).toStrictEqual(expected);
  });

  it('hold for requirements of the user, too', async () => {
    const resolution = await run(['inotify; sys_platform == "linux2"', 'typing-extensions; python_version < "3.8"']);
    expect(wheelNames(resolution)).toStrictEqual(['typing_extensions 4.0']);
  });

  // pip 24.0 by itself compares extras letter by letter, and leaves out what it does not recognise
  it.each(['2.7', '3.7', '3.9'])('follow extras, however they are spelled, on Python %s', async (python) => {
    const resolution = await run(['extra-lib[watch-it, odd.one]'], python);
    expect(wheelNames(resolution)).toStrictEqual(['extra_lib 1.0', 'inotify 1.0', 'typing_extensions 4.0']);
    expect(wheelNames(await run(['extra-lib[Watch_It]'], python))).toStrictEqual(['extra_lib 1.0', 'inotify 1.0']);
  });

  it('count the patch release', async () => {
    expect(wheelNames(await run(['patched'], '3.7'))).toStrictEqual(['patched 1.0']);
    await expect(run(['patched'], '3.7.0')).rejects.toMatchObject({ code: 'RESOLVE_REQUIRES_PYTHON' });
  });
});

// up to 3.7 is resolved by pip 24.0, 3.8 and later by the newest one
describe.each(['2.7', '3.9'])('provided packages, target %s', (python) => {
  it('are left out, wherever they are asked for', async () => {
    place.write('nested/base.txt', 'lib == 1.0', 'pyspark[sql] == 3.5.1', 'Py4J');
    const file = place.write(
      'requirements.txt',
      '-r nested/base.txt',
      'pyspark >= 3.3 ; python_version >= "2"',
      'pyspark; os_name == "nt"',
    );
    const resolution = await run([], python, { requirementFiles: [file] });
    expect(wheelNames(resolution)).toStrictEqual(['lib 1.0', 'typing_extensions 4.0']);
    expect(resolution.provided).toStrictEqual([
      { name: 'py4j', version: null, requirements: ['py4j'] },
      { name: 'pyspark', version: null, requirements: ['pyspark[sql]==3.5.1', 'pyspark>=3.3', 'PySpark>=3'] },
    ]);
    expect(place.index.requests.filter((path) => /pyspark|py4j/.test(path))).toStrictEqual([]);
    expect(place.events).toContainEqual({
      type: 'notice',
      text: expect.stringContaining('pyspark[sql]==3.5.1: pyspark is provided'),
    });
  });

  it('are left out in hash-checking mode', async () => {
    const file = place.write(
      'requirements.txt',
      'pyspark==3.5.1 --hash=sha256:' + '0'.repeat(64),
      'lib==1.0 \\',
      `    --hash=sha256:${sha256Of('lib-1.0-py2.py3-none-any.whl')}`,
      `typing-extensions==4.0 --hash=sha256:${'1'.repeat(64)} --hash=sha256:${sha256Of('typing_extensions-4.0-py2.py3-none-any.whl')}`,
    );
    const app = place.write('app.py', 'x = 1');
    const resolution = await run([app], python, { requirementFiles: [file] });
    expect(wheelNames(resolution)).toStrictEqual([
      expect.stringMatching(/^app 0\+c/),
      'lib 1.0',
      'typing_extensions 4.0',
    ]);
  });

  it('steer the choice when their version is known', async () => {
    const provided = ['numpy==1.19.5'];
    const resolution = await run(['number-lib'], python, { provided });
    expect(wheelNames(resolution)).toStrictEqual(['number_lib 1.0']);
    expect(resolution.provided).toStrictEqual([{ name: 'numpy', version: '1.19.5', requirements: ['numpy>=1.16'] }]);
    await expect(run(['number-lib==2.0'], python, { provided })).rejects.toMatchObject({
      code: 'RESOLVE_PROVIDED_VERSION',
      exit: 'resolve',
      message: expect.stringContaining('number-lib asks for numpy>=2, the cluster provides numpy 1.19.5'),
    });
  });

  it('do not replace code that is given as a path', async () => {
    const resolution = await run([place.write('risk.py', '')], python, { provided: ['risk==1.0'] });
    expect(wheelNames(resolution)).toStrictEqual([expect.stringMatching(/^risk 0\+c/)]);
  });
});

describe('the set', () => {
  it('comes from the index once', async () => {
    const fresh = await freshResolveCache();
    const first = await run(['importlib-metadata'], '3.7', { cacheDirectory: fresh.path });
    expect(place.index.requests.filter((path) => path.startsWith('/files/'))).toHaveLength(2);
    expect(place.events.map(({ type }) => type)).toStrictEqual(['downloading', 'downloading']);
    place.index.requests.length = 0;
    const second = await run(['importlib-metadata'], '3.7', { cacheDirectory: fresh.path });
    expect(place.index.requests.filter((path) => path.startsWith('/files/'))).toStrictEqual([]);
    expect(place.events.map(({ type }) => type)).toStrictEqual(['cached', 'cached']);
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
    expect(wheelNames(one)).toStrictEqual(['lib 1.0', 'typing_extensions 4.0']);
    expect(wheelNames(other)).toStrictEqual(['inotify 1.0', 'native 1.0']);
  });

  it('obeys requirements files to the letter', async () => {
    mkdirSync(join(place.path, 'wheels'));
    for (const { fileName, content } of FILES) writeFileSync(join(place.path, 'wheels', fileName), content);
    place.write('constraints.txt', 'lib < 2  # comment');
    const lines = ['--no-index', '--find-links ./wheels', '-c constraints.txt', 'lib>=1, \\', '  !=3'];
    expect(wheelNames(await run([place.write('requirements.txt', ...lines)]))).toStrictEqual([
      'lib 1.0',
      'typing_extensions 4.0',
    ]);
    expect(place.index.requests).toStrictEqual([]);
  });

  it('is not steered by settings of pip that are for this machine', async () => {
    const lines = ['[global]', 'no-deps = true', 'no-binary = :all:', '[download]', 'pre = true'];
    vi.stubEnv('PIP_CONFIG_FILE', join(place.path, place.write('pip.conf', ...lines)));
    vi.stubEnv('PIP_PLATFORM', 'win_amd64');
    vi.stubEnv('PIP_ABI', 'cp310');
    vi.stubEnv('PIP_CONSTRAINT', join(place.path, 'nothing.txt'));
    vi.stubEnv('PIP_TARGET', join(place.path, 'elsewhere'));
    vi.stubEnv('PIP_REQUIRE_VIRTUALENV', '1');
    expect(wheelNames(await run(['lib==1.0', 'native']))).toStrictEqual([
      'lib 1.0',
      'native 1.0',
      'typing_extensions 4.0',
    ]);
    expect(place.notices().map((text) => text.split(' ')[2])).toStrictEqual([
      'abi',
      'constraint',
      'platform',
      'no-binary',
      'pre',
    ]);
  });

  it('has inputs whose digest does not depend on order, spelling or files', async () => {
    const app = place.write('app.py', 'x = 1');
    const direct = await run(['Lib==1.0', 'typing.extensions>=3,<5', app, 'pyspark']);
    const file = place.write('requirements.txt', 'pyspark', 'typing-extensions<5,>=3', 'lib == 1.0');
    place.write('elsewhere/app.py', 'x = 1');
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
      await run(['Lib==1.0', 'typing.extensions>=3,<5', place.write('app.py', 'x = 2'), 'pyspark']),
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
    for (const file of ['Lib.py', 'elsewhere/lib.py', 'typing_extensions/__init__.py', 'pyspark.py'])
      place.write(file, '');
    place.write('requirements.txt', 'lib');
    await expect(run(requirements, '3.7.16')).rejects.toMatchObject({
      code: 'RESOLVE_OWN_NAME',
      exit: 'usage',
      message: expect.stringMatching(message),
    });
  });

  it('may be asked for by other own code', async () => {
    place.write('core.py', '');
    writeWheel(place.path, { name: 'app', version: '1.0', requires: ['core'] });
    expect(wheelNames(await run(['./core.py', './app-1.0-py3-none-any.whl']))).toHaveLength(2);
  });
});
