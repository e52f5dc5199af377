import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchDirectory } from '../support/scratch.ts';
import { makeEnvironment } from '../support/environment-maker.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { freePorts } from '../support/ports.ts';
import { hdfsVenv, hdfsVenvSucceeds, placeOn, publish, startHdfsVenv } from './hdfs-venv.ts';

/** Publishing to a real HDFS when something goes wrong. Oracle: Hadoop's own FsShell, and a whole `verify`. */

const FILES = 240;

let hdfs: HdfsCluster;
let scratch: ReturnType<typeof scratchDirectory>;
let one: string;
let two: string;

beforeAll(async () => {
  hdfs = await startHdfs();
  scratch = scratchDirectory('e2e-publish');
  one = await build('one');
  two = await build('two');
});
afterAll(async () => {
  await hdfs?.stop();
  scratch?.remove();
});

describe('a publisher that is killed', () => {
  test('leaves the old release as it was; the next run goes on with what is there', async () => {
    const place = await publish(hdfs, one, 'killed');
    const before = await releasesSeenByHadoop(place.path);

    const doomed = startHdfsVenv('publish', two, place.address, '--user', 'alice', '--concurrency', '4');
    await waitForTreeFiles(place.path, FILES / 4);
    doomed.kill('SIGKILL');
    await doomed.finished;

    expect(await releasesSeenByHadoop(place.path)).toEqual(before);
    await hdfsVenvSucceeds('verify', place.address, '--user', 'alice');

    const { stdout, stderr } = await hdfsVenvSucceeds('publish', two, place.address, '--user', 'alice', '--json');
    const result = JSON.parse(stdout) as { uploadedFiles: number; reusedFiles: number; release: number };
    expect(stderr).toContain('Going on with what an interrupted attempt');
    expect(result.release).toBe(2);
    expect(result.reusedFiles).toBeGreaterThanOrEqual(FILES / 4 - 4);
    expect(result.uploadedFiles + result.reusedFiles).toBeGreaterThanOrEqual(FILES);
    await hdfsVenvSucceeds('verify', place.address, '--user', 'alice');
    await hdfsVenvSucceeds('verify', place.address, '--user', 'alice', '--release', '1');
    const listing = await hadoop('-ls', '-C', `${place.path}/trees`);
    expect(listing.trim().split('\n')).toHaveLength(2);
  });

  test('with Ctrl-C stops at once, says what that means, and is gone on with', async () => {
    const place = placeOn(hdfs, 'interrupted');
    const running = startHdfsVenv('publish', one, place.address, '--user', 'alice', '--concurrency', '4');
    await waitForTreeFiles(place.path, FILES / 4);
    running.kill('SIGINT');
    const { exitCode, stderr } = await running.finished;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/error: interrupted\. What was published before is unchanged\./);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await hdfsVenv('releases', place.address, '--user', 'alice')).exitCode).toBe(2);
    const { stdout } = await hdfsVenvSucceeds('publish', one, place.address, '--user', 'alice', '--json');
    expect((JSON.parse(stdout) as { reusedFiles: number }).reusedFiles).toBeGreaterThan(0);
  });
});

describe('two publishers at once', () => {
  test('of one content: both succeed, one release', async () => {
    const place = placeOn(hdfs, 'same');
    const results = await Promise.all(
      [1, 2].map(() => hdfsVenvSucceeds('publish', one, place.address, '--user', 'alice')),
    );
    expect(new Set(results.map(({ stdout }) => stdout.split(' ')[0]))).toEqual(new Set(['Already', 'Published']));
    expect(await releasesSeenByHadoop(place.path)).toHaveLength(1);
    await hdfsVenvSucceeds('verify', place.address, '--user', 'alice');
  });

  test('of other contents: both succeed, two releases, both whole', async () => {
    const place = placeOn(hdfs, 'different');
    await Promise.all(
      [one, two].map((directory) => hdfsVenvSucceeds('publish', directory, place.address, '--user', 'alice')),
    );
    expect(await releasesSeenByHadoop(place.path)).toHaveLength(2);
    for (const number of ['1', '2']) {
      await hdfsVenvSucceeds('verify', place.address, '--user', 'alice', '--release', number);
    }
  });
});

