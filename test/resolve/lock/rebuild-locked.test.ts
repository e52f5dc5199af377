import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPylock } from '../../../src/resolve/lock/write-pylock.ts';
import { findHostPython } from '../../../src/resolve/pip/host-python.ts';
import type { Resolution } from '../../../src/resolve/resolve-wheels.ts';
import { parseTarget } from '../../../src/target/target.ts';
import { startPrivateIndex } from '../../support/local-index.ts';
import { filesOf, resolveBench } from '../../support/resolve-bench.ts';
import { freshResolveCache } from '../../support/resolve-cache.ts';
import { indexSdist, setuptoolsSdist } from '../../support/sdist-maker.ts';
import { downloadSetuptools } from '../../support/setuptools.ts';

const FILES = [
  indexSdist({ name: 'plain', version: '1.0' }),
  indexSdist({ name: 'random', version: '1.0', program: "spec['files']['random.py'] = os.urandom(8).hex()" }),
  setuptoolsSdist('old', 'setup_requires=["plain"]'),
];
const bench = resolveBench(FILES);
const target = parseTarget({ python: '3.7.16', platform: ['rhel7'] });

let other: Awaited<ReturnType<typeof freshResolveCache>>;
beforeEach(async () => {
  other = await freshResolveCache();
});
afterEach(() => other.remove());

function writeLock(resolution: Resolution): string {
  const path = join(bench.workPath, 'pylock.toml');
  writeFileSync(path, renderPylock({ target, ...resolution }, bench.workPath));
  return path;
}

describe('a lock with a wheel that was built', () => {
  it('gives the same wheel in another cache, of the same source and with the same tools', async () => {
    vi.stubEnv('PIP_FIND_LINKS', await downloadSetuptools(await findHostPython(undefined)));
    const names = ['plain', 'old'];
    const first = await bench.run(names, names);
    const path = writeLock(first);
    expect(readFileSync(path, 'utf8')).toMatch(/tools = \[ "plain==1\.0", "setuptools==\d+\.[^\]]* \]/);
    bench.forget();
    // modes of files get into a wheel
    const umask = process.umask(0o077);
    const again = bench.run(names, names, { cacheDirectory: other.path, lock: { path, isRequired: true } });
    const second = await again.finally(() => process.umask(umask));
    expect(second.locked).toBe(path);
    expect(second.packages).toStrictEqual(first.packages);
    expect(filesOf(second)).toStrictEqual(filesOf(first));
    expect(bench.texts('building').toSorted()).toStrictEqual(['old-1.0.tar.gz', 'plain-1.0.tar.gz']);
  });

  it('holds what builds to the tools that it names', async () => {
    vi.stubEnv('PIP_FIND_LINKS', await downloadSetuptools(await findHostPython(undefined)));
    const path = writeLock(await bench.run(['old'], ['old']));
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/"setuptools==[^"]*"/g, '"setuptools==1.0"'));
    const more = { cacheDirectory: other.path, lock: { path, isRequired: true } };
    await expect(bench.run(['old'], ['old'], more)).rejects.toMatchObject({ code: 'RESOLVE_BUILD' });
  });

  it.each([
    ['a password of an index', (url: string) => [`--index-url ${url}`, 'plain']],
    ['a password in an address', (url: string) => [`plain @ ${url.replace('/simple/', '/files/plain-1.0.tar.gz')}`]],
  ])('finds %s in the requirements file, and it stays there', async (_, linesOf) => {
    const guarded = await startPrivateIndex(FILES, 'canary');
    try {
      const lines = linesOf(guarded.url.replace('//', '//alice:canary@'));
      writeFileSync(join(bench.workPath, 'r.txt'), `${lines.join('\n')}\n`);
      const first = await bench.run(['r.txt'], ['plain']);
      const path = writeLock(first);
      expect(readFileSync(path, 'utf8')).not.toContain('canary');
      guarded.requests.length = 0;
      bench.forget();
      const more = { cacheDirectory: other.path, lock: { path, isRequired: true } };
      expect((await bench.run(['r.txt'], ['plain'], more)).packages).toStrictEqual(first.packages);
      expect(bench.texts('building')).toStrictEqual(['plain-1.0.tar.gz']);
      expect(new Set(guarded.requests)).toStrictEqual(new Set(['/files/plain-1.0.tar.gz']));
    } finally {
      await guarded.close();
    }
  });

  it('is not met by a build that comes out otherwise', async () => {
    const path = writeLock(await bench.run(['random'], ['random']));
    const more = { cacheDirectory: other.path, lock: { path, isRequired: true } };
    await expect(bench.run(['random'], ['random'], more)).rejects.toMatchObject({
      code: 'RESOLVE_BUILD_DIFFERS',
      exit: 'integrity',
    });
  });
});
