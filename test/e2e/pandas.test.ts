import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../support/scratch.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { barePython, pythonWithNumpy } from './cluster-python.ts';
import { hdfsVenvSucceeds, publish, type Published, submit } from './hdfs-venv.ts';
import { expectFromEnvironment, readLine, readReport } from './report.ts';

const JOBS = join(import.meta.dirname, '../../fixtures/jobs');
const TOTALS = [
  ['north', 65],
  ['south', 16.5],
  ['west', 5],
];

/** Two environments that differ in pandas, on one HDFS; one cluster's Python is bare, the other has a numpy of its own. */
describe('a pandas job on executors that read the environment from HDFS', () => {
  const scratch = scratchDirectory('pandas');
  let hdfs: HdfsCluster;
  let bare: string;
  let withNumpy: string;
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
    hdfs = await startHdfs();
    bare = await barePython('3.11', join(scratch.path, 'bare'));
    withNumpy = await pythonWithNumpy('3.11', '1.24.4', join(scratch.path, 'with-numpy'));
    older = await buildAndPublish('older', '2.1.4');
    newer = await buildAndPublish('newer', '2.2.3');
  });

  afterAll(async () => {
    await hdfs?.stop();
    scratch.remove();
  });

  const run = async (environment: Published, version: string, python: string, pandas: string): Promise<void> => {
    const args = [environment.bootstrap, environment.environment, 'pandas_job:main'];
    const result = await submit(hdfs, { version, python, args });
    expectFromEnvironment(readReport(result), { numpy: '1.26.4', pandas, 'pandas._libs.lib': null });
    expect(readLine(result)).toMatchObject({ totals: TOTALS });
  };

  it("runs on Spark 3.5.9, two pandas versions at the same time, one over the cluster's own numpy", async () => {
    await Promise.all([run(older, '3.5.9', bare, '2.1.4'), run(newer, '3.5.9', withNumpy, '2.2.3')]);
  });

  it('runs on Spark 4.3.0', () => run(newer, '4.3.0', bare, '2.2.3'));

  it("has the environment's numpy in a session whose workers had already imported the cluster's", async () => {
    const args = [join(JOBS, 'session.py'), newer.environment, 'numpy', 'pandas'];
    const result = await submit(hdfs, { version: '3.5.9', python: withNumpy, args });
    expect(readLine(result)).toMatchObject({ before: ['1.24.4'] });
    expectFromEnvironment(readReport(result), { numpy: '1.26.4', pandas: '2.2.3' });
  });
});
