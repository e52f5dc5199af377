import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../support/scratch.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { findPython } from '../support/python.ts';
import { javaOfSpark } from '../support/spark/java-of-spark.ts';
import { sparkSubmit } from '../support/spark/spark-submit.ts';
import { writeWheel } from '../support/wheel-maker.ts';
import { barePython, pythonWithNumpy } from './cluster-python.ts';
import { hdfsVenvSucceeds, publish, type Published, submit } from './hdfs-venv.ts';
import { expectFromEnvironment, readLine, readReport } from './report.ts';

const JOBS = join(import.meta.dirname, '../../fixtures/jobs');

const java = await javaOfSpark('2.4.8');
const whySkipped = (python: string): string[] =>
  [findPython(python) === undefined ? `no Python ${python}` : [], 'skip' in java ? java.skip : []].flat();
const missing = { '2.7': whySkipped('2.7'), '3.7': whySkipped('3.7') };
for (const [python, reasons] of Object.entries(missing))
  if (reasons.length > 0) console.warn(`skipped: archives on Spark 2 with Python ${python}: ${reasons.join('; ')}`);

describe.skipIf(missing['2.7'].length > 0 && missing['3.7'].length > 0)(
  'one archive for each wheel, on Spark 2',
  () => {
    const scratch = scratchDirectory('tar-spark-2');
    let hdfs: HdfsCluster;

    const directoryOf = (python: string): string => join(scratch.path, `environment-${python}`);
    const buildAndPublish = async (python: string, ...requirements: readonly string[]): Promise<Published> => {
      const directory = directoryOf(python);
      const inputs = [...requirements, 'six==1.16.0', join(JOBS, 'report_origins.py')];
      await hdfsVenvSucceeds('build', ...inputs, '--python', python, '--platform', 'rhel7', '-o', directory);
      return publish(hdfs, directory, `tar-${python}`, '--layout', 'tar');
    };

    beforeAll(async () => {
      hdfs = await startHdfs({ dataNodes: 1 });
    });

    afterAll(async () => {
      await hdfs?.stop();
      scratch.remove();
    });

    it.skipIf(missing['3.7'].length > 0)(
      "Spark 2.4.8 with Python 3.7: the environment's numpy, in a session whose workers had already imported the cluster's",
      async () => {
        const cluster = await pythonWithNumpy('3.7', '1.19.5', join(scratch.path, 'cluster'));
        const { environment } = await buildAndPublish('3.7', 'numpy==1.21.6');
        const args = [join(JOBS, 'session.py'), environment, 'numpy', 'six'];
        const result = await submit(hdfs, { version: '2.4.8', python: cluster, args });
        expect(readLine(result)).toMatchObject({ before: ['1.19.5'] });
        expectFromEnvironment(readReport(result), { numpy: '1.21.6', six: '1.16.0' });
      },
    );

    it.skipIf(missing['2.7'].length > 0)(
      'Spark 2.1.3 with Python 2.7: names beyond ASCII without a locale, every file of every executor hashed',
      async () => {
        const python = await barePython('2.7', join(scratch.path, 'bare'));
        const files = {
          'odd/__init__.py': '__version__ = "1.0"\n',
          'odd/Füße 漢字.txt': 'more than one byte per letter\n',
        };
        const wheel = writeWheel(scratch.path, { name: 'odd', version: '1.0', files, tag: 'py2-none-any' });
        const { environment, address } = await buildAndPublish('2.7', wheel);
        const { stdout } = await hdfsVenvSucceeds('show', address, '--user', 'alice', '--json');
        const { digest } = JSON.parse(stdout) as { digest: string };
        const options = ['--digest', digest, '--check', 'all'];
        // Before 2.3 the client starts a Python file of its own disk only.
        const bootstrap = join(directoryOf('2.7'), 'activate_env.py');
        const args = [bootstrap, ...options, environment, 'report_origins:main', 'odd', 'six'];
        const result = await sparkSubmit({
          version: '2.1.3',
          python,
          args,
          master: 'local-cluster[2,1,1024]',
          hadoopConfDir: hdfs.configurationDirectory,
          env: { HADOOP_USER_NAME: 'alice', LC_ALL: '' },
        });
        const report = readReport(result);
        expect(report.driver.python).toMatch(/^2\.7\./);
        expectFromEnvironment(report, { odd: '1.0', six: '1.16.0' });
        expect(result.stderr).toMatch(/checked: files of the driver, driver, executor on \S+, executor on \S+\n/);
      },
    );
  },
);
