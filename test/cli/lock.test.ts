import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type IndexFile, indexWheel } from '../support/local-index.ts';
import { useCommandLinePlace } from '../support/resolve-place.ts';

const TARGET = ['--python', '3.7.16', '--platform', 'rhel7'];
const FILES: IndexFile[] = [
  indexWheel({ name: 'app', version: '1.0', requires: ['lib>=1', 'pyspark'] }),
  indexWheel({ name: 'lib', version: '1.0', files: { 'lib.py': 'x = 1\n' } }),
  { fileName: 'sources-1.0.tar.gz', content: Buffer.from('never opened') },
];

const place = useCommandLinePlace(FILES);
const { hdfsVenv } = place;

describe('lock, then build', () => {
  test('the lock lies in the working directory, and build keeps to it', async () => {
    place.write('requirements.txt', 'app');
    const first = await hdfsVenv('lock', '-r', 'requirements.txt', ...TARGET);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toBe(
      "Locked pylock.rhel7-py37.toml: 2 packages\n  app 1.0\n  lib 1.0\n  pyspark is the cluster's (pyspark)\n",
    );
    const before = readFileSync(join(place.path, 'pylock.rhel7-py37.toml'), 'utf8');

    FILES.push(indexWheel({ name: 'lib', version: '1.1', files: { 'lib.py': 'x = 2\n' } }));
    try {
      const locked = await hdfsVenv('build', '-r', 'requirements.txt', ...TARGET, '-o', join(place.path, 'out'));
      expect(locked.stderr).toContain('pylock.rhel7-py37.toml fits: 2 packages\n');
      expect(locked.stdout).toMatch(/^Built .*\n {2}app 1\.0\n {2}lib 1\.0\n/);
      expect(readFileSync(join(place.path, 'out/venv/lib.py'), 'utf8')).toBe('x = 1\n');
      const anew = await hdfsVenv(
        'build',
        '-r',
        'requirements.txt',
        ...TARGET,
        '-o',
        join(place.path, 'out'),
        '--no-lock',
      );
      expect(anew.stdout).toContain('  lib 1.1\n');

      const renewed = await hdfsVenv('lock', 'app', ...TARGET);
      expect(renewed.stdout).toMatch(/^Renewed pylock[^]*\nChanged:\n {2}lib 1\.0 → 1\.1\n$/);
      const again = await hdfsVenv('lock', 'app', ...TARGET, '--json');
      expect(JSON.parse(again.stdout)).toMatchObject({
        lock: join(place.path, 'pylock.rhel7-py37.toml'),
        outcome: 'same',
        changes: [],
        packages: [{ name: 'app' }, { name: 'lib', version: '1.1', url: expect.stringMatching(/^http.*lib-1\.1/) }],
      });
    } finally {
      FILES.pop();
    }
    const old = await hdfsVenv('lock', 'app', ...TARGET);
    expect(old.stdout).toContain('lib 1.1 → 1.0');
    expect(readFileSync(join(place.path, 'pylock.rhel7-py37.toml'), 'utf8')).toBe(before);
  });

  test('--locked wants a lock that fits', async () => {
    const out = join(place.path, 'out');
    const missing = await hdfsVenv('build', 'app', ...TARGET, '-o', out, '--locked');
    expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/pylock\.rhel7-py37\.toml[^]*hint: /) });
    await hdfsVenv('lock', 'app', ...TARGET);
    const built = await hdfsVenv('build', 'app', ...TARGET, '-o', out, '--locked', '--json');
    expect(built).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(built.stdout)).toMatchObject({ locked: join(place.path, 'pylock.rhel7-py37.toml') });
    const anew = await hdfsVenv('build', 'app', ...TARGET, '-o', out, '--no-lock', '--json');
    expect(JSON.parse(anew.stdout)).toMatchObject({ locked: null });
    const stale = await hdfsVenv('build', 'app', 'lib', ...TARGET, '-o', out, '--locked');
    expect(stale).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('the requirements: + lib') });
    const named = await hdfsVenv(
      'build',
      'lib',
      ...TARGET,
      '-o',
      out,
      '--lock',
      join(place.path, 'pylock.rhel7-py37.toml'),
    );
    expect(named).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('the requirements: + lib - app') });
    const both = await hdfsVenv('build', 'app', ...TARGET, '-o', out, '--locked', '--no-lock');
    expect(both).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--no-lock') });
  });
});

test('a lock of the same target under another name is used if it fits, and passed over if not', async () => {
  const out = join(place.path, 'out');
  await hdfsVenv('lock', 'app', ...TARGET);
  const named = ['--python', '3.7.16', '--glibc', '2.17', '-o', out];
  expect((await hdfsVenv('build', 'app', ...named)).stderr).toContain('pylock.rhel7-py37.toml fits: 2 packages');
  expect((await hdfsVenv('build', 'lib', ...named)).stderr).not.toContain('pylock');
  const older = ['--python', '3.7.16', '--glibc', '2.12', '-o', out];
  expect((await hdfsVenv('build', 'app', ...older)).stderr).not.toContain('pylock');
});

describe('a lock that cannot be written', () => {
  test.each([
    ['a name that is none of a lock', 'lock.toml', '', 2, /expected pylock\.toml or pylock\.NAME\.toml/],
    ['more dots', 'pylock.a.b.toml', '', 2, /without more dots/],
    [
      'a file of another tool',
      'pylock.toml',
      'lock-version = "1.0"\ncreated-by = "uv"\npackages = []\n',
      7,
      /did not write it/,
    ],
    ['a file of another kind', 'pylock.toml', 'thesis', 7, /did not write it/],
    ['no such directory', 'nowhere/pylock.toml', '', 2, /there is no directory .*nowhere/],
  ])('%s', async (_, name, content, exitCode, message) => {
    const path = join(place.path, name);
    if (content !== '') writeFileSync(path, content);
    const result = await hdfsVenv('lock', 'app', ...TARGET, '-o', path);
    expect(result).toMatchObject({ exitCode, stdout: '', stderr: expect.stringMatching(message) });
    expect(result.stderr).not.toMatch(/^\s+at /m);
    if (content !== '') expect(readFileSync(path, 'utf8')).toBe(content);
  });

  test('leaves the last one when something cannot be resolved', async () => {
    await hdfsVenv('lock', 'app', ...TARGET);
    const before = readFileSync(join(place.path, 'pylock.rhel7-py37.toml'), 'utf8');
    const result = await hdfsVenv('lock', 'app', 'sources', ...TARGET);
    expect(result).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/sources comes as source only/) });
    expect(readFileSync(join(place.path, 'pylock.rhel7-py37.toml'), 'utf8')).toBe(before);
  });

  test('holds no password of an index', async () => {
    const index = place.index.url.replace('://', '://alice:canary@');
    place.write('requirements.txt', `--extra-index-url ${index}`, 'app');
    const result = await hdfsVenv('lock', '-r', 'requirements.txt', ...TARGET, '--json');
    expect(result).toMatchObject({ exitCode: 0 });
    const lock = readFileSync(join(place.path, 'pylock.rhel7-py37.toml'), 'utf8');
    expect(lock).toContain('***@');
    expect(`${lock}${result.stdout}${result.stderr}`).not.toContain('canary');
  });
});
