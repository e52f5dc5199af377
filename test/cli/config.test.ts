import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporaryDirectories } from '../support/environment-maker.ts';
import { runCommandLine } from '../support/run-command-line.ts';

const freshDirectory = temporaryDirectories('config-command');
let folder: string;
beforeEach(() => {
  folder = freshDirectory();
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(() => {
  vi.restoreAllMocks();
});

test('config shows every setting in force and where it comes from', async () => {
  writeFileSync(join(folder, 'hdfs-venv.toml'), '# ours\nplatform = "rhel7"\nconcurrency = 8\n');
  const variables = { HADOOP_USER_NAME: 'alice', HDFS_VENV_CONCURRENCY: '4', HDFS_VENV_PROVIDED: 'numpy pandas' };
  const { stdout } = await runCommandLine(['config'], variables);
  expect(stdout).toBe(
    [
      'user         "alice"              HADOOP_USER_NAME',
      'platform     "rhel7"              hdfs-venv.toml:2',
      'provided     ["numpy", "pandas"]  HDFS_VENV_PROVIDED',
      'concurrency  4                    HDFS_VENV_CONCURRENCY',
      '',
    ].join('\n'),
  );
  const json = await runCommandLine(['config', '--json'], variables);
  expect(JSON.parse(json.stdout)).toMatchObject({
    files: [join(folder, 'hdfs-venv.toml')],
    settings: { platform: { value: 'rhel7', origin: { kind: 'file', line: 2 } } },
  });
});

test('without a file it says how to get one', async () => {
  const { stdout, stderr } = await runCommandLine(['config'], { HADOOP_USER_NAME: 'alice' });
  expect(stdout).toMatch(/^user .*\nconcurrency {2}128 +default\n$/);
  expect(stderr).toContain('hdfs-venv init');
});

test('a file that is wrong is an error with the exit code for that', async () => {
  writeFileSync(join(folder, 'hdfs-venv.toml'), 'platfrom = "rhel7"\n');
  const { exitCode, stderr } = await runCommandLine(['config']);
  expect(stderr).toBe(
    'error: Cannot use hdfs-venv.toml:1: there is no setting "platfrom"\nhint: Did you mean platform?\n',
  );
  expect(exitCode).toBe(2);
});

test('the schema that is shipped is the one of this version: hdfs-venv config --schema > schema/hdfs-venv.schema.json', async () => {
  const shipped = new URL('../../schema/hdfs-venv.schema.json', import.meta.url);
  const { stdout } = await runCommandLine(['config', '--schema']);
  expect(JSON.parse(readFileSync(shipped, 'utf8'))).toEqual(JSON.parse(stdout));
});
