import { execa } from 'execa';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../support/daemon.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { findPython, hostPython, makeVirtualenv } from '../support/python.ts';
import { hdfsVenvSucceeds, publish, type Published, submit } from './hdfs-venv.ts';
import { expectFromEnvironment, readLine, readReport } from './report.ts';

const JOBS = join(import.meta.dirname, '../../fixtures/jobs');
const TOTALS = [
  ['north', 65],
  ['south', 16.5],
  ['west', 5],
];

/** Two environments that differ in pandas, on one HDFS; the cluster's Python is bare or has a numpy of its own. */
describe('a pandas job on executors that read the environment from HDFS', () => {
  const scratch = scratchDirectory('pandas');
  const python311 = findPython('3.11') ?? '';
  let hdfs: HdfsCluster;
  let bare: string;
  let older: Published;
  let newer: Published;

  const buildAndPublish = async (name: string, pandas: string): Promise<Published> => {
    const directory = join(scratch.path, name);
    const code = ['pandas_job.py', 'report_origins.py'].map((file) => join(JOBS, file));
    const target = ['--python', '3.11', '--platform', 'rhel8'];
    await hdfsVenvSucceeds('build', `pandas==${pandas}`, 'numpy==1.26.4', ...code, ...target, '-o', directory);
    return publish(hdfs, directory, name);
  };

  beforeAll(async () => {
    expect(python311, 'a Python 3.11 on this machine').not.toBe('');
    [hdfs, bare] = await Promise.all([startHdfs(), makeVirtualenv(python311, join(scratch.path, 'bare'))]);
    older = await buildAndPublish('older', '2.1.4');
    newer = await buildAndPublish('newer', '2.2.3');
  });

  afterAll(async () => {
    await hdfs.stop();
    scratch.remove();
  });

  const run = (environment: Published, { version = '3.5.9', python = bare } = {}) =>
    submit(hdfs, {
      version,
      python,
      args: [`${environment.uri}/activate_env.py`, environment.path, 'pandas_job:main'],
    });

  it('runs on Spark 3.5.9, two environments with two pandas versions at the same time', async () => {
    const [first, second] = await Promise.all([run(older), run(newer)]);
    expectFromEnvironment(readReport(first), { numpy: '1.26.4', pandas: '2.1.4', 'pandas._libs.lib': null });
    expectFromEnvironment(readReport(second), { numpy: '1.26.4', pandas: '2.2.3', 'pandas._libs.lib': null });
    expect(readLine(first)).toMatchObject({ totals: TOTALS });
    expect(readLine(second)).toMatchObject({ totals: TOTALS });
  });

  it('runs on Spark 4.3.0', async () => {
    const result = await run(newer, { version: '4.3.0' });
    expectFromEnvironment(readReport(result), { numpy: '1.26.4', pandas: '2.2.3', 'pandas._libs.lib': null });
    expect(readLine(result)).toMatchObject({ totals: TOTALS });
  });

  describe("where the cluster's own Python has another numpy", () => {
    let cluster: string;

    beforeAll(async () => {
      const directory = join(scratch.path, 'cluster');
      cluster = await makeVirtualenv(python311, directory);
      const into = ['--target', join(directory, 'lib', 'python3.11', 'site-packages'), '--python-version', '3.11'];
      await execa(hostPython(), [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--only-binary',
        ':all:',
        ...into,
        'numpy==1.24.4',
      ]);
      const { stdout } = await execa(cluster, ['-c', 'import numpy; print(numpy.__version__)']);
      expect(stdout).toBe('1.24.4');
    });

    it('the environment wins on the driver and on the workers', async () => {
      const result = await run(newer, { python: cluster });
      expectFromEnvironment(readReport(result), { numpy: '1.26.4', pandas: '2.2.3', 'pandas._libs.lib': null });
    });

    it('the environment wins in a session that had already run a job', async () => {
      const args = [join(JOBS, 'session.py'), newer.uri, 'numpy', 'pandas'];
      const result = await submit(hdfs, { version: '3.5.9', python: cluster, args });
      expect(readLine(result)).toMatchObject({ before: ['1.24.4'] });
      expectFromEnvironment(readReport(result), { numpy: '1.26.4', pandas: '2.2.3' });
    });
  });
});
