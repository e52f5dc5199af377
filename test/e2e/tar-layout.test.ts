import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../support/scratch.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { barePython } from './cluster-python.ts';
import { hdfsVenv, hdfsVenvSucceeds, publish, type Published, submit } from './hdfs-venv.ts';
import { expectFromEnvironment, readReport } from './report.ts';

const JOBS = join(import.meta.dirname, '../../fixtures/jobs');
const NAMES = ['report_origins:main', 'six', 'markupsafe', 'markupsafe._speedups'];

describe('one archive for each wheel, on HDFS', () => {
  const scratch = scratchDirectory('tar');
  let hdfs: HdfsCluster;
  let python: string;
  let first: Published;

  const build = async (name: string, ...requirements: readonly string[]): Promise<string> => {
    const directory = join(scratch.path, name);
    const target = ['--python', '3.11', '--platform', 'rhel8'];
    await hdfsVenvSucceeds('build', ...requirements, join(JOBS, 'report_origins.py'), ...target, '-o', directory);
    return directory;
  };
  const namesBelow = async (path: string): Promise<string[]> => {
    const { stdout } = await hdfs.fsShell(['-ls', '-C', path], { user: 'alice' });
    return stdout.trim().split('\n');
  };

  beforeAll(async () => {
    [hdfs, python] = await Promise.all([startHdfs(), barePython('3.11', join(scratch.path, 'bare'))]);
    first = await publish(hdfs, await build('first', 'six==1.16.0', 'markupsafe==2.1.5'), 'env', '--layout', 'tar');
  });

  afterAll(async () => {
    await hdfs?.stop();
    scratch.remove();
  });

  it.each(['3.5.9', '4.3.0'])('runs on Spark %s, with the C extension', async (version) => {
    const args = [first.bootstrap, first.environment, ...NAMES];
    const report = readReport(await submit(hdfs, { version, python, args }));
    expectFromEnvironment(report, { six: '1.16.0', markupsafe: '2.1.5', 'markupsafe._speedups': null });
  });

  it('is whole, until an archive is edited', async () => {
    expect((await hdfsVenvSucceeds('verify', first.address, '--user', 'alice')).stdout).toContain('is whole');
  });

  it('uploads only the layers that the store lacks', async () => {
    const before = await namesBelow(`${first.path}/layers`);
    const directory = await build('second', 'six==1.17.0', 'markupsafe==2.1.5');
    const { stdout } = await hdfsVenv(
      'publish',
      directory,
      first.address,
      '--user',
      'alice',
      '--layout',
      'tar',
      '--json',
    );
    expect(JSON.parse(stdout)).toMatchObject({ status: 'published', release: 2, uploadedFiles: 1, reusedFiles: 2 });
    const after = await namesBelow(`${first.path}/layers`);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after).toHaveLength(before.length + 1);
    const args = [first.bootstrap, first.environment, ...NAMES];
    const report = readReport(await submit(hdfs, { version: '3.5.9', python, args }));
    expectFromEnvironment(report, { six: '1.17.0', markupsafe: '2.1.5', 'markupsafe._speedups': null });
  });
});
