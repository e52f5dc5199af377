import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VERSION } from '../../src/cli/package.ts';
import { buildEnvironment } from '../../src/env/build/build-environment.ts';
import { type CommandLineResult, runCommandLine } from '../support/run-command-line.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { writeWheel } from '../support/wheel-maker.ts';

let scratch: ReturnType<typeof scratchDirectory>;
let built: string;

beforeAll(async () => {
  scratch = scratchDirectory('cli');
  built = join(scratch.path, 'built');
  const wheel = writeWheel(scratch.path, { name: 'risk', version: '1.0', files: { 'risk/__init__.py': 'x = 1\n' } });
  await buildEnvironment({
    wheels: [wheel],
    target: { python: '3.11.9', abi: 'cp311', platforms: ['manylinux_2_17_x86_64'], profile: 'rhel7' },
    inputs: { requirements: ['risk'], digest: '0'.repeat(64) },
    provided: [{ name: 'pyspark', version: null, requirements: ['pyspark>=3'] }],
    tool: 'hdfs-venv 0.0.0',
    directory: built,
    workers: 0,
  });
});
afterAll(() => scratch.remove());

describe('the way of an environment', () => {
  let address: string;
  beforeAll(() => {
    address = `file://${join(scratch.path, 'store', 'risk')}`;
  });

  test('publish tells what it did and how to run a job; the same again does nothing', async () => {
    const first = await hdfsVenv('publish', built, address);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toMatch(/^Published release 1 of file:.*: \d+ files, .* uploaded and verified in .* s\./);
    expect(first.stdout).toMatch(/spark-submit file:.*\/bootstrap\/[0-9a-f]{12}\/activate_env\.py file:.* my_module/);
    const again = await hdfsVenv('publish', built, address);
    expect(again.stdout).toMatch(/^Already published: release 1 .* Nothing was uploaded\./);
  });

  test('publish --json is one document', async () => {
    const { stdout } = await hdfsVenv('publish', built, address, '--json');
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(document).toMatchObject({ status: 'already-published', release: 1, uploadedFiles: 0, environment: address });
    expect(await readFile(`${String(document['tree']).slice(7)}/risk/__init__.py`, 'utf8')).toBe('x = 1\n');
  });

  test('releases, show and verify', async () => {
    expect((await hdfsVenv('releases', address)).stdout).toMatch(/^RELEASE.*\n1 \(current\) .*3\.11\.9/);
    expect((await hdfsVenv('show', address)).stdout).toMatch(/risk +1\.0/);
    const newer = join(address.slice(7), 'releases', '000002.json');
    for (const text of ['{"schemaVersion": 2}', '{']) {
      await writeFile(newer, text);
      const list = await hdfsVenv('releases', address);
      expect(list).toMatchObject({ exitCode: 0 });
      expect(list.stdout).toMatch(/^RELEASE.*\n2 \(current\) +not readable by this version\n1 +2/);
      expect((await hdfsVenv('show', address)).stderr).toMatch(/not a release of schema version 1 \([^ )]/);
    }
    await rm(newer);
    const path = (await hdfsVenv('show', address, '--path')).stdout;
    expect(path).toMatch(/^file:\/\/.*\/trees\/[0-9a-f]{12}-[0-9a-f]+\n$/);
    expect(await hdfsVenv('verify', address)).toMatchObject({ exitCode: 0 });

    await writeFile(join(path.trim().slice(7), 'risk/__init__.py'), 'x = 2\n');
    const damaged = await hdfsVenv('verify', address);
    expect(damaged.exitCode).toBe(8);
    expect(damaged.stdout).toMatch(/^changed +trees\/.*\/risk\/__init__\.py: sha256 .* instead of .*/);
    const json = JSON.parse((await hdfsVenv('--json', 'verify', address)).stdout) as object;
    expect(json).toMatchObject({ whole: false, differences: [{ kind: 'checksum' }] });
  });
});

