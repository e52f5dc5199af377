import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../support/scratch.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { barePython } from './cluster-python.ts';
import { hdfsVenvSucceeds, placeOn, publish, type Published, submit } from './hdfs-venv.ts';
import { expectFromEnvironment, readReport } from './report.ts';

const JOBS = join(import.meta.dirname, '../../fixtures/jobs');

/** Two small environments, one of their packages with a C extension. */
describe('small environments on HDFS and Spark 3.5.9', () => {
  const scratch = scratchDirectory('small');
  let hdfs: HdfsCluster;
  let python: string;
  let first: Published;
  let second: Published;

  const buildAndPublish = async (name: string, ...requirements: readonly string[]): Promise<Published> => {
    const directory = join(scratch.path, name);
    const target = ['--python', '3.11', '--platform', 'rhel8'];
    await hdfsVenvSucceeds('build', ...requirements, join(JOBS, 'report_origins.py'), ...target, '-o', directory);
    return publish(hdfs, directory, name);
  };
  const run = (...args: readonly string[]) => submit(hdfs, { version: '3.5.9', python, args });

  beforeAll(async () => {
    [hdfs, python] = await Promise.all([startHdfs(), barePython('3.11', join(scratch.path, 'bare'))]);
    first = await buildAndPublish('first', 'six==1.16.0', 'markupsafe==2.1.5');
    second = await buildAndPublish('second', 'six==1.17.0', 'markupsafe==3.0.2');
  });

  afterAll(async () => {
    await hdfs?.stop();
    scratch.remove();
  });

  it('switches with the directory that the job is given, the C extension too', async () => {
    const names = ['report_origins:main', 'six', 'markupsafe', 'markupsafe._speedups'];
    const before = readReport(await run(first.bootstrap, first.environment, ...names));
    expectFromEnvironment(before, { six: '1.16.0', markupsafe: '2.1.5', 'markupsafe._speedups': null });
    const after = readReport(await run(first.bootstrap, second.environment, ...names));
    expectFromEnvironment(after, { six: '1.17.0', markupsafe: '3.0.2', 'markupsafe._speedups': null });
    for (const { modules } of [after.driver, ...after.workers])
      expect(modules['markupsafe._speedups']?.file).toMatch(/\.so$/);
  });

  it('serves the bootstrap that teams write by hand, on the path that `show --path` prints', async () => {
    const { stdout } = await hdfsVenvSucceeds('show', first.address, '--path', '--user', 'alice');
    const path = stdout.trim();
    expect(path.startsWith(`${first.environment}/trees/`), path).toBe(true);
    const job = join(JOBS, 'classic_bootstrap.py');
    const report = readReport(await run(job, path, 'report_origins', 'six', 'markupsafe._speedups'));
    expectFromEnvironment(report, { six: '1.16.0', 'markupsafe._speedups': null });
  });

  it('refuses the wrong Python, with both versions', async () => {
    const wrong = await barePython('3.10', join(scratch.path, 'wrong'));
    const args = [first.bootstrap, first.environment, 'report_origins:main', 'six'];
    const result = await submit(hdfs, { version: '3.5.9', python: wrong, args });
    expect(result.exitCode).not.toBe(0);
    expect(result.stdout).not.toContain('REPORT');
    expect(result.stderr).toMatch(/ACTIVATE_PYTHON/);
    expect(result.stderr).toMatch(/3\.10/);
    expect(result.stderr).toMatch(/3\.11/);
    expect(result.stderr).toContain('PYSPARK_PYTHON');
  });

  it('refuses an environment without a release, and says where it looked', async () => {
    const empty = placeOn(hdfs, 'empty');
    const notes = join(scratch.path, 'notes');
    mkdirSync(notes);
    writeFileSync(join(notes, 'notes.txt'), 'not an environment\n');
    const copied = await hdfs.fsShell(['-put', notes, empty.path], { user: 'alice' });
    expect(copied.exitCode, copied.stderr).toBe(0);
    const result = await run(first.bootstrap, `hdfs://${empty.path}`, 'report_origins:main', 'six');
    expect(result.exitCode).not.toBe(0);
    expect(result.stderr).toContain('ACTIVATE_NO_RELEASE');
    expect(result.stderr).toContain(empty.path);
  });
});
