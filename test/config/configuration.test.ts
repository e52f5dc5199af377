import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Configuration, readConfiguration } from '../../src/config/configuration.ts';
import { describeOrigin } from '../../src/config/origin.ts';
import type { SettingName, Settings } from '../../src/config/settings.ts';
import { temporaryDirectories } from '../support/environment-maker.ts';

const freshDirectory = temporaryDirectories('config');
let root: string;
beforeEach(() => {
  root = freshDirectory();
});

function write(path: string, ...lines: string[]): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${lines.join('\n')}\n`);
}

function read(from: string, env: NodeJS.ProcessEnv = {}, flags: Settings = {}): Promise<Configuration> {
  const workingDirectory = join(root, from);
  mkdirSync(workingDirectory, { recursive: true });
  const isPath = (text: string): boolean => /^\.|\.txt$/.test(text);
  return readConfiguration({ flags, env, workingDirectory, isPath });
}

function originOf({ origins }: Configuration, name: SettingName, from = ''): string {
  return describeOrigin(origins[name]?.origin ?? { kind: 'default' }, join(root, from));
}

describe('precedence', () => {
  test('flag, variable, project file, user file: the nearest that says something decides, and each value knows where from', async () => {
    write('hdfs-venv.toml', '# ours', 'python = "3.7"', 'user = "file"', 'concurrency = 8');
    write('home/hdfs-venv/config.toml', 'python = "2.7"', 'user = "home"', 'replication = 2');
    const env = { XDG_CONFIG_HOME: join(root, 'home'), HDFS_VENV_USER: 'variable', HDFS_VENV_CONCURRENCY: '16' };
    const found = await read('.', env, { concurrency: 32 });
    expect(found.settings).toEqual({ concurrency: 32, user: 'variable', python: '3.7', replication: 2 });
    expect(originOf(found, 'concurrency')).toBe('--concurrency');
    expect(originOf(found, 'user')).toBe('HDFS_VENV_USER');
    expect(originOf(found, 'python')).toBe('hdfs-venv.toml:2');
    expect(originOf(found, 'replication')).toBe('home/hdfs-venv/config.toml:3');
    expect(originOf(found, 'layout')).toBe('default');
  });

  test('a list replaces a list, and the user file is found below HOME', async () => {
    write('hdfs-venv.toml', 'provided = ["numpy", "pandas"]');
    write('.config/hdfs-venv/config.toml', 'provided = "scipy"', 'user = "home"');
    const found = await read('.', { HOME: root });
    expect(found.settings).toEqual({ provided: ['numpy', 'pandas'], user: 'home' });
  });

  test('a system that is named nearer takes the place of whatever named it further away', async () => {
    write('hdfs-venv.toml', 'python = "2.7"', 'abi = "cp27m"', 'platform = "rhel7"', 'arch = "aarch64"');
    expect((await read('.', {}, { glibc: '2.28' })).settings).toEqual({
      python: '2.7',
      abi: 'cp27m',
      glibc: '2.28',
      arch: 'aarch64',
    });
    expect((await read('.', {}, { python: '3.11' })).settings).toEqual({
      python: '3.11',
      platform: 'rhel7',
      arch: 'aarch64',
    });
    expect((await read('.', {}, { 'complete-platform': 'node.json' })).settings).toEqual({
      'complete-platform': 'node.json',
    });
  });

  test('one source that names the system twice is left to the command to refuse', async () => {
    write('hdfs-venv.toml', 'platform = "rhel7"', 'glibc = "2.17"');
    expect((await read('.')).settings).toEqual({ platform: 'rhel7', glibc: '2.17' });
  });
});

describe('the project file', () => {
  test('the nearest counts, alone; a pyproject.toml without our table is passed over', async () => {
    write('hdfs-venv.toml', 'python = "3.7"', 'user = "outer"');
    write('team/pyproject.toml', '[tool.other]', 'name = "hdfs-venv"');
    write('team/risk/pyproject.toml', '[project]', 'name = "risk"', '', '[tool.hdfs-venv]', "'python' = '3.9'");
    const inner = await read('team/risk/src');
    expect(inner.settings).toEqual({ python: '3.9' });
    expect(originOf(inner, 'python', 'team/risk/src')).toBe('../pyproject.toml:5');
    expect(inner.directory).toBe(join(root, 'team/risk'));
    expect((await read('team')).settings).toEqual({ python: '3.7', user: 'outer' });
  });

  test('relative paths count from the file, wherever the command runs', async () => {
    write(
      'hdfs-venv.toml',
      'requirements = ["requirements.txt", "-r more.in", "./risk_app", "pandas==2.2.3"]',
      'output = "build/risk"',
      'lock = "/locks/pylock.toml"',
      'find-links = ["wheels", "https://index.example.invalid/wheels/"]',
      'index-url = "https://index.example.invalid/simple"',
    );
    expect((await read('jobs/daily')).settings).toEqual({
      requirements: ['../../requirements.txt', '-r ../../more.in', '../../risk_app', 'pandas==2.2.3'],
      output: '../../build/risk',
      lock: '/locks/pylock.toml',
      'find-links': ['../../wheels', 'https://index.example.invalid/wheels/'],
      'index-url': 'https://index.example.invalid/simple',
    });
    expect((await read('.')).settings).toMatchObject({ output: 'build/risk', requirements: { 2: './risk_app' } });
  });

  test('two in one directory are refused', async () => {
    write('hdfs-venv.toml', 'python = "3.7"');
    write('pyproject.toml', '[tool.hdfs-venv]', 'python = "3.7"');
    await expect(read('.')).rejects.toMatchObject({
      code: 'CONFIG_TWO_FILES',
      exitCode: 2,
      message: expect.stringContaining('pyproject.toml'),
    });
  });

  test('an empty one says nothing, and still is the one', async () => {
    write('hdfs-venv.toml', 'user = "outer"');
    write('risk/hdfs-venv.toml', '');
    expect(await read('risk')).toMatchObject({ settings: {}, files: [join(root, 'risk/hdfs-venv.toml')] });
  });

  test('what cannot be read is said, not passed over', async () => {
    mkdirSync(join(root, 'hdfs-venv.toml'));
    await expect(read('.')).rejects.toMatchObject({ code: 'CONFIG_NOT_READABLE', exitCode: 2 });
  });
});

describe('what is refused', () => {
  test.each([
    ['an unknown key, with the one that was meant', 'platfrom = "rhel7"', 'CONFIG_UNKNOWN_KEY', 'platform?'],
    ['an underscore', 'index_url = "https://x"', 'CONFIG_UNKNOWN_KEY', 'index-url?'],
    ['a number without quotes', 'python = 3.10', 'CONFIG_TYPE', 'python = "3.7.16"'],
    ['a password', 'index-url = "https://me:hush@index.example.invalid"', 'CONFIG_SECRET', 'netrc'],
    [
      'a password in a list',
      'requirements = ["x @ https://me:hush@a.example.invalid/x.whl"]',
      'CONFIG_SECRET',
      'netrc',
    ],
    ['a user in the address', 'address = "webhdfs://me@nn:9870/x"', 'CONFIG_SECRET', '`user`'],
  ])('%s', async (_, line, code, hint) => {
    write('hdfs-venv.toml', '', line);
    const error = await read('.').then(String, (reason: unknown) => reason);
    expect(error).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(/hdfs-venv\.toml:2: /) });
    expect(error).toMatchObject({ hints: [expect.stringContaining(hint)] });
    expect(String(error)).not.toContain('hush');
  });

  test.each([
    ['layout = "zip"', 'layout: expected "auto", "tree" or "tar", got "zip"'],
    ['concurrency = 0', 'concurrency: expected a whole number from 1 up, got 0'],
    ['concurrency = "many"', 'concurrency: expected a whole number from 1 up, got "many"'],
    ['no-index = "yes"', 'no-index: expected true or false, got "yes"'],
    ['provided = ["a", 1]', 'provided: expected a text in quotes, or a list of them: ["…", "…"], got ["a",1]'],
    ['output = ""', 'output: expected a text that is not empty, got ""'],
    ['lock = true', 'lock: expected a text in quotes, or false, got true'],
  ])('%s', async (line, message) => {
    write('hdfs-venv.toml', line);
    await expect(read('.')).rejects.toMatchObject({
      code: 'CONFIG_TYPE',
      message: `Cannot use hdfs-venv.toml:1: ${message}`,
    });
  });

  test('a name that resembles none: all there are', async () => {
    write('hdfs-venv.toml', 'colour = "red"');
    await expect(read('.')).rejects.toMatchObject({ hints: [expect.stringMatching(/^There are: address, user, /)] });
  });

  test('what is no TOML, with line and column', async () => {
    write('hdfs-venv.toml', 'user = "alice"', 'python = 3.7.16');
    await expect(read('.')).rejects.toMatchObject({
      code: 'CONFIG_TOML',
      message: expect.stringMatching(/^Cannot use hdfs-venv\.toml:2: column \d+: /),
    });
  });
});

describe('variables', () => {
  test('lists by white space or by lines, numbers, yes and no', async () => {
    const env = {
      HDFS_VENV_PROVIDED: 'numpy  pandas==1.3',
      HDFS_VENV_REQUIREMENTS: '\nrequests >=2 ; python_version < "4"\n./app\n',
      HDFS_VENV_NO_INDEX: '1',
      HDFS_VENV_LOCKED: 'false',
      HDFS_VENV_LOCK: 'false',
      HDFS_VENV_REPLICATION: '3',
      HDFS_VENV_TARGET_PYTHON: '3.7',
      HDFS_VENV_GLIBC: '2',
      HDFS_VENV_USER: ' ',
    };
    expect((await read('.', env)).settings).toEqual({
      provided: ['numpy', 'pandas==1.3'],
      requirements: ['requests >=2 ; python_version < "4"', './app'],
      'no-index': true,
      locked: false,
      lock: false,
      replication: 3,
      python: '3.7',
      glibc: '2',
    });
  });

  test('a wrong one is named', async () => {
    await expect(read('.', { HDFS_VENV_CONCURRENCY: 'many' })).rejects.toMatchObject({
      code: 'CONFIG_TYPE',
      message: 'Cannot use HDFS_VENV_CONCURRENCY: concurrency: expected a whole number from 1 up, got "many"',
    });
  });

  test.each([
    ['HDFS_VENV_ADRESS', 'HDFS_VENV_ADDRESS'],
    ['HDFS_VENV_PLATFROM', 'HDFS_VENV_PLATFORM'],
    ['HDFS_VENV_INDEX-URL', 'HDFS_VENV_INDEX_URL'],
    ['HDFS_VENV_PYTHONS', 'HDFS_VENV_TARGET_PYTHON'],
  ])('%s is refused: %s was meant', async (name, meant) => {
    await expect(read('.', { [name]: 'x' })).rejects.toMatchObject({
      code: 'CONFIG_VARIABLE',
      message: expect.stringContaining(`Cannot use ${name}`),
      hints: [expect.stringContaining(`Was ${meant} meant?`)],
    });
  });

  test('others of that beginning are left alone', async () => {
    const others = { HDFS_VENV_CACHE: '/x', HDFS_VENV_DEBUG: '1', HDFS_VENV_TOKEN: 'x', HDFS_VENV_COLOUR_SCHEME: 'x' };
    expect((await read('.', { ...others, HDFS_VENV_ADRESS: '' })).settings).toEqual({});
  });

  test('HDFS_VENV_PYTHON is the interpreter that runs pip, and no version', async () => {
    await expect(read('.', { HDFS_VENV_PYTHON: '3.7' })).rejects.toMatchObject({
      code: 'CONFIG_VARIABLE',
      hints: [expect.stringContaining('HDFS_VENV_TARGET_PYTHON')],
    });
    expect((await read('.', { HDFS_VENV_PYTHON: 'python3.7' })).settings).toEqual({});
  });
});
