import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readInputs } from '../../../src/resolve/inputs.ts';
import { NO_INDEX_OPTIONS } from '../../../src/resolve/pip/index-options.ts';
import type { Resolution, ResolveOptions } from '../../../src/resolve/resolve-wheels.ts';
import { parseTarget } from '../../../src/target/target.ts';
import { indexWheel } from '../../support/local-index.ts';
import { useResolvePlace } from '../../support/resolve-place.ts';
import { writeWheel } from '../../support/wheel-maker.ts';

const PYTHON = '3.7.16';
const place = useResolvePlace([
  indexWheel({ name: 'app', version: '1.0', requires: ['lib>=1'] }),
  indexWheel({ name: 'lib', version: '1.0' }),
  indexWheel({ name: 'lib', version: '1.1' }),
  indexWheel({ name: 'other', version: '1.0' }),
]);

function run(requirements: readonly string[], more?: Partial<ResolveOptions>): Promise<Resolution> {
  return place.run(PYTHON, requirements, more);
}

function lock(requirements: readonly string[], more?: Partial<ResolveOptions>): Promise<string> {
  return place.lock(PYTHON, requirements, more);
}

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
    expect(resolution.locked).toBeNull();
    expect(place.notices()[0]).toBe(
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
    const target = parseTarget({ python: PYTHON, platform: ['rhel7'] });
    place.write('r.txt', './app-1.0.tar.gz');
    const read = async (content: string): Promise<string[]> => {
      place.write('app-1.0.tar.gz', content);
      const options = { requirements: [], requirementFiles: ['r.txt'], index: NO_INDEX_OPTIONS, target };
      const { lines } = await readInputs({ ...options, workingDirectory: place.path, onEvent: () => {} });
      return lines.map(({ text }) => text);
    };
    expect(await read('one')).not.toStrictEqual(await read('other'));
    expect(await read('one')).toStrictEqual(await read('one'));
  });

  it('because another file than a requirements file has changed', async () => {
    place.write('pyproject.toml', '[project]\nname = "risk"\nversion = "1"\ndependencies = ["lib"]');
    const path = await lock(['pyproject.toml']);
    expect(await run(['pyproject.toml'], { lock: { path, isRequired: true } })).toMatchObject({ locked: path });
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
    expect(await run(['r.txt'], { lock: { path, isRequired: true } })).toMatchObject({ locked: path });
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
    expect(place.notices()).toStrictEqual([]);
    await expect(run(['lib'], { lock: { path, isRequired: true } })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_MISSING',
      exit: 'usage',
    });
    writeFileSync(path, 'lock-version = "1.0"\ncreated-by = "pip"\npackages = []\n');
    await run(['lib'], { lock: { path, isRequired: false } });
    expect(place.notices()).toStrictEqual([
      'pylock.toml is not used: it was not made by hdfs-venv lock; give it as an argument to build what it says',
    ]);
    writeFileSync(path, 'not a lock');
    await expect(run(['lib'], { lock: { path, isRequired: false } })).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_FORMAT',
      exit: 'usage',
    });
  });
});
