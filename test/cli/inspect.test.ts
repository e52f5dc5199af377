import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { Interruption } from '../../src/cli/report-error.ts';
import { makeElf } from '../support/elf-maker.ts';
import { makeEnvironment, temporaryDirectories } from '../support/environment-maker.ts';
import { type CommandLineResult, runCommandLine } from '../support/run-command-line.ts';
import { type WheelOptions, writeWheel } from '../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('inspect');

const ODBC: WheelOptions = {
  name: 'odbc',
  version: '5.2',
  tag: 'cp37-cp37m-manylinux_2_17_x86_64.manylinux2014_x86_64',
  files: {
    'odbc.cpython-37m-x86_64-linux-gnu.so': makeElf({
      needed: ['libodbc.so.2', 'libshared.so.1', 'libX11.so.6', 'libc.so.6'],
      versions: { 'libc.so.6': ['GLIBC_2.14'] },
    }),
    'odbc_new.so': makeElf({ versions: { 'libc.so.6': ['GLIBC_2.28'] } }),
    'odbc.pth': 'odbc_lib\n',
  },
  metadata: { 'License-Expression': 'MIT' },
  distInfo: { 'entry_points.txt': '[console_scripts]\nodbc-check = odbc_tools.check:main\n' },
};
const SHARED: WheelOptions = {
  name: 'shared_libs',
  version: '1.0',
  tag: 'py3-none-manylinux_2_17_x86_64',
  files: { 'shared_libs/libshared.so.1': makeElf({ soname: 'libshared.so.1' }), 'ns/part/__init__.py': '' },
};

let directory: string;
let odbc: string;
let shared: string;
let built: string;
beforeAll(async () => {
  directory = newDirectory();
  odbc = writeWheel(directory, ODBC);
  shared = writeWheel(directory, SHARED);
  built = (await makeEnvironment(newDirectory(), [ODBC, SHARED])).directory;
});

function hdfsVenv(...args: string[]): Promise<CommandLineResult> {
  return runCommandLine(args);
}

test('a wheel alone: what it is, what is in it, what it needs', async () => {
  const { exitCode, stdout, stderr } = await hdfsVenv('inspect', odbc);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(
    /^PACKAGE +VERSION +FILES +SIZE +GLIBC +TAGS +LICENCE\nodbc +5\.2 +7 +.* +2\.28 +cp37-cp37m-manylinux_2_17_x86_64\.manylinux2014_x86_64 +MIT\n/,
  );
  expect(stdout).toMatch(
    /activate_env\.py ENV odbc_tools\.check:main \[argument \.\.\.\]\n +odbc-check += +odbc_tools\.check:main +\(odbc\)\n/,
  );
  expect(stdout).toMatch(/odbc\.pth \(odbc\): what it adds to sys\.path .*\n +odbc_lib\n/);
  expect(stdout).toMatch(
    /no wheel brings[^]*yum provides '\*\/libodbc\.so\.2'[^]*\n +libodbc\.so\.2 +\(odbc\) +odbc\.cpython.*\n +libshared\.so\.1 /,
  );
  expect(stdout).toMatch(/many servers lack[^]*\n +libX11\.so\.6 +\(odbc\)/);
  expect(stdout).toMatch(
    /more than their wheel says\n +\(odbc\) +needs glibc 2\.28, the wheel's tag says 2\.17: +odbc_new\.so\n/,
  );
});

test('several wheels are one set: what one brings, another does not miss', async () => {
  const { exitCode, stdout } = await hdfsVenv('inspect', shared, odbc, shared);
  expect(exitCode).toBe(0);
  expect(stdout).not.toContain('libshared.so.1');
  expect(stdout.match(/^shared-libs /gm)).toHaveLength(1);
  expect(stdout).toMatch(/Namespace packages\n +ns +no __init__\.py.*\(shared-libs\)/);
});

test('what a build made says the same of its packages, and compares with the target', async () => {
  const one = await hdfsVenv('inspect', built);
  const other = await hdfsVenv('inspect', odbc, shared);
  expect(one).toMatchObject({ exitCode: 0, stderr: '' });
  expect(
    one.stdout
      .replaceAll('the target cannot load', 'need more than their wheel says')
      .replaceAll('the target has', "the wheel's tag says"),
  ).toBe(other.stdout);
});

