import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { temporaryDirectories } from '../support/environment-maker.ts';
import { type CommandLineResult, runCommandLine } from '../support/run-command-line.ts';

const freshDirectory = temporaryDirectories('init');
let folder: string;
beforeEach(() => {
  folder = join(freshDirectory(), 'risk');
  mkdirSync(folder);
  vi.spyOn(process, 'cwd').mockImplementation(() => folder);
});
afterEach(() => {
  vi.restoreAllMocks();
});

function write(name: string, ...lines: string[]): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
}

/** On a machine without a Hadoop client, unless a test writes its files. */
const hdfsVenv = (...args: string[]): Promise<CommandLineResult> =>
  runCommandLine(args, { HADOOP_CONF_DIR: join(folder, 'hadoop'), HADOOP_USER_NAME: 'alice' });
const written = (): string => readFileSync(join(folder, 'hdfs-venv.toml'), 'utf8');

/** What init makes of the folder as it is. */
async function init(...flags: string[]): Promise<Record<string, unknown>> {
  expect(await hdfsVenv('init', ...flags)).toMatchObject({ exitCode: 0 });
  return parse(written());
}

describe('init', () => {
  test('an empty folder: a file that is valid as it is, with examples that are valid too, and what to fill in', async () => {
    const result = await hdfsVenv('init');
    expect(result.stdout).toMatch(
      /^Wrote hdfs-venv\.toml:\n {2}output {2}"build\/risk" [^]*\nFill in there.*: requirements, python, platform, address\n/,
    );
    expect(parse(written())).toEqual({ output: 'build/risk', layout: 'auto' });
    expect(await hdfsVenv('config')).toMatchObject({ exitCode: 0 });
    writeFileSync(join(folder, 'hdfs-venv.toml'), written().replaceAll(/^# (\w+ = )/gm, '$1'));
    const filled = await hdfsVenv('config', '--json');
    expect(Object.keys(JSON.parse(filled.stdout).settings)).toEqual(
      expect.arrayContaining(['address', 'requirements', 'python', 'platform', 'output', 'layout', 'provided']),
    );
    expect(readdirSync(folder)).toEqual(['hdfs-venv.toml']);
  });

  test('flags fill in the rest, and --json says what came from where', async () => {
    write('requirements.txt', 'six');
    write('.python-version', 'pypy3.9-7.3', '3.7.16');
    const flags = ['--platform', 'rhel7', '--address', 'file:///store/risk', '--json'];
    const { stdout } = await hdfsVenv('init', ...flags);
    expect(JSON.parse(stdout)).toEqual({
      file: join(folder, 'hdfs-venv.toml'),
      settings: {
        requirements: { value: ['requirements.txt'], from: 'found here' },
        python: { value: '3.7.16', from: '.python-version' },
        platform: { value: 'rhel7', from: '--platform' },
        address: { value: 'file:///store/risk', from: '--address' },
        output: { value: 'build/risk', from: 'named after this folder' },
        layout: expect.objectContaining({ value: 'auto' }),
      },
      missing: [],
    });
    expect(parse(written())).toMatchObject({ platform: 'rhel7', address: 'file:///store/risk', python: '3.7.16' });
  });

  test('never over a file that is there, nor beside a table in pyproject.toml', async () => {
    write('hdfs-venv.toml', 'user = "alice"');
    const there = await hdfsVenv('init');
    expect(there).toMatchObject({
      exitCode: 7,
      stderr: expect.stringMatching(/hdfs-venv\.toml is there already\nhint: /),
    });
    expect(written()).toBe('user = "alice"\n');
    folder = join(folder, 'inner');
    write('pyproject.toml', '[tool.hdfs-venv]');
    expect(await hdfsVenv('init')).toMatchObject({ exitCode: 7, stderr: expect.stringContaining('pyproject.toml') });
    expect(readdirSync(folder)).toEqual(['pyproject.toml']);
  });

  test('below another configuration it says that it takes its place', async () => {
    write('hdfs-venv.toml', 'user = "alice"');
    folder = join(folder, 'inner');
    mkdirSync(folder);
    expect((await hdfsVenv('init')).stderr).toContain('takes the place of ../hdfs-venv.toml');
  });

  test('a flag that cannot be right is refused before anything is written', async () => {
    expect(await hdfsVenv('init', '--python', '37')).toMatchObject({ exitCode: 2 });
    expect(await hdfsVenv('init', '--platform', 'rhel')).toMatchObject({ exitCode: 2 });
    expect(await hdfsVenv('init', '--address', 'hdfs://nn/x')).toMatchObject({ exitCode: 2 });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("the address, where Hadoop's programs are configured for a cluster", async () => {
  const property = (name: string, value: string): string =>
    `<property><name>${name}</name><value>${value}</value></property>`;
  const site = [property('fs.defaultFS', 'hdfs://nn'), property('dfs.namenode.http-address', 'nn:9870')];
  write('hadoop/hdfs-site.xml', '<configuration>', ...site, '</configuration>');
  expect(await init()).toMatchObject({ address: 'webhdfs://nn:9870/user/alice/envs/risk' });
});

describe('what the environment is made of', () => {
  test.each([
    ['a list and a project that can be built', ['requirements.txt', 'setup.py'], ['requirements.txt', '.']],
    ['the lock of another tool before a list', ['uv.lock', 'requirements.txt'], ['uv.lock']],
    ['a project alone', ['setup.py'], ['.']],
  ])('%s', async (_, files, requirements) => {
    for (const file of files) write(file);
    expect(await init()).toMatchObject({ requirements });
  });

  test('a pyproject.toml: its dependencies, or with a build system the project; and its name', async () => {
    write('pyproject.toml', '[project]', 'name = "credit risk"', 'requires-python = ">=3.8"');
    const project = await init();
    expect(project).toMatchObject({ requirements: ['pyproject.toml'], output: 'build/credit-risk' });
    expect(project).not.toHaveProperty('python');
    folder = join(folder, 'inner');
    write('pyproject.toml', '[build-system]', 'requires = ["flit_core"]');
    expect(await init()).toMatchObject({ requirements: ['.'], output: 'build/inner' });
  });

  test('one that only configures tools, or cannot be read, says nothing', async () => {
    write('pyproject.toml', '[tool.black]', 'line-length = ');
    expect(await init()).not.toHaveProperty('requirements');
  });
});

describe('the Python of the cluster', () => {
  test.each([
    ['==3.7.*', '3.7'],
    ['>=3.6,<3.7', '3.6'],
    ['== 3.9.13', '3.9.13'],
    ['~=3.8.1', '3.8'],
    ['>=3.6,<3.8', undefined],
    ['>=4', undefined],
    ['soon', undefined],
  ])('requires-python %s: %s', async (range, python) => {
    write('pyproject.toml', '[project]', 'name = "risk"', `requires-python = "${range}"`);
    expect((await init())['python']).toBe(python);
  });

  test('a lock of ours tells Python and platform, two tell nothing', async () => {
    const lock = (name: string): string[] => [
      'lock-version = "1.0"',
      'created-by = "hdfs-venv"',
      'packages = []',
      '[tool.hdfs-venv]',
      'requirements = []\nconstraints = []\noptions = []\nown-code = []\nprovided = []\nbuild = []\nmet = []\npackages = ""',
      `target = { name = "${name}", python = "3.8.13", abi = "cp38", platform = "manylinux_2_28_aarch64", digest = "" }`,
    ];
    write('.python-version', '3.11');
    write('pylock.risk.toml', ...lock('rhel8-aarch64-py38'));
    expect(await init()).toMatchObject({ python: '3.8.13', platform: 'rhel8-aarch64' });
    folder = join(folder, 'inner');
    write('pylock.a.toml', ...lock('glibc228-aarch64-py38'));
    expect(await init()).toMatchObject({ platform: 'manylinux_2_28_aarch64' });
    folder = join(folder, 'innermost');
    write('pylock.a.toml', ...lock('rhel8-aarch64-py38'));
    write('pylock.b.toml', ...lock('rhel8-aarch64-py38'));
    expect(await init()).not.toHaveProperty('python');
  });
});
