import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AdmZip from 'adm-zip';
import { describe, expect, it, vi } from 'vitest';
import { parseBuild } from '../../src/resolve/built-wheels.ts';
import { findHostPython } from '../../src/resolve/pip/host-python.ts';
import { indexWheel } from '../support/local-index.ts';
import { filesOf, resolveBench } from '../support/resolve-bench.ts';
import { freshResolveCache } from '../support/resolve-cache.ts';
import { indexSdist, setuptoolsSdist } from '../support/sdist-maker.ts';
import { downloadSetuptools } from '../support/setuptools.ts';

const FILES = [
  indexWheel({ name: 'helper', version: '1.0', tag: 'py2.py3-none-any' }),
  indexWheel({ name: 'helper', version: '2.0', tag: 'py2.py3-none-any' }),
  indexSdist({ name: 'pure', version: '1.0', requires: ['helper<2', 'inner'] }),
  indexSdist({ name: 'inner', version: '1.0' }),
  indexSdist({ name: 'timed', version: '1.0', program: "spec['files']['timed.py'] = os.environ['SOURCE_DATE_EPOCH']" }),
  indexSdist({ name: 'universal', version: '1.0', tag: 'py2.py3-none-any' }),
  // what the wheel says could not be known before
  indexSdist({ name: 'picky', version: '1.0', requires: ['helper<2'] }),
  indexSdist({ name: 'picky', version: '2.0', requires: ['helper>=3'] }),
  indexSdist({ name: 'modern', version: '1.0' }),
  indexSdist({ name: 'modern', version: '2.0', metadata: ['Requires-Python: >=3.9'] }),
  indexWheel({ name: 'both', version: '1.0', tag: 'py3-none-any' }),
  indexSdist({ name: 'both', version: '1.0' }),
  setuptoolsSdist('extended', 'ext_modules=[Extension("fast", ["fast.c"], optional=True)]'),
];
const bench = resolveBench(FILES);

describe('parseBuild', () => {
  it('takes names as the index compares them, each once', () => {
    expect(parseBuild(['Foo.Bar', 'foo_bar', 'baz'])).toStrictEqual(['foo-bar', 'baz']);
  });

  it.each(['foo==1.0', './foo', ':all:', ''])('refuses %j', (given) => {
    expect(() => parseBuild([given])).toThrow(expect.objectContaining({ code: 'RESOLVE_BUILD_NAME' }));
  });
});

describe('a package that is built', () => {
  it('takes part in the resolution by what its wheel requires, and so does one that it requires', async () => {
    const resolution = await bench.run(['pure'], ['Pure', 'inner']);
    expect(filesOf(resolution)).toStrictEqual([
      'helper-1.0-py2.py3-none-any.whl',
      'inner-1.0-py3-none-any.whl',
      'pure-1.0-py3-none-any.whl',
    ]);
    expect(bench.texts('building')).toStrictEqual(['pure-1.0.tar.gz', 'inner-1.0.tar.gz']);
    expect(resolution.packages.find(({ name }) => name === 'pure')).toMatchObject({
      url: null,
      path: null,
      index: bench.index.url,
      dependencies: ['helper', 'inner'],
      source: {
        fileName: 'pure-1.0.tar.gz',
        url: new URL('../files/pure-1.0.tar.gz', bench.index.url).href,
        sha256: bench.digestOf('pure-1.0.tar.gz'),
      },
    });
    // the second run neither builds nor downloads
    bench.forget();
    expect((await bench.run(['pure'], ['pure', 'inner'])).wheels).toStrictEqual(resolution.wheels);
    expect(bench.texts('building')).toStrictEqual([]);
    expect(bench.index.requests.filter((path) => path.endsWith('.tar.gz'))).toStrictEqual([]);
  });

  it('is told of where its Python differs from the target’s', async () => {
    const { minor } = await findHostPython(undefined);
    await bench.run(['inner'], ['inner']);
    expect(bench.texts('notice')).toStrictEqual([
      expect.stringMatching(`^inner 1\\.0 was built with Python 3\\.${minor}\\.\\d+ for Python 3\\.7\\.16: `),
    ]);
    bench.forget();
    await bench.run(['inner'], ['inner'], { python: `3.${minor}` });
    expect(bench.texts('notice')).toStrictEqual([]);
  });

  it('has the same bytes in every cache, whatever the time and the umask are', async () => {
    const [{ sha256 } = { sha256: '' }] = (await bench.run(['timed'], ['timed'])).packages;
    const other = await freshResolveCache();
    vi.stubEnv('SOURCE_DATE_EPOCH', '1700000000');
    const umask = process.umask(0o077);
    try {
      const again = await bench.run(['timed'], ['timed'], { cacheDirectory: other.path });
      expect(again.packages[0]?.sha256).toBe(sha256);
    } finally {
      process.umask(umask);
      other.remove();
    }
  });

  it('is built again when what was kept is damaged', async () => {
    const [expected] = (await bench.run(['universal'], ['universal'])).packages;
    const home = join(bench.cachePath, 'built', bench.digestOf('universal-1.0.tar.gz'));
    const [variant = ''] = readdirSync(home);
    writeFileSync(join(home, variant, 'universal-1.0-py2.py3-none-any.whl'), 'garbage');
    bench.forget();
    expect((await bench.run(['universal'], ['universal'])).packages[0]).toStrictEqual(expected);
    expect(bench.texts('building')).toStrictEqual(['universal-1.0.tar.gz']);
    bench.forget();
    await bench.run(['universal'], ['universal']);
    expect(bench.texts('building')).toStrictEqual([]);
  });

  it('goes on to older versions while the wheel’s own metadata rule them out', async () => {
    expect(filesOf(await bench.run(['picky', 'modern'], ['picky', 'modern']))).toStrictEqual([
      'helper-1.0-py2.py3-none-any.whl',
      'modern-1.0-py3-none-any.whl',
      'picky-1.0-py3-none-any.whl',
    ]);
    expect(bench.texts('building').toSorted()).toStrictEqual([
      'modern-1.0.tar.gz',
      'modern-2.0.tar.gz',
      'picky-1.0.tar.gz',
      'picky-2.0.tar.gz',
    ]);
  });

  it('comes from an address or a file, too', async () => {
    const file = FILES.find(({ fileName }) => fileName === 'inner-1.0.tar.gz');
    writeFileSync(join(bench.workPath, 'inner-1.0.tar.gz'), file?.content ?? '');
    writeFileSync(join(bench.workPath, 'requirements.txt'), './inner-1.0.tar.gz\n');
    const url = new URL('../files/universal-1.0.tar.gz', bench.index.url).href;
    const resolution = await bench.run(['requirements.txt', `universal @ ${url}`], ['inner', 'universal']);
    expect(resolution.packages.map(({ source, index }) => [source?.path, source?.url, index])).toStrictEqual([
      [join(bench.workPath, 'inner-1.0.tar.gz'), null, null],
      [null, url, null],
    ]);
    await expect(bench.run(['requirements.txt'], ['universal'])).rejects.toMatchObject({ code: 'RESOLVE_NOT_A_WHEEL' });
  });

  it('is built by setuptools without its optional extensions, and its wheel is named after what is in it', async () => {
    vi.stubEnv('PIP_FIND_LINKS', await downloadSetuptools(await findHostPython(undefined)));
    const resolution = await bench.run(['extended'], ['extended']);
    expect(filesOf(resolution)).toStrictEqual(['extended-1.0-py3-none-any.whl']);
    expect(bench.texts('notice')).toStrictEqual([
      expect.stringMatching(/^extended 1\.0 goes without its compiled extensions.*extended-1\.0-cp3/),
      expect.anything(),
    ]);
    const wheel = new AdmZip(resolution.wheels[0]);
    const text = wheel.readAsText('extended-1.0.dist-info/WHEEL');
    expect(text).toMatch(/^Root-Is-Purelib: true\nTag: py3-none-any\n$/m);
    const digest = createHash('sha256').update(text).digest('base64url');
    expect(wheel.readAsText('extended-1.0.dist-info/RECORD')).toContain(
      `extended-1.0.dist-info/WHEEL,sha256=${digest},${text.length}\n`,
    );
  });
});