test('a set without machine code or anything odd is one table', async () => {
  const plain = writeWheel(newDirectory(), { name: 'plain', version: '1.0', files: { 'plain.py': '' } });
  expect((await hdfsVenv('inspect', plain)).stdout).toMatch(/^PACKAGE.*\nplain +1\.0 +4 .*\n$/);
  const native = writeWheel(newDirectory(), { name: 'plain', version: '1.0', files: { 'plain.so': makeElf() } });
  expect((await hdfsVenv('inspect', native)).stdout).toMatch(/System libraries: none but/);
});

test('--json is one document', async () => {
  const { stdout } = await hdfsVenv('inspect', odbc, '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    target: null,
    comparedWith: 'tags',
    packages: [
      {
        name: 'odbc',
        version: '5.2',
        wheel: 'odbc-5.2-cp37-cp37m-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
        licence: 'MIT',
        fileCount: 7,
        binaryCount: 2,
        glibc: '2.28',
        scripts: [{ name: 'odbc-check', target: 'odbc_tools.check:main' }],
        pathFiles: [{ path: 'odbc.pth', kind: 'other', directories: ['odbc_lib'], imports: [] }],
      },
    ],
    namespaces: [],
    libraries: [
      { library: 'libX11.so.6', origin: 'often-absent' },
      {
        library: 'libodbc.so.2',
        origin: 'extra',
        neededBy: [{ package: 'odbc', path: expect.stringMatching(/^odbc\.cpython/) }],
      },
      { library: 'libshared.so.1', origin: 'extra' },
    ],
    glibc: [{ package: 'odbc', path: 'odbc_new.so', needs: '2.28', has: '2.17' }],
    machines: [],
    unreadable: [],
  });
  const ofBuild = JSON.parse((await hdfsVenv('--json', 'inspect', built)).stdout) as object;
  expect(ofBuild).toMatchObject({ comparedWith: 'target', target: { python: '3.7.16', profile: 'rhel7' } });
});

describe('what cannot be inspected', () => {
  const file = (name: string, content: Buffer | string): string => {
    const path = join(newDirectory(), name);
    writeFileSync(path, content);
    return path;
  };
  test.each<[string, () => string[], number, string]>([
    ['no path', () => ['/nonexistent/a.whl'], 2, 'CLI_INSPECT_PATH'],
    ['a file that is no wheel', () => [file('a.zip', 'PK')], 2, 'CLI_INSPECT_PATH'],
    ['a file called like a wheel', () => [file('a.whl', 'PK')], 4, 'WHEEL_FILE_NAME'],
    ['a damaged wheel', () => [file('a-1.0-py3-none-any.whl', 'PK')], 4, 'WHEEL_NOT_A_ZIP'],
    ['a directory that no build made', () => [newDirectory()], 2, 'ENV_MANIFEST_MISSING'],
    ['a directory and a wheel', () => [built, odbc], 2, 'CLI_INSPECT_PATH'],
    ['two directories', () => [built, built], 2, 'CLI_INSPECT_PATH'],
    [
      'a directory called like a wheel',
      () => {
        const path = join(newDirectory(), 'a-1.0-py3-none-any.whl');
        mkdirSync(path);
        return [path];
      },
      2,
      'ENV_MANIFEST_MISSING',
    ],
  ])('%s', async (_name, paths, exitCode, code) => {
    const result = await hdfsVenv('inspect', ...paths(), '--json');
    expect(result.exitCode).toBe(exitCode);
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code } });
  });

  test('a library that there is no room for', async () => {
    vi.stubEnv('TMPDIR', '/nonexistent');
    try {
      const result = await hdfsVenv('inspect', odbc);
      expect(result.stderr).toMatch(/Cannot unpack odbc\.cpython.* of odbc-5\.2-.*\nhint: TMPDIR/);
      expect(result.exitCode).toBe(6);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('a signal stops it', async () => {
    const controller = new AbortController();
    const run = runCommandLine(['inspect', odbc], {}, controller.signal);
    controller.abort(new Interruption('SIGINT'));
    expect(await run).toMatchObject({ exitCode: 130, stdout: '' });
  });

  test('a wheel whose library is not what RECORD promised', async () => {
    const broken = writeWheel(newDirectory(), {
      ...ODBC,
      record: (rows) =>
        rows.map(([path, hash, size]) => [path, path.includes('odbc_new') ? `sha256=${'A'.repeat(43)}` : hash, size]),
    });
    expect(await hdfsVenv('inspect', broken)).toMatchObject({
      exitCode: 4,
      stdout: '',
      stderr: expect.stringMatching(/odbc_new/),
    });
  });
});
