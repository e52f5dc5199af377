import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../support/scratch.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { findPython } from '../support/python.ts';
import { javaOfSpark } from '../support/spark/java-of-spark.ts';
import { pythonWithNumpy } from './cluster-python.ts';
import { hdfsVenvSucceeds, publish, type Published, submit } from './hdfs-venv.ts';
import { expectFromEnvironment, readLine, readReport } from './report.ts';

const SPARK = '2.4.8';
const JOBS = join(import.meta.dirname, '../../fixtures/jobs');

const python37 = findPython('3.7');
const java = await javaOfSpark(SPARK);
const missing = [python37 === undefined ? 'no Python 3.7' : [], 'skip' in java ? java.skip : []].flat();
if (missing.length > 0) console.warn(`skipped: Spark ${SPARK} with Python 3.7: ${missing.join('; ')}`);

describe.skipIf(missing.length > 0)(`Spark ${SPARK} with Python 3.7`, () => {
  const scratch = scratchDirectory('spark-2');
  let hdfs: HdfsCluster;
  let cluster: string;
  let environment: Published;

  beforeAll(async () => {
    hdfs = await startHdfs();
    cluster = await pythonWithNumpy('3.7', '1.19.5', join(scratch.path, 'cluster'));
    const directory = join(scratch.path, 'environment');
    const requirements = ['numpy==1.21.6', 'six==1.16.0', join(JOBS, 'report_origins.py')];
    await hdfsVenvSucceeds('build', ...requirements, '--python', '3.7', '--platform', 'rhel7', '-o', directory);
    environment = await publish(hdfs, directory, 'spark-2');
  });

  afterAll(async () => {
    await hdfs?.stop();
    scratch.remove();
  });

  it("the environment's numpy wins over the cluster's", async () => {
    const args = [environment.bootstrap, environment.environment, 'report_origins:main', 'numpy', 'six'];
    const report = readReport(await submit(hdfs, { version: SPARK, python: cluster, args }));
    expect(report.driver.python).toMatch(/^3\.7\./);
    expectFromEnvironment(report, { numpy: '1.21.6', six: '1.16.0' });
  });

  it("the environment's numpy wins in a session whose workers had already imported the cluster's", async () => {
    const args = [join(JOBS, 'session.py'), environment.environment, 'numpy', 'six'];
    const result = await submit(hdfs, { version: SPARK, python: cluster, args });
    expect(readLine(result)).toMatchObject({ before: ['1.19.5'] });
    expectFromEnvironment(readReport(result), { numpy: '1.21.6', six: '1.16.0' });
  });
});
