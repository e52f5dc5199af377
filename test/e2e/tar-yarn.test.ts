import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../support/scratch.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { startYarn, type YarnCluster } from '../support/hadoop/yarn.ts';
import { submitToYarn, type YarnSubmitOptions } from '../support/spark/yarn-submit.ts';
import { barePython } from './cluster-python.ts';
import { hdfsVenvSucceeds, publish, type Published } from './hdfs-venv.ts';
import { expectFromEnvironment, readLine, readReport } from './report.ts';

const JOBS = join(import.meta.dirname, '../../fixtures/jobs');
const NAMES = ['six', 'markupsafe', 'markupsafe._speedups'];
const VERSIONS = { six: '1.16.0', markupsafe: '2.1.5', 'markupsafe._speedups': null };

describe('one archive for each wheel, on YARN', () => {
  const scratch = scratchDirectory('tar-yarn');
  let hdfs: HdfsCluster;
  let yarn: YarnCluster;
  let python: string;
  let published: Published;
  let digest: string;

  const run = (options: Omit<YarnSubmitOptions, 'python'>) => submitToYarn(yarn, { python, ...options });

  beforeAll(async () => {
    [hdfs, python] = await Promise.all([startHdfs({ dataNodes: 1 }), barePython('3.11', join(scratch.path, 'bare'))]);
    yarn = await startYarn(hdfs);
    const directory = join(scratch.path, 'env');
    const requirements = ['six==1.16.0', 'markupsafe==2.1.5', join(JOBS, 'report_origins.py')];
    await hdfsVenvSucceeds('build', ...requirements, '--python', '3.11', '--platform', 'rhel8', '-o', directory);
    published = await publish(hdfs, directory, 'env', '--layout', 'tar');
    const { stdout } = await hdfsVenvSucceeds('show', published.address, '--user', 'alice', '--json');
    ({ digest } = JSON.parse(stdout) as { digest: string });
  });

  afterAll(async () => {
    await yarn?.stop();
    await hdfs?.stop();
    scratch.remove();
  });

  it.each(['3.5.9', '4.3.0'])(
    'runs in cluster mode on Spark %s, every file of every container hashed',
    async (version) => {
      const options = ['--digest', digest, '--check', 'all'];
      const args = [published.bootstrap, ...options, published.environment, 'report_origins:main', ...NAMES];
      const result = await run({ version, deployMode: 'cluster', args });
      expectFromEnvironment(readReport(result), VERSIONS);
      expect(result.stderr).toMatch(/checked: files of the driver, driver, executor on \S+, executor on \S+\n/);
    },
  );

  it('runs in client mode on Spark 3.5.9', async () => {
    const args = [published.bootstrap, published.environment, 'report_origins:main', ...NAMES];
    expectFromEnvironment(readReport(await run({ version: '3.5.9', deployMode: 'client', args })), VERSIONS);
  });

  it('is there on an executor that joins later, Spark 3.5.9 with dynamic allocation', async () => {
    const configuration = {
      'spark.executor.instances': '1',
      'spark.dynamicAllocation.enabled': 'true',
      'spark.dynamicAllocation.shuffleTracking.enabled': 'true',
      'spark.dynamicAllocation.minExecutors': '1',
      'spark.dynamicAllocation.maxExecutors': '2',
    };
    const args = [join(JOBS, 'late_executor.py'), published.environment, ...NAMES];
    const result = await run({ version: '3.5.9', deployMode: 'client', args, configuration });
    expectFromEnvironment(readReport(result), VERSIONS);
    const { asked, workers } = readLine(result) as { asked: string[]; workers: { root: string }[] };
    expect(asked).toHaveLength(1);
    expect(workers.map(({ root }) => root)).toEqual(expect.arrayContaining(asked));
  });
});
