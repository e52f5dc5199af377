import { symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Resolution, ResolveOptions } from '../../src/resolve/resolve-wheels.ts';
import { indexWheel } from '../support/local-index.ts';
import { useResolvePlace, wheelNames } from '../support/resolve-place.ts';

const PYTHON = '3.7.16';
const ANY = 'py2.py3-none-any';
const place = useResolvePlace([
  indexWheel({ name: 'typing_extensions', version: '4.0', tag: ANY }),
  indexWheel({ name: 'inotify', version: '1.0', tag: ANY }),
  indexWheel({ name: 'lib', version: '1.0', tag: ANY, requires: ['PySpark>=3', 'typing-extensions'] }),
  indexWheel({ name: 'lib', version: '2.0', tag: ANY, requires: ['pyspark[sql]>=4,<5', 'py4j'] }),
  indexWheel({ name: 'native', version: '1.0', tag: 'cp37-cp37m-manylinux1_x86_64' }),
  indexWheel({ name: 'native', version: '2.0', tag: 'cp37-cp37m-manylinux_2_28_x86_64' }),
  indexWheel({ name: 'modern', version: '3.0', tag: 'py3-none-any', metadata: { 'Requires-Python': '>=3.9' } }),
  {
    ...indexWheel({ name: 'liar', version: '1.0', tag: ANY, requires: ['inotify'] }),
    metadata: 'Metadata-Version: 2.1\nName: liar\nVersion: 1.0\n',
  },
  indexWheel({ name: 'linked', version: '1.0', requires: ['sources @ http://127.0.0.1:9/sources-1.2.tar.gz'] }),
  { fileName: 'sources-1.2.tar.gz', content: Buffer.from('never opened') },
]);

function run(requirements: readonly string[], more?: Partial<ResolveOptions>): Promise<Resolution> {
  return place.run(PYTHON, requirements, more);
}

describe('failures', () => {
  it('names every package that nothing fits, with a way out', async () => {
    const wanted = ['nowhere', 'sources>=1', 'native==2.0', 'modern', 'inotify==9', 'lib==1.0'];
    expect(await place.fail(PYTHON, wanted)).toMatchObject({
      code: 'RESOLVE_BLOCKED',
      exit: 'resolve',
      message: [
        'Cannot get 5 packages for Python 3.7.16: ',
        `no package nowhere on ${place.index.url}; `,
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
    const error = await place.fail(PYTHON, ['lib']);
    expect(error).toMatchObject({ code: 'RESOLVE_INDEX_UNREACHABLE', exit: 'network' });
    expect(JSON.stringify([error, String(error), place.events])).not.toContain('canary');
  });

  it('proves by the wheels themselves that nothing is missing, whatever the index says of them', async () => {
    expect(await place.fail('2.7', ['liar'])).toMatchObject({
      code: 'RESOLVE_CLOSURE',
      exit: 'resolve',
      message: 'Cannot complete the environment for Python 2.7.18: nothing meets liar 1.0 → inotify',
    });
    expect(wheelNames(await place.run('2.7', ['liar', 'inotify']))).toStrictEqual(['inotify 1.0', 'liar 1.0']);
  });

  it('tells that a hash does not agree', async () => {
    const file = place.write('requirements.txt', `inotify==1.0 --hash=sha256:${'0'.repeat(64)}`);
    await expect(run([file])).rejects.toMatchObject({ code: 'RESOLVE_HASH', exit: 'integrity' });
  });

  it.each([
    ['-e ./project', /project \(-r requirements.txt \(line 1\)\)/],
    ['./project', /project/],
    ['./sources-1.2.tar.gz', /sources-1\.2\.tar\.gz/],
    ['risk @ git+https://u:canary@example.invalid/risk.git', /risk @ git\+https:\/\/\*\*\*@example\.invalid/],
  ])('builds nothing that a requirements file names: %s', async (line, message) => {
    place.write('project/setup.py', 'raise SystemExit("ran")');
    place.write('sources-1.2.tar.gz', '');
    const error = await place.fail(PYTHON, [place.write('requirements.txt', line)]);
    expect(error).toMatchObject({
      code: 'RESOLVE_NOT_A_WHEEL',
      exit: 'resolve',
      message: expect.stringMatching(message),
    });
    expect(String(error)).not.toContain('canary');
  });

  it('lists all sources that requirements files name', async () => {
    place.write('project/setup.py', '');
    const lines = ['-e ./project', 'inotify', 'risk @ git+https://example.invalid/risk.git'];
    await expect(run([place.write('requirements.txt', ...lines)])).rejects.toMatchObject({
      code: 'RESOLVE_NOT_A_WHEEL',
      message: expect.stringMatching(/project \(.*line 1.*, risk @ .*line 3/),
    });
  });

  it.each([
    ['a requirements file asks for it', ['--no-binary sources', 'sources'], /sources @ .*sources-1\.2\.tar\.gz/],
    ['a wheel asks for it by address', ['linked'], /sources-1\.2\.tar\.gz \(linked\)/],
  ])('builds nothing when %s', async (_, lines, message) => {
    await expect(run([place.write('requirements.txt', ...lines)])).rejects.toMatchObject({
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
    const given = line.endsWith('missing.txt') ? line : place.write('requirements.txt', line);
    await expect(run([given])).rejects.toMatchObject({ code, exit: 'usage' });
  });

  it('refuses to make nothing of an empty requirements file', async () => {
    await expect(run([place.write('requirements.txt', '# nothing')])).rejects.toMatchObject({
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
    place.write('file', '');
    const directory = resolve(place.path, cacheDirectory);
    expect(await place.fail(PYTHON, ['lib'], { cacheDirectory: directory })).toMatchObject({
      code,
      exit,
      hints: [expect.stringContaining('HDFS_VENV_CACHE')],
    });
  });

  it('tells of own code that cannot be read', async () => {
    // root may read everything else
    symlinkSync('/proc/self/mem', join(place.path, 'risk.py'));
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
    writeFileSync(join(place.path, given), content);
    await expect(run([given])).rejects.toMatchObject({ exit, message: expect.stringMatching(message) });
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const running = run(['lib'], { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'RESOLVE_INTERRUPTED', exit: 'interrupted' });
  });
});
