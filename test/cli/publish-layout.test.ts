import { basename, dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cacheWheels, makeEnvironment, temporaryDirectories } from '../support/environment-maker.ts';
import { type CommandLineResult, runCommandLine } from '../support/run-command-line.ts';

const temporary = temporaryDirectories('publish-layout');
let scratch: string;
let built: string;
let cache: string;

function hdfsVenv(...args: string[]): Promise<CommandLineResult> {
  return runCommandLine(args, { HDFS_VENV_CACHE: cache });
}

/** Two wheels of three files each: METADATA, WHEEL and RECORD come along. */
beforeAll(async () => {
  scratch = temporary();
  const { directory, manifest } = await makeEnvironment(scratch, [
    { name: 'risk', version: '1.0', files: { 'risk/__init__.py': 'x = 1\n' } },
    { name: 'six', version: '1.16.0', files: { 'six.py': 'six = 6\n' } },
  ]);
  built = directory;
  cache = cacheWheels(scratch, manifest);
});

test.each(['tar', 'auto'])('--layout %s makes an archive of each wheel, and says what a job needs', async (layout) => {
  const address = `file://${join(scratch, layout)}`;
  const { stdout, exitCode, stderr } = await hdfsVenv('publish', built, address, '--layout', layout);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stdout).toMatch(/^Published release 1 of file:.*: 2 archives, .* uploaded and verified/);
  // eight files and two archives of one block each
  expect(stdout).toMatch(/^A job needs 41\.0 kB of local disk .* \(archives and files\), and 8\.2 kB once more/m);
  expect(stdout).not.toContain('With --layout tar');
  const again = await hdfsVenv('publish', built, address, '--layout', layout, '--json');
  const document = JSON.parse(again.stdout) as Record<string, unknown>;
  expect(document).toMatchObject({ status: 'already-published', layout: 'tar', reusedFiles: 2 });
  expect(document).toMatchObject({ disk: { perProcess: 40_960, perMachine: 8192 } });
  expect(document).not.toHaveProperty('withTar');
});

test('without the flag it is a tree, with a line of what archives would save', async () => {
  const address = `file://${join(scratch, 'tree')}`;
  const { stdout } = await hdfsVenv('publish', built, address);
  expect(stdout).toMatch(/: 8 files, .* uploaded and verified/);
  expect(stdout).toMatch(
    /^A job needs 32\.8 kB of local disk for its driver and for each executor, and 32\.8 kB once/m,
  );
  expect(stdout).toMatch(/^With --layout tar: 2 archives instead of 8 files to upload, .* jobs start as fast\.$/m);
  const { withTar } = JSON.parse((await hdfsVenv('publish', built, address, '--json')).stdout) as { withTar: object };
  expect(withTar).toMatchObject({ files: 8, archives: 2 });
});

test('show --path prints what a script adds: one directory, or each archive', async () => {
  const tar = `file://${join(scratch, 'shown')}`;
  await hdfsVenv('publish', built, tar, '--layout', 'tar');
  const { stdout } = await hdfsVenv('show', tar, '--path');
  const lines = stdout.trim().split('\n');
  expect(lines.map((line) => dirname(line))).toEqual([`${tar}/layers`, `${tar}/layers`]);
  expect(lines.map((line) => basename(line).replace(/[0-9a-f]{12}/, '…'))).toEqual([
    'risk-1.0-….tar.gz',
    'six-1.16.0-….tar.gz',
  ]);
  expect(JSON.parse((await hdfsVenv('show', tar, '--json')).stdout)).toMatchObject({ paths: lines });
  const whole = (await hdfsVenv('show', tar)).stdout;
  for (const line of ['layout     tar', ...lines]) expect(whole).toContain(line);
});

test.each(['0', 'many', '-1'])('--replication %s is refused', async (value) => {
  const { exitCode, stderr } = await hdfsVenv('publish', built, 'file:///nowhere', '--replication', value);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('whole number from 1 up'),
  });
});
