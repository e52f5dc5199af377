import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EXIT_CODES } from '../../src/errors/hdfs-venv-error.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { writeWheel } from '../support/wheel-maker.ts';
import { barePython } from './cluster-python.ts';
import { hdfsVenv, hdfsVenvSucceeds, publish, type Published, submit } from './hdfs-venv.ts';
import { expectFromEnvironment, readLine, readReport } from './report.ts';

const JOBS = join(import.meta.dirname, '../../fixtures/jobs');
const NAMES = ['report_origins:main', 'six', 'markupsafe', 'markupsafe._speedups', 'tool'];

/** A package whose version is what its own script says: it can be imported where the script can be executed. */
const TOOL = {
  'tool/__init__.py': `import os, subprocess
script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "version")
__version__ = subprocess.check_output([script]).decode().strip()
`,
  'tool/version': '#!/bin/sh\necho 1.5\n',
};

/** What fixtures/jobs/tell_jobs.py prints. */
const jobsSchema = z.array(
  z.object({
    description: z.string().nullable(),
    tasks: z.int(),
    completed: z.int(),
    executors: z.array(z.string()),
  }),
);

describe('one archive for each wheel, on HDFS', () => {
  const scratch = scratchDirectory('tar');
  let hdfs: HdfsCluster;
  let python: string;
  let first: Published;

  const build = async (name: string, ...requirements: readonly string[]): Promise<string> => {
    const directory = join(scratch.path, name);
    const wheel = { name: 'tool', version: '1.0+cpu.1', files: TOOL, modes: { 'tool/version': 0o755 } };
    const code = [writeWheel(join(scratch.path, 'wheels'), wheel), join(JOBS, 'report_origins.py')];
    const target = ['--python', '3.11', '--platform', 'rhel8'];
    await hdfsVenvSucceeds('build', ...requirements, ...code, ...target, '-o', directory);
    return directory;
  };
  const namesBelow = async (path: string): Promise<string[]> => {
    const { stdout } = await hdfs.fsShell(['-ls', '-C', path], { user: 'alice' });
    return stdout.trim().split('\n');
  };
  /** Driver and both executors have every file of these wheels, the C extension and the executable script too. */
  const expectToRun = async (version: string, six: string): Promise<void> => {
    const args = [first.bootstrap, first.environment, ...NAMES];
    const report = readReport(await submit(hdfs, { version, python, args }));
    expectFromEnvironment(report, { six, markupsafe: '2.1.5', 'markupsafe._speedups': null, tool: '1.5' });
  };

  beforeAll(async () => {
    [hdfs, python] = await Promise.all([startHdfs(), barePython('3.11', join(scratch.path, 'bare'))]);
    first = await publish(hdfs, await build('first', 'six==1.16.0', 'markupsafe==2.1.5'), 'env', '--layout', 'tar');
  });

  afterAll(async () => {
    await hdfs?.stop();
    scratch.remove();
  });

  it.each(['3.5.9', '4.3.0'])('runs on Spark %s', (version) => expectToRun(version, '1.16.0'));

  it.each(['3.5.9', '4.3.0'])('all executors fetch while the driver still adds, on Spark %s', async (version) => {
    const args = [join(JOBS, 'tell_jobs.py'), first.environment];
    const jobs = jobsSchema.parse(readLine(await submit(hdfs, { version, python, args })));
    const isFetch = ({ description }: (typeof jobs)[number]): boolean =>
      description === 'hdfs-venv: executors fetch the environment';
    const [fetches, others] = [jobs.filter(isFetch), jobs.filter((job) => !isFetch(job))];
    expect(others).toMatchObject([{ description: expect.stringContaining('can the executors use'), tasks: 1 }]);
    // the last one comes when all is added, and may find an executor busy with the check
    expect(fetches.length, JSON.stringify(jobs)).toBeGreaterThan(1);
    expect(
      fetches.map(({ executors }) => executors),
      JSON.stringify(jobs),
    ).toContainEqual(['0', '1']);
    for (const fetch of fetches) expect(fetch).toMatchObject({ tasks: 2, completed: 2 });
  });

  it('uploads only the layers that the store lacks', async () => {
    const before = await namesBelow(`${first.path}/layers`);
    expect(before).toContainEqual(expect.stringContaining('/tool-1.0+cpu.1-'));
    const directory = await build('second', 'six==1.17.0', 'markupsafe==2.1.5');
    const options = ['--user', 'alice', '--layout', 'tar', '--json'];
    const { stdout } = await hdfsVenv('publish', directory, first.address, ...options);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'published', release: 2, uploadedFiles: 1, reusedFiles: 3 });
    const after = await namesBelow(`${first.path}/layers`);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after).toHaveLength(before.length + 1);
    await expectToRun('3.5.9', '1.17.0');
  });

  it('is whole, until an archive is edited', async () => {
    const verify = () => hdfsVenv('verify', first.address, '--user', 'alice');
    const before = await verify();
    expect(before.exitCode, before.stderr).toBe(0);
    expect(before.stdout).toContain('is whole');
    const layers = await namesBelow(`${first.path}/layers`);
    const archive = layers.find((path) => path.includes('/markupsafe-')) ?? '';
    const edited = await hdfs.fsShell(['-appendToFile', join(JOBS, 'tell.py'), archive], { user: 'alice' });
    expect(edited.exitCode, edited.stderr).toBe(0);
    const after = await verify();
    expect(after.exitCode, after.stdout).toBe(EXIT_CODES.differences);
    expect(after.stdout + after.stderr).toContain(archive.slice(first.path.length + 1));
  });
});
