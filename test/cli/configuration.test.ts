import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type IndexFile, indexWheel } from '../support/local-index.ts';
import { useCommandLinePlace } from '../support/resolve-place.ts';
import { runCommandLine } from '../support/run-command-line.ts';

const FILES: IndexFile[] = [
  indexWheel({ name: 'app', version: '1.0', requires: ['lib>=1', 'pyspark'] }),
  indexWheel({ name: 'lib', version: '1.0', files: { 'lib.py': 'x = 1\n' } }),
];

const place = useCommandLinePlace(FILES);
const { hdfsVenv } = place;

const settings = (): string[] => [
  `address = "file://${place.path}/store"`,
  'requirements = "requirements.txt"',
  'python = "3.7.16"',
  'platform = "rhel7"',
  `output = "${place.path}/out"`,
  'layout = "auto"',
];

describe('with a configuration', () => {
  test('publish alone locks, builds and publishes; again it keeps to the lock, and uploads nothing', async () => {
    place.write('hdfs-venv.toml', ...settings());
    place.write('requirements.txt', 'app');
    const first = await hdfsVenv('publish');
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toMatch(/^Published release 1 of file:.*\/store: 2 archives, /);
    expect(first.stderr).toMatch(
      /Settings: hdfs-venv\.toml\n[^]*Locked pylock\.rhel7-py37\.toml: 2 packages\n[^]*Built .*out:/,
    );
    const lock = readFileSync(join(place.path, 'pylock.rhel7-py37.toml'), 'utf8');

    for (const command of ['releases', 'show', 'verify', 'target']) {
      expect(await hdfsVenv(command)).toMatchObject({ exitCode: 0 });
    }

    FILES.push(indexWheel({ name: 'lib', version: '1.1' }));
    try {
      const again = await hdfsVenv('publish');
      expect(again.stdout).toMatch(/^Already published: release 1 /);
      expect(again.stderr).toMatch(/pylock\.rhel7-py37\.toml fits: 2 packages\n[^]*Already built .*out:/);
      expect(readFileSync(join(place.path, 'pylock.rhel7-py37.toml'), 'utf8')).toBe(lock);

      place.write('requirements.txt', 'app', 'lib>1');
      const changed = await hdfsVenv('publish', '--json');
      expect(JSON.parse(changed.stdout)).toMatchObject({ status: 'published', release: 2, layout: 'tar' });
      expect(changed.stderr).toContain('Renewed pylock.rhel7-py37.toml: 2 packages');
    } finally {
      FILES.pop();
    }
  });

  test('lock = false: nothing is locked; locked = true: a lock that is missing is an error, and none is written', async () => {
    place.write('requirements.txt', 'lib');
    const lock = join(place.path, 'pylock.rhel7-py37.toml');
    place.write('hdfs-venv.toml', ...settings(), 'lock = false');
    expect(await hdfsVenv('publish')).toMatchObject({ exitCode: 0 });
    expect(existsSync(lock)).toBe(false);
    place.write('hdfs-venv.toml', ...settings(), 'locked = true');
    expect(await hdfsVenv('publish')).toMatchObject({ exitCode: 2 });
    expect(existsSync(lock)).toBe(false);
  });

  test('build and lock need no arguments; flags win', async () => {
    place.write('hdfs-venv.toml', ...settings(), 'lock = "pylock.risk.toml"');
    place.write('requirements.txt', 'app');
    const built = await hdfsVenv('build');
    expect(built.stdout).toMatch(/^Built .*out: [^]*\nPublish it:\n {2}hdfs-venv publish .*out\n/);
    expect((await hdfsVenv('lock')).stdout).toMatch(/^Locked pylock\.risk\.toml: 2 packages/);
    expect((await hdfsVenv('build')).stderr).toContain('pylock.risk.toml fits');
    const other = await hdfsVenv(
      'build',
      'lib',
      '--python',
      '3.8',
      '--no-lock',
      '-o',
      join(place.path, 'other'),
      '--json',
    );
    expect(JSON.parse(other.stdout)).toMatchObject({
      directory: join(place.path, 'other'),
      layout: 'tar',
      target: { python: '3.8.20' },
      packages: [{ name: 'lib' }],
    });
  });

  test('publish DIR goes to the address of the configuration, publish ADDRESS builds what it describes', async () => {
    place.write('hdfs-venv.toml', ...settings(), 'executors-have-tar = false');
    place.write('requirements.txt', 'lib');
    const elsewhere = await hdfsVenv('publish', `file://${place.path}/elsewhere`);
    expect(elsewhere.stdout).toMatch(/^Published release 1 of file:.*\/elsewhere: \d+ files, /);
    const built = await hdfsVenv('publish', join(place.path, 'out'));
    expect(built.stdout).toMatch(/^Published release 1 of file:.*\/store: \d+ files, /);
    expect(built.stderr).not.toContain('fits');
  });
});

test('an alias of HdfsCLI stands for the NameNodes; one that is not there is told before anything is built', async () => {
  place.write('.hdfscli.cfg', '[prod.alias]', 'url = http://127.0.0.1:1', 'user = ann');
  place.write('hdfs-venv.toml', 'address = "prod:/envs/risk"');
  const variables = { HOME: place.path, HDFS_VENV_CACHE: place.cachePath };
  const found = await runCommandLine(['releases'], variables);
  expect(found).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('127.0.0.1:1') });
  place.write('hdfs-venv.toml', 'address = "test:/envs/risk"', 'requirements = "app"');
  const missing = await runCommandLine(['publish'], variables);
  expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Cannot find the alias test') });
});

describe('without one', () => {
  test('publish says what is missing, before it does anything', async () => {
    const nothing = await hdfsVenv('publish');
    expect(nothing).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/no address[^]*hdfs-venv init/) });
    const noDirectory = await hdfsVenv('publish', 'file:///store/risk');
    expect(noDirectory.stderr).toMatch(/no directory was given, and there is no configuration[^]*hdfs-venv init/);
    place.write('hdfs-venv.toml', ...settings().filter((line) => !line.startsWith('requirements')));
    expect((await hdfsVenv('publish')).stderr).toContain('the configuration has no `requirements`');
    expect((await hdfsVenv('publish', 'file:///store/risk', 'out')).stderr).toContain('the address was given first');
  });

  test.each(['releases', 'show', 'verify'])('%s says that no address was given', async (command) => {
    expect(await hdfsVenv(command)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no address was given'),
    });
  });

  test('build says that no directory was named', async () => {
    const result = await hdfsVenv('build', 'lib', '--python', '3.7', '--platform', 'rhel7');
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/no directory was named[^]*-o DIR/) });
  });
});