test('what somebody changed with a Hadoop client is found by verify', async () => {
  const place = await publish(hdfs, one, 'edited');
  const tree = (await hdfsVenvSucceeds('show', place.address, '--path', '--user', 'alice')).stdout.trim();
  const other = join(scratch.path, 'other.py');
  await writeFile(other, 'number = 9\n');
  await hadoop('-put', '-f', other, `${tree}/one/module_1.py`);
  await hadoop('-put', other, `${tree}/one/planted.py`);
  await hadoop('-rm', '-skipTrash', `${tree}/one/module_2.py`);
  const { exitCode, stdout } = await hdfsVenv('verify', place.address, '--user', 'alice');
  expect(exitCode).toBe(8);
  const inTree = stdout.replaceAll(/trees\/[^/]+\//g, '');
  expect(inTree).toMatch(/^changed +one\/module_1\.py: sha256/m);
  expect(inTree).toMatch(/^missing +one\/module_2\.py$/m);
  expect(inTree).toMatch(/^extra +one\/planted\.py$/m);
  expect(inTree).toMatch(/is not what was published: 3 differences/);
});

describe('bad input loses nothing and says what to do', () => {
  test('nobody listens', async () => {
    const [port] = await freePorts(1);
    const { exitCode, stderr } = await hdfsVenv('publish', one, `webhdfs://127.0.0.1:${port}/user/alice/envs/x`);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(new RegExp(`^error: .*127\\.0\\.0\\.1:${port}`, 'm'));
    expect(stderr).toMatch(/^hint: .*9870.*50070|^hint: .*50070.*9870/m);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("permission denied: path, user and what is needed, and alice's directory stays empty", async () => {
    const place = placeOn(hdfs, 'hers');
    const { exitCode, stderr } = await hdfsVenv('publish', one, place.address, '--user', 'bob');
    expect(exitCode).toBe(6);
    expect(stderr).toMatch(/^error: .*bob.*/m);
    expect(stderr).toContain('/user/alice');
    expect(stderr).not.toMatch(/^\s+at |org\.apache\.hadoop\.hdfs\.server/m);
    expect((await hdfs.fsShell(['-test', '-e', place.path], { user: 'alice' })).exitCode).not.toBe(0);
  });

  test('the directory holds something else', async () => {
    const place = placeOn(hdfs, 'thesis');
    await hadoop('-mkdir', '-p', `${place.path}/chapters`);
    const { exitCode, stderr } = await hdfsVenv('publish', one, place.address, '--user', 'alice');
    expect(exitCode).toBe(7);
    expect(stderr).toContain('chapters');
    expect(await hadoop('-ls', '-C', place.path)).toBe(`${place.path}/chapters\n`);
  });

  test('a tree on disk that changed after the build', async () => {
    const place = placeOn(hdfs, 'changed');
    const changed = await build('changed');
    const file = join(changed, 'venv', 'changed', 'module_3.py');
    await writeFile(file, (await readFile(file, 'utf8')).replace('3', '4'));
    const { exitCode, stderr } = await hdfsVenv('publish', changed, place.address, '--user', 'alice');
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/module_3\.py: the local file changed since the build/);
    expect((await hdfsVenv('releases', place.address, '--user', 'alice')).exitCode).toBe(2);
  });
});

async function build(name: string): Promise<string> {
  const files: Record<string, string> = { [`${name}/__init__.py`]: '' };
  for (let index = 1; index < FILES; index += 1) files[`${name}/module_${index}.py`] = `number = ${index}\n`;
  return (await makeEnvironment(join(scratch.path, name), [{ name, version: '1.0', files }])).directory;
}

async function hadoop(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await hdfs.fsShell(args, { user: 'alice' });
  if (exitCode !== 0) throw new Error(`FsShell ${args.join(' ')}: ${exitCode}\n${stderr}`);
  return stdout.endsWith('\n') ? stdout : `${stdout}\n`;
}

/** Length, time and name of every release file: any change of one shows. */
async function releasesSeenByHadoop(path: string): Promise<string[]> {
  const listing = await hadoop('-stat', '%b %Y %n', `${path}/releases/*`);
  return listing.trim().split('\n');
}

/** Waits, at most a minute, until an attempt in flight has uploaded that many files and not yet all. */
async function waitForTreeFiles(path: string, count: number): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    for (const attempt of await namesIn(`${path}/.incoming`)) {
      for (const directory of await namesIn(`${path}/.incoming/${attempt}/tree`)) {
        const files = await namesIn(`${path}/.incoming/${attempt}/tree/${directory}`);
        if (files.length >= count && files.length < FILES) return;
      }
    }
    await sleep(50);
  }
  throw new Error(`no attempt below ${path} came to have ${count} of ${FILES} files uploaded`);
}

async function namesIn(directory: string): Promise<string[]> {
  const response = await fetch(`${hdfs.webhdfsUrl}/webhdfs/v1${directory}?op=LISTSTATUS&user.name=alice`);
  if (!response.ok) return [];
  const document = (await response.json()) as { FileStatuses: { FileStatus: { pathSuffix: string }[] } };
  return document.FileStatuses.FileStatus.map(({ pathSuffix }) => pathSuffix);
}
