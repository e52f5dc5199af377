import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../support/scratch.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { sparkSubmit } from '../support/spark/spark-submit.ts';
import { expectReleaseOne, makeNumpy, pythonWithMadeNumpy, toldSteps } from './activation-session.ts';
import { requirePython } from './cluster-python.ts';
import { writeRelease } from './hand-made-environment.ts';

const ROOT = join(import.meta.dirname, '../..');
const BOOTSTRAP = join(ROOT, 'bootstrap/activate_env.py');
const job = (name: string): string => join(ROOT, 'fixtures/jobs', name);
const source = (name: string): string => readFileSync(job(name), 'utf8');

const FILES = {
  'greeting/__init__.py': "__version__ = '1'\n",
  'greeting/data/empty.txt': '',
  'greeting-1.dist-info/METADATA': 'Name: greeting\n',
  'numpy/__init__.py': makeNumpy('2'),
  'tell.py': source('tell.py'),
  'exit_seven.py': source('exit_seven.py'),
  'hive.py': source('hive.py'),
};

/** The rules in the table of test/bootstrap/test_activate_env.py, by their numbers, where only a real Spark can tell. */
describe('activate_env.py on a real Spark', () => {
  const scratch = scratchDirectory('activate');
  const local = join(scratch.path, 'envs');
  const python311 = requirePython('3.11');
  let cluster: string;
  let digest: string;
  let hdfs: HdfsCluster;

  const onHdfs = (version: string, python: string, ...args: string[]) =>
    sparkSubmit({
      version,
      python,
      args,
      master: 'local-cluster[2,1,1024]',
      hadoopConfDir: hdfs.configurationDirectory,
      env: { HADOOP_USER_NAME: 'alice' },
    });
  const onDisk = (...args: string[]) => sparkSubmit({ version: '3.5.9', python: cluster, args, master: 'local[2]' });

  beforeAll(async () => {
    cluster = await pythonWithMadeNumpy(join(scratch.path, 'cluster'));
    digest = writeRelease(join(local, 'risk'), { files: FILES, python: '3.11.7' });
    for (const name of ['other', 'open']) writeRelease(join(local, name), { files: FILES, python: '3.11.7' });
    writeRelease(join(local, 'risk'), { files: { ...FILES, 'more.py': '' }, python: '3.11.7', number: 2 });
    writeRelease(join(local, 'edited'), { files: FILES, python: '3.11.7' });
    appendFileSync(join(local, 'edited', 'trees', `${digest.slice(0, 12)}-attempt`, 'greeting/__init__.py'), '#');
    mkdirSync(join(local, 'notes'));
    writeFileSync(join(local, 'notes', 'notes.txt'), '');
    hdfs = await startHdfs();
    for (const args of [
      ['-put', local, '/user/alice/envs'],
      ['-put', job('tell.py'), '/user/alice/my tell#1.py'],
      ['-chmod', '777', '/user/alice/envs/open/trees'],
    ]) {
      const done = await hdfs.fsShell(args, { user: 'alice' });
      expect(done.exitCode, done.stderr).toBe(0);
    }
  });

  afterAll(async () => {
    await hdfs?.stop();
    scratch.remove();
  });

  it('in a session: rules 3, 4, 8-12, 14, 18-21, 25', async () => {
    const place = `${hdfs.nameNodeRpc}/user/alice/envs`;
    const args = ['--py-files', BOOTSTRAP, job('activation_session.py'), place, digest];
    const result = await onHdfs('3.5.9', cluster, ...args);
    expect(result.exitCode, result.stderr).toBe(0);
    const told = toldSteps(result.stdout);
    expectReleaseOne(told, digest);
    expect(told['nothing there']).toMatchObject({ code: 'ACTIVATE_NO_RELEASE' });
    expect(told['not an environment']).toMatchObject({ code: 'ACTIVATE_NO_RELEASE' });
    expect(told['others can write']).toMatchObject({
      code: 'ACTIVATE_SHARED_WRITABLE',
      message: expect.stringContaining(`${place}/open/trees (mode 777; chmod o-w)`),
    });
    expect(told['no such release']).toMatchObject({ code: 'ACTIVATE_NO_RELEASE' });
    expect(told['another digest']).toMatchObject({ code: 'ACTIVATE_CONTENT' });
  });

  it.each(['3.5.9', '4.3.0'])(
    'a script on HDFS, a pinned release, an environment without scheme, Spark %s: rules 2, 5, 6, 15, 19',
    async (version) => {
      const options = ['--digest', digest, '/user/alice/envs/risk'];
      const result = await onHdfs(version, cluster, BOOTSTRAP, ...options, '/user/alice/my tell#1.py', 'numpy', 'ü x');
      expect(result.exitCode, result.stderr).toBe(0);
      expect(JSON.parse(result.stdout.trim())).toEqual({
        name: '__main__',
        argv0: 'my tell#1.py',
        argv: ['numpy', 'ü x'],
        app: 'my tell#1.py',
        driver: ['numpy/__init__.py', '2'],
        workers: [['numpy/__init__.py', '2', digest]],
        first: true,
        session: false,
        release: digest,
      });
      expect(result.stderr).toMatch(
        /release 1 of hdfs:.*\/envs\/risk is active; checked: files of the driver, driver, executor on \S+, executor on \S+\n/,
      );
    },
  );

  it("replaces the cluster's numpy in local mode, on the driver and in workers: rules 10, 21", async () => {
    const result = await onDisk(BOOTSTRAP, '--check', 'none', join(local, 'risk'), 'tell:main', 'numpy');
    expect(JSON.parse(result.stdout.trim()), result.stderr).toMatchObject({
      name: 'tell',
      driver: ['numpy/__init__.py', '2'],
      workers: [['numpy/__init__.py', '2', expect.any(String)]],
    });
  });

  it("leaves Hive to the application's own builder: rule 13", async () => {
    const result = await onDisk(BOOTSTRAP, join(local, 'risk'), '-m', 'hive');
    expect(result.stdout.trim(), result.stderr).toBe('catalog hive greeting 1');
  });

  it('keeps the exit code and the traceback of the application: rule 26', async () => {
    const ended = await onDisk(BOOTSTRAP, join(local, 'risk'), 'exit_seven');
    expect(ended.exitCode, ended.stderr).toBe(7);
    const raised = await onDisk(BOOTSTRAP, join(local, 'risk'), 'exit_seven', 'raise');
    expect(raised.exitCode).toBe(1);
    expect(raised.stdout).toContain("KeyError: 'of the application'");
  });

  it('refuses executors of another Python: rules 17, 29', async () => {
    const result = await sparkSubmit({
      version: '3.5.9',
      python: requirePython('3.10'),
      driverPython: python311,
      args: [BOOTSTRAP, join(local, 'risk'), 'tell', 'numpy'],
      master: 'local[2]',
    });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/made for Python 3\.11\.7 .* but the executors run Python 3\.10 \(ACTIVATE_PYTHON\)/);
    expect(result.stderr).toContain('PYSPARK_PYTHON');
    expect(result.stdout).toBe('');
  });

  it('refuses a published file that somebody edited, when the release is pinned: rule 19', async () => {
    const result = await onDisk(BOOTSTRAP, '--digest', digest, join(local, 'edited'), 'tell', 'greeting');
    expect(result.exitCode).toBe(4);
    expect(result.stderr).toContain('on this driver greeting/__init__.py hashes to');
    expect(result.stdout).toBe('');
  });

  it("refuses a directory of the driver's disk for executors elsewhere: rules 20, 29", async () => {
    const result = await onHdfs('3.5.9', python311, BOOTSTRAP, `file://${join(local, 'risk')}`, 'tell', 'greeting');
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('(ACTIVATE_LOCAL_DIRECTORY)');
  });
});
