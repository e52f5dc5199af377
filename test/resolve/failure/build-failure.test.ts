import { describe, expect, it, vi } from 'vitest';
import { findHostPython } from '../../../src/resolve/pip/host-python.ts';
import { indexWheel } from '../../support/local-index.ts';
import { filesOf, resolveBench } from '../../support/resolve-bench.ts';
import { indexSdist, setuptoolsSdist } from '../../support/sdist-maker.ts';

const COMPILE = "subprocess.check_call([os.environ['CC'], '-c', 'fast.c'])";

const bench = resolveBench([
  indexSdist({ name: 'bound', version: '2.0', tag: 'cp311-cp311-linux_x86_64' }),
  indexWheel({ name: 'bound', version: '1.0', tag: 'cp37-cp37m-manylinux1_x86_64' }),
  // setuptools says the same of a wheel that has an extension and of one whose optional extension is left out
  indexSdist({
    name: 'compiled',
    version: '1.0',
    tag: 'cp311-cp311-linux_x86_64',
    generator: 'setuptools (80.0.0)',
    files: { 'compiled/_fast.so': '\u007fELF' },
  }),
  indexSdist({ name: 'native', version: '1.0', program: COMPILE }),
  indexSdist({ name: 'optional', version: '1.0', program: `try: ${COMPILE}\nexcept Exception: pass` }),
  indexSdist({ name: 'three', version: '1.0' }),
  indexSdist({ name: 'universal', version: '1.0', tag: 'py2.py3-none-any' }),
  indexSdist({ name: 'broken', version: '1.0', program: "raise ValueError('no luck')" }),
  indexSdist({ name: 'outer', version: '1.0', requires: ['broken'] }),
  setuptoolsSdist('old', ''),
  ...Array.from({ length: 7 }, (_, version) =>
    indexSdist({ name: 'endless', version: `${version + 1}.0`, requires: ['three>=3'] }),
  ),
]);

describe('a source that gives no wheel for the target', () => {
  it.each([
    ['bound', '2.0'],
    ['compiled', '1.0'],
  ])('is refused when its wheel is bound to this machine: %s', async (name, version) => {
    await expect(bench.run([name], [name])).rejects.toMatchObject({
      code: 'RESOLVE_HOST_BOUND',
      exit: 'resolve',
      message: expect.stringContaining(`${name}-${version}-cp311-cp311-linux_x86_64.whl`),
      hints: expect.arrayContaining([
        ...(name === 'bound' ? [expect.stringContaining('bound==1.0,')] : []),
        expect.stringContaining(`\`python3.7 -m pip wheel --no-deps ${name}==${version}\``),
        expect.stringContaining(`--provided ${name}`),
      ]),
    });
  });

  it('is refused when it cannot do without a compiler, not when it can', async () => {
    expect(filesOf(await bench.run(['optional'], ['optional']))).toStrictEqual(['optional-1.0-py3-none-any.whl']);
    await expect(bench.run(['native'], ['native'])).rejects.toMatchObject({
      code: 'RESOLVE_HOST_BOUND',
      message: expect.stringContaining('native-1.0.tar.gz needs a compiler (cc)'),
    });
  });

  it('is refused when its wheel is for Python 3 only and the target is 2.7', async () => {
    await expect(bench.run(['three'], ['three'], { python: '2.7' })).rejects.toMatchObject({
      code: 'RESOLVE_HOST_BOUND',
      message: expect.stringMatching(/three-1\.0-py3-none-any\.whl .* not for Python 2\.7\.18/),
      hints: expect.arrayContaining([expect.stringContaining('python2.7 -m pip wheel')]),
    });
    expect(filesOf(await bench.run(['universal'], ['universal'], { python: '2.7' }))).toStrictEqual([
      'universal-1.0-py2.py3-none-any.whl',
    ]);
  });

  it('is told with how its build ended', async () => {
    await expect(bench.run(['outer'], ['outer', 'broken'])).rejects.toMatchObject({
      code: 'RESOLVE_BUILD',
      exit: 'resolve',
      message: expect.stringContaining('the build of broken-1.0.tar.gz failed: ValueError: no luck'),
    });
  });

  it('may build with an older Python than this machine’s', async () => {
    const { minor } = await findHostPython(undefined);
    for (const python of ['3.7', `3.${minor}`]) {
      const error: unknown = await bench.run(['broken'], ['broken'], { python }).catch((caught: unknown) => caught);
      const hasHint = JSON.stringify(error).includes('HDFS_VENV_PYTHON');
      expect(hasHint).toBe(python === '3.7' && minor > 8);
    }
  });

  it('is told with what its build needs and cannot get', async () => {
    vi.stubEnv('PIP_FIND_LINKS', '');
    await expect(bench.run(['old'], ['old'])).rejects.toMatchObject({
      code: 'RESOLVE_BUILD',
      message: expect.stringContaining('there is no setuptools'),
      hints: expect.arrayContaining([expect.stringMatching(/^Put setuptools/)]),
    });
  });

  it('is given up after five versions that nothing can use', async () => {
    await expect(bench.run(['endless'], ['endless', 'three'])).rejects.toMatchObject({
      code: 'RESOLVE_BUILD',
      message: expect.stringContaining('5 versions of endless were built'),
    });
    expect(bench.texts('building').filter((file) => file.startsWith('endless'))).toHaveLength(5);
  });

  it('is told together with all others, and with what cannot be got', async () => {
    const names = ['bound', 'broken', 'three>=3', 'nowhere', 'universal'];
    const error: unknown = await bench.run(names, ['bound', 'broken', 'three']).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'RESOLVE_BLOCKED', exit: 'resolve' });
    for (const text of [
      'bound-2.0',
      'broken-1.0',
      'three>=3',
      'no package nowhere',
      'universal comes as source only',
    ]) {
      expect(error).toMatchObject({ message: expect.stringContaining(text) });
    }
  });

  it('is not built unless it is named', async () => {
    await expect(bench.run(['outer'], ['outer'])).rejects.toMatchObject({
      code: 'RESOLVE_ONLY_SOURCES',
      message: expect.stringContaining('broken (needed by outer'),
      hints: [expect.stringContaining('--build broken')],
    });
  });
});
