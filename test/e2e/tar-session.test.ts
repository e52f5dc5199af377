import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestSchema } from '../../src/env/manifest.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { pathWithout } from '../support/path-without.ts';
import { type SparkResult, sparkSubmit, type SparkSubmitOptions } from '../support/spark/spark-submit.ts';
import { writeWheel } from '../support/wheel-maker.ts';
import { expectReleaseOne, makeNumpy, pythonWithMadeNumpy, toldSteps } from './activation-session.ts';
import { hdfsVenvSucceeds, placeOn, publish, type Published } from './hdfs-venv.ts';
import { readLine } from './report.ts';

const ROOT = join(import.meta.dirname, '../..');
const JOBS = join(ROOT, 'fixtures/jobs');

const ODD = {
  'odd/__init__.py': '',
  'odd/a space, # and %41.txt': 'not an A\n',
  'odd/Füße 漢字 😀.txt': 'more than one byte per letter\n',
  [`odd/${'é'.repeat(60)}/${'long '.repeat(30)}.txt`]: 'more than a header of tar takes\n',
  'odd/empty': '',
};

describe('archives in a session, with odd names, and without tar, on Spark 3.5.9', () => {
  const scratch = scratchDirectory('tar-session');
  let hdfs: HdfsCluster;
  let cluster: string;
  let risk: Published;
  let digest: string;

  const build = async (name: string, ...more: readonly string[]): Promise<string> => {
    const directory = join(scratch.path, name);
    const wheels = join(scratch.path, 'wheels');
    const numpy = { name: 'numpy', version: '2.0', files: { 'numpy/__init__.py': makeNumpy('2') } };
    const code = [writeWheel(wheels, numpy), writeWheel(wheels, { name: 'odd', version: '1.0', files: ODD })];
    const target = ['--python', '3.11', '--platform', 'rhel8'];
    await hdfsVenvSucceeds('build', ...code, join(JOBS, 'digest_files.py'), ...more, ...target, '-o', directory);
    return directory;
  };
  const shell = async (...args: readonly string[]): Promise<void> => {
    const done = await hdfs.fsShell(args, { user: 'alice' });
    expect(done.exitCode, done.stderr).toBe(0);
  };
  /** Without LC_ALL and LANG, as in a container of YARN. */
  const run = (args: readonly string[], more: Pick<SparkSubmitOptions, 'env' | 'configuration'> = {}) =>
    sparkSubmit({
      version: '3.5.9',
      python: cluster,
      args,
      master: 'local-cluster[2,1,1024]',
      hadoopConfDir: hdfs.configurationDirectory,
      ...more,
      env: { HADOOP_USER_NAME: 'alice', LC_ALL: '', ...more.env },
    });

  beforeAll(async () => {
    hdfs = await startHdfs({ dataNodes: 1 });
    cluster = await pythonWithMadeNumpy(join(scratch.path, 'cluster'));
    const first = await build('first');
    ({ digest } = manifestSchema.parse(JSON.parse(readFileSync(join(first, 'manifest.json'), 'utf8'))));
    risk = await publish(hdfs, first, 'risk', '--layout', 'tar');
    for (const name of ['other', 'open']) await publish(hdfs, first, name, '--layout', 'tar');
    await publish(hdfs, await build('second', join(JOBS, 'exit_seven.py')), 'risk', '--layout', 'tar');
    await shell('-chmod', '777', `${placeOn(hdfs, 'open').path}/layers`);
    mkdirSync(join(scratch.path, 'notes'));
    writeFileSync(join(scratch.path, 'notes', 'notes.txt'), '');
    await shell('-put', join(scratch.path, 'notes'), placeOn(hdfs, 'notes').path);
  });

  afterAll(async () => {
    await hdfs?.stop();
    scratch.remove();
  });

  it("one release takes the place of the cluster's numpy, after a job, and no other release follows it", async () => {
    const place = `${hdfs.nameNodeRpc}/user/alice/envs`;
    const session = [join(JOBS, 'activation_session.py'), place, digest];
    const result = await run(['--py-files', join(ROOT, 'bootstrap/activate_env.py'), ...session]);
    expect(result.exitCode, result.stderr).toBe(0);
    const told = toldSteps(result.stdout);
    expectReleaseOne(told, digest);
    expect(told['others can write']).toMatchObject({
      code: 'ACTIVATE_SHARED_WRITABLE',
      message: expect.stringContaining(`${place}/open/layers (mode 777; chmod o-w)`),
    });
  });

  it('names that are long, or beyond ASCII, reach executors that have no locale', async () => {
    const options = ['--digest', digest, '--check', 'all'];
    const args = [risk.bootstrap, ...options, risk.environment, 'digest_files:main', 'odd'];
    // Archives are added by several threads, which have no JVM thread of their own here, as before Spark 3.2.
    const result = await run(args, { env: { PYSPARK_PIN_THREAD: 'false' } });
    const odd = Object.entries(ODD).map(([path, content]) => [path, [Buffer.byteLength(content), sha256(content)]]);
    expect(readLine(result)).toEqual({ workers: [Object.fromEntries(odd), Object.fromEntries(odd)] });
  });

  const noTar = (place: string): string => pathWithout('tar', join(scratch.path, place));
  const expectToTell = (result: SparkResult, code: string): void => {
    expect(result.exitCode, result.stderr).not.toBe(0);
    expect(result.stdout).not.toContain('REPORT');
    const told = result.stderr.split('\n').filter((line) => line.includes(`(${code})`));
    expect(told, result.stderr).toHaveLength(1);
    expect(told[0]).toContain('Cannot run program "tar"');
    expect(result.stderr).toContain('hint: There is no program tar, which Spark unpacks archives with');
  };

  it('the driver tells that it has no tar', async () => {
    const args = [risk.bootstrap, risk.environment, 'digest_files:main', 'odd'];
    expectToTell(await run(args, { env: { PATH: noTar('driver') } }), 'ACTIVATE_ADD_FILE');
  });

  it('the driver tells that executors have no tar', async () => {
    const args = [risk.bootstrap, risk.environment, 'digest_files:main', 'odd'];
    const configuration = { 'spark.executorEnv.PATH': noTar('executors') };
    expectToTell(await run(args, { configuration }), 'ACTIVATE_EXECUTOR');
  });
});

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
