import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addBuildOptions, type BuildFlags } from '../../src/cli/commands/build.ts';
import { configure, type Configured } from '../../src/cli/configure.ts';
import { createOutput } from '../../src/cli/output.ts';
import { temporaryDirectories } from '../support/environment-maker.ts';

const freshDirectory = temporaryDirectories('configure');
let folder: string;
beforeEach(() => {
  folder = freshDirectory();
  vi.spyOn(process, 'cwd').mockImplementation(() => folder);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** What `build` works with, given a file and a command line. */
async function build(
  lines: readonly string[],
  ...args: readonly string[]
): Promise<{ flags: BuildFlags; configured: Configured }> {
  writeFileSync(join(folder, 'hdfs-venv.toml'), lines.join('\n'));
  const command = addBuildOptions(new Command('build')).exitOverride();
  command.parse(args, { from: 'user' });
  const output = createOutput(new PassThrough(), new PassThrough(), false);
  const context = { output, env: {}, signal: new AbortController().signal };
  const configured = await configure(command, context, { arguments: { requirements: command.args } });
  return { flags: command.opts<BuildFlags>(), configured };
}

test('--no-index says no-index, and the file can say it', async () => {
  expect((await build([])).flags.index).toBe(true);
  expect((await build([], '--no-index')).flags.index).toBe(false);
  expect((await build(['no-index = false'], '--no-index')).flags.index).toBe(false);
  expect((await build(['no-index = true'])).flags.index).toBe(false);
  expect((await build(['no-index = false'])).flags.index).toBe(true);
});

test('-r and arguments are the requirements, in files as well', async () => {
  const lines = ['requirements = ["pandas", "-r base.in", "-rmore.in"]'];
  const fromFile = await build(lines);
  expect(fromFile.configured.requirements).toEqual(['pandas']);
  expect(fromFile.flags.requirement).toEqual(['base.in', 'more.in']);
  const fromFlags = await build(lines, '-r', 'other.in');
  expect(fromFlags.configured.requirements).toEqual([]);
  expect(fromFlags.flags.requirement).toEqual(['other.in']);
  const fromArguments = await build(lines, 'six');
  expect(fromArguments.configured.requirements).toEqual(['six']);
  expect(fromArguments.flags.requirement).toEqual([]);
});

test('one text in a file is a list of one', async () => {
  const { flags } = await build(['platform = "rhel7"', 'provided = "numpy"', 'output = "out"']);
  expect(flags).toMatchObject({ platform: ['rhel7'], provided: ['numpy'], output: 'out', layout: 'tree' });
});

test('--no-lock goes before a lock, and before locked', async () => {
  const { flags } = await build(['lock = "pylock.a.toml"', 'locked = true'], '--no-lock');
  expect(flags.lock).toBe(false);
  expect(flags.locked).toBeUndefined();
  expect((await build(['lock = "pylock.a.toml"', 'locked = true'], '--locked')).flags).toMatchObject({
    lock: 'pylock.a.toml',
    locked: true,
  });
  expect((await build(['lock = false'])).flags.lock).toBe(false);
});

test.each([
  [['layout = "auto"'], [], 'tar'],
  [['layout = "auto"', 'executors-have-tar = true'], [], 'tar'],
  [['layout = "auto"', 'executors-have-tar = false'], [], 'tree'],
  [['executors-have-tar = false'], ['--layout', 'auto'], 'tree'],
  [['layout = "auto"'], ['--layout', 'tree'], 'tree'],
  [[], [], 'tree'],
])('layout: %j and %j make %s', async (lines, args, layout) => {
  expect((await build(lines, ...args)).flags.layout).toBe(layout);
});

test('below a project file its directory is where locks lie', async () => {
  const outer = folder;
  await build([]);
  mkdirSync(join(outer, 'notebooks'));
  folder = join(outer, 'notebooks');
  const command = addBuildOptions(new Command('build'));
  const output = createOutput(new PassThrough(), new PassThrough(), false);
  const context = { output, env: {}, signal: new AbortController().signal };
  expect((await configure(command, context)).directory).toBe(outer);
});
