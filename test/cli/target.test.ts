import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeTarget, readTarget } from '../../src/cli/target-options.ts';
import { completePlatformOf } from '../../src/target/complete-platform.ts';
import { parseTarget } from '../../src/target/target.ts';
import { type CommandLineResult, runCommandLine } from '../support/run-command-line.ts';
import { scratchDirectory } from '../support/scratch.ts';

let scratch: ReturnType<typeof scratchDirectory>;
beforeAll(() => {
  scratch = scratchDirectory('target');
});
afterAll(() => scratch.remove());

describe('hdfs-venv target', () => {
  test('prints a complete platform, says on stderr what it is, and reads it again', async () => {
    const printed = await hdfsVenv('target', '--python', '3.7', '--platform', 'rhel7');
    expect(printed).toMatchObject({
      exitCode: 0,
      stderr:
        'rhel7-py37: Python 3.7.17 (the newest 3.7; name another with --python X.Y.Z), cp37m, rhel7: manylinux_2_17_x86_64 and 16 older tags\n',
    });
    const target = parseTarget({ python: '3.7', platform: ['rhel7'] });
    expect(JSON.parse(printed.stdout)).toStrictEqual(completePlatformOf(target));

    const file = join(scratch.path, 'node.json');
    await writeFile(file, printed.stdout);
    const again = await hdfsVenv('target', '--complete-platform', file, '--json');
    expect(again).toStrictEqual({
      exitCode: 0,
      stdout: printed.stdout,
      stderr: 'glibc217-x86_64-py37: Python 3.7.17, cp37m, manylinux_2_17_x86_64 and 16 older tags\n',
    });
  });

  test('knows ARM in two ways', async () => {
    const profile = await hdfsVenv('target', '--python', '3.8.18', '--platform', 'rhel8', '--arch', 'aarch64');
    const glibc = await hdfsVenv('target', '--python', '3.8.18', '--glibc', '2.28', '--arch', 'aarch64');
    expect(profile.stderr).toMatch(/^rhel8-aarch64-py38: .*manylinux_2_28_aarch64 and 13 older tags$/m);
    expect(glibc.stdout).toBe(profile.stdout);
  });
});

describe('what the cluster runs must be said in exactly one way', () => {
  const WAYS = [/hint: .*--platform rhel7/, /hint: .*--glibc 2\.17/, /hint: .*--complete-platform node\.json/];

  test.each<[flags: string, message: RegExp]>([
    ['', /neither --python nor --complete-platform was given/],
    ['--python 3.7', /--python 3\.7 was given without --platform or --glibc/],
    ['--python 3.7 --arch aarch64', /without --platform or --glibc/],
    ['--platform rhel7', /--platform rhel7 was given without --python/],
    ['--abi cp27m', /--abi cp27m was given without --python/],
    ['--glibc 2.17 --arch x86_64', /--glibc 2\.17 was given without --python/],
    ['--python 3.7 --platform rhel7 --glibc 2.17', /--platform rhel7 and --glibc 2\.17 both name the system/],
    ['--complete-platform n.json --python 3.7', /--complete-platform n\.json cannot be combined with --python 3\.7/],
    ['--complete-platform n.json --platform rhel7 --platform rhel8', /with --platform rhel7 --platform rhel8$/m],
    ['--complete-platform n.json --arch aarch64', /combined with --arch aarch64/],
  ])('%j', async (flags, message) => {
    for (const command of [['target'], ['build', 'six', '-o', join(scratch.path, 'never')]]) {
      const { exitCode, stdout, stderr } = await hdfsVenv(...command, ...words(flags));
      expect(stderr).toMatch(message);
      for (const way of WAYS) expect(stderr).toMatch(way);
      expect([exitCode, stdout]).toStrictEqual([2, '']);
    }
  });
});

test.each<[flags: string, code: string, hint: RegExp]>([
  ['--python 3.7. --platform rhel7', 'TARGET_PYTHON', /--python 3\.7\?/],
  ['--python py37 --platform rhel7', 'TARGET_PYTHON', /--python 3\.7\?/],
  ['--python 3.7 --platform RHEL7', 'TARGET_PLATFORM', /--platform rhel7\?/],
  ['--python 3.7 --platform linux', 'TARGET_PLATFORM', /ldd --version/],
  ['--python 3.7 --glibc 2.17.1', 'TARGET_GLIBC', /--glibc 2\.17\?/],
  ['--python 3.7 --glibc 217', 'TARGET_GLIBC', /--glibc 2\.17\?/],
  ['--python 3.7 --glibc 2.17 --arch amd64', 'TARGET_ARCH', /--arch x86_64\?/],
  ['--python 3.7 --platform rhel8 --arch arm64', 'TARGET_ARCH', /--arch aarch64\?/],
])('%s is answered with %s and a hint', async (flags, code, hint) => {
  const { exitCode, stdout } = await hdfsVenv('target', ...words(flags), '--json');
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toStrictEqual({
    error: { code, exitCode: 2, message: expect.stringMatching(/^Cannot use "/), hints: expect.any(Array) },
  });
  const { hints } = (JSON.parse(stdout) as { error: { hints: string[] } }).error;
  expect(hints[0]).toMatch(hint);
});

describe('a complete platform that cannot be read', () => {
  test('is not there, is a directory, holds nothing', async () => {
    const directory = join(scratch.path, 'directory');
    await mkdir(directory);
    const empty = join(scratch.path, 'empty.json');
    await writeFile(empty, '');
    for (const [file, code] of [
      [join(scratch.path, 'nothing.json'), 'TARGET_FILE_MISSING'],
      ['{"marker_environment": {}}', 'TARGET_FILE_MISSING'],
      ['', 'TARGET_FILE_MISSING'],
      [directory, 'TARGET_FILE_NOT_READABLE'],
      [empty, 'TARGET_FILE_FORMAT'],
    ] as const) {
      await expect(readTarget({ completePlatform: file }), file).rejects.toMatchObject({ code, exit: 'usage' });
    }
  });
});

test.each([
  [{ python: '3.7.16', platform: ['rhel7'] }, 'Python 3.7.16, cp37m, rhel7: manylinux_2_17_x86_64 and 16 older tags'],
  [
    { python: '3.12.1', platform: ['musllinux_1_0_x86_64'] },
    'Python 3.12.1, cp312, musllinux_1_0_x86_64 and 1 older tag',
  ],
  [{ python: '2.7.18', platform: ['linux_x86_64'], abi: 'cp27m' }, 'Python 2.7.18, cp27m, linux_x86_64'],
])('%j is described as %s', (options, text) => {
  expect(describeTarget(parseTarget(options))).toBe(text);
});

function words(flags: string): string[] {
  return flags === '' ? [] : flags.split(' ');
}

function hdfsVenv(...args: string[]): Promise<CommandLineResult> {
  return runCommandLine(args);
}