describe('hashes of a package that is built', () => {
  function require(algorithm: string, value: string): string {
    writeFileSync(join(bench.workPath, 'requirements.txt'), `universal==1.0 --hash=${algorithm}:${value}\n`);
    return 'requirements.txt';
  }

  it.each(['sha256', 'sha512'])('are those of the source, by %s', async (algorithm) => {
    const file = require(algorithm, bench.digestOf('universal-1.0.tar.gz', algorithm));
    // up to 3.7 is resolved by pip 24.0, 3.8 and later by the newest one
    for (const python of ['2.7', '3.9']) {
      expect(filesOf(await bench.run([file], ['universal'], { python }))).toStrictEqual([
        'universal-1.0-py2.py3-none-any.whl',
      ]);
    }
  });

  it('are compared before anything is built', async () => {
    const file = require('sha256', '0'.repeat(64));
    for (const python of ['2.7', '3.9']) {
      await expect(bench.run([file], ['universal'], { python })).rejects.toMatchObject({ code: 'RESOLVE_HASH' });
    }
    writeFileSync(join(bench.workPath, file), '--require-hashes\nuniversal==1.0\n');
    await expect(bench.run([file], ['universal'])).rejects.toMatchObject({ code: 'RESOLVE_HASH_MISSING' });
    expect(bench.texts('building')).toStrictEqual([]);
  });

  it('count when an address names them', async () => {
    const url = new URL('../files/universal-1.0.tar.gz', bench.index.url).href;
    const wrong = bench.run([`universal @ ${url}#sha256=${'0'.repeat(64)}`], ['universal']);
    await expect(wrong).rejects.toMatchObject({ code: 'RESOLVE_HASH' });
    const right = `universal @ ${url}#sha256=${bench.digestOf('universal-1.0.tar.gz')}`;
    expect(filesOf(await bench.run([right], ['universal']))).toStrictEqual(['universal-1.0-py2.py3-none-any.whl']);
  });
});

describe('a name that is of no use', () => {
  it('is told, and a wheel that fits is taken as it is', async () => {
    const resolution = await bench.run(['both', 'py4j'], ['both', 'nobody', 'py4j']);
    expect(filesOf(resolution)).toStrictEqual(['both-1.0-py3-none-any.whl']);
    expect(resolution.packages[0]?.source).toBeNull();
    expect(bench.texts('notice')).toStrictEqual([
      '--build both was not needed: the target loads both-1.0-py3-none-any.whl',
      '--build nobody is of no use: nothing asks for nobody',
      '--build py4j was not needed: py4j is provided by the cluster',
    ]);
  });
});