describe('wrong commands end with the right code, a message and a hint, without a stack trace', () => {
  test.each<[name: string, args: string[], exitCode: number, message: RegExp]>([
    ['an unknown command', ['publsh'], 2, /unknown command 'publsh'\n\(Did you mean publish\?\)/],
    ['an unknown option', ['verify', 'file:///a', '--fast'], 2, /unknown option '--fast'/],
    ['no arguments', ['publish'], 2, /no address was given/],
    ['no target', ['build', 'six', '-o', 'x'], 2, /neither --python nor --complete-platform was given/],
    ['a Python that nobody has', ['build', 'six', '--python', '4', '--platform', 'rhel7', '-o', 'x'], 2, /4/],
    [
      'a platform that nobody knows',
      ['build', 'six', '--python', '3.7', '--platform', 'rhel99', '-o', 'x'],
      2,
      /rhel99/,
    ],
    ['no place', ['build', 'six', '--python', '3.7', '--platform', 'rhel7', '-o', ''], 2, /must name a directory/],
    [
      'a place that is something else, before anything is resolved',
      ['build', './nothing', '--python', '3.7', '--platform', 'rhel7', '-o', '/dev/null/x'],
      7,
      /Cannot build in \/dev\/null\/x: \/dev\/null is not a directory/,
    ],
    ['a concurrency of 0', ['publish', 'x', 'file:///a', '--concurrency', '0'], 2, /whole number from 1 up/],
    ['an address that does not parse', ['publish', 'x', 'hdfs://nn/a'], 2, /"hdfs" is not known[^]*hint: .*webhdfs/],
    ['a directory that nobody built', ['publish', '/nonexistent', 'file:///a'], 2, /\/nonexistent[^]*hint: /],
    ['an environment without a release', ['releases', 'file:///nonexistent/env'], 2, /no environment was published/],
  ])('%s', async (_name, args, exitCode, message) => {
    const result = await hdfsVenv(...args);
    expect(result.stderr).toMatch(message);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stdout).toBe('');
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });

  test.each<[args: string[], message: RegExp]>([
    [['verify', 'file:///a', '--fast', '--json'], /^unknown option '--fast'/],
    [['--json', 'publsh'], /^unknown command 'publsh'/],
    [['--json'], /no command was given/],
  ])('%j prints a JSON document, too', async (args, message) => {
    const { exitCode, stdout } = await hdfsVenv(...args);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'CLI_USAGE', exitCode: 2, message: expect.stringMatching(message), hints: [] },
    });
  });

  test('publishing over something else', async () => {
    const place = join(scratch.path, 'thesis');
    await mkdir(place);
    await writeFile(join(place, 'thesis.tex'), '');
    const result = await hdfsVenv('publish', built, `file://${place}`, '--json');
    expect(result.exitCode).toBe(7);
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'PUBLISH_DIRECTORY_NOT_OURS', exitCode: 7 } });
  });

  test('an interruption', async () => {
    const controller = new AbortController();
    controller.abort();
    const result = await runCommandLine(['publish', built, `file://${join(scratch.path, 'x')}`], {}, controller.signal);
    expect(result.exitCode).toBe(130);
    expect(result.stderr).toMatch(/interrupted\. What was published before is unchanged\.\nhint: Run the same/);
  });
});

test('--version and --help go to stdout', async () => {
  expect(await hdfsVenv('--version')).toEqual({ exitCode: 0, stdout: `${VERSION}\n`, stderr: '' });
  expect((await hdfsVenv('publish', '--help')).stdout).toContain('Usage: hdfs-venv publish');
});

test('build --help says what is required and which systems there are', async () => {
  const { stdout } = await hdfsVenv('build', '--help');
  for (const word of ['rhel9', 'cdh6', 'cdp7', '-aarch64']) expect(stdout).toContain(word);
  expect(stdout.match(/\brequired\b/g)).toHaveLength(3);
  expect(stdout).not.toContain('(default: [])');
});

function hdfsVenv(...args: string[]): Promise<CommandLineResult> {
  return runCommandLine(args);
}
