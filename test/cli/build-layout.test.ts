import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { indexWheel } from '../support/local-index.ts';
import { useResolvePlace } from '../support/resolve-place.ts';
import { type CommandLineResult, runCommandLine } from '../support/run-command-line.ts';

const place = useResolvePlace([
  indexWheel({ name: 'app', version: '1.0', files: { 'app.py': 'x = 1\n' }, requires: ['lib'] }),
  indexWheel({ name: 'lib', version: '1.0', files: { 'lib/__init__.py': '' } }),
]);

function hdfsVenv(...args: string[]): Promise<CommandLineResult> {
  return runCommandLine(args, { HDFS_VENV_CACHE: place.cachePath });
}

function build(...flags: string[]): Promise<CommandLineResult> {
  const target = ['--python', '3.11.9', '--platform', 'rhel8', '--no-lock'];
  return hdfsVenv('build', 'app', ...target, '-o', join(place.path, 'out'), ...flags);
}

const json = (output: string): unknown => JSON.parse(output);

test('build --layout tar, then publish: no file is ever unpacked, and the cache is not needed any more', async () => {
  const out = join(place.path, 'out');
  const address = `file://${place.path}/env`;
  expect((await build('--layout', 'tar')).stdout).toContain('Built ');
  expect(existsSync(join(out, 'venv'))).toBe(false);
  expect((await build('--layout', 'tar')).stdout).toContain('Already built ');

  rmSync(join(place.cachePath, 'wheels'), { recursive: true });
  const published = await hdfsVenv('publish', out, address, '--json');
  expect(json(published.stdout)).toMatchObject({ status: 'published', layout: 'tar', uploadedFiles: 2 });
  expect(await hdfsVenv('verify', address)).toMatchObject({ exitCode: 0 });
  expect(json((await hdfsVenv('inspect', out, '--json')).stdout)).toMatchObject({
    packages: [{ name: 'app' }, { name: 'lib' }],
  });
});

test('build --layout tar makes the archives, so that publish only sends them; lost ones are made again', async () => {
  const layers = join(place.cachePath, 'layers');
  const archives = (): string[] => readdirSync(layers).filter((name) => name.endsWith('.tar.gz'));
  await build('--layout', 'tar');
  expect(archives()).toHaveLength(2);
  const kept = readdirSync(join(place.path, 'out', 'wheels')).map((name) => join(place.path, 'out', 'wheels', name));
  for (const wheel of kept) renameSync(wheel, `${wheel}.away`);
  rmSync(join(place.cachePath, 'wheels'), { recursive: true });
  const publish = (name: string): Promise<CommandLineResult> =>
    hdfsVenv('publish', join(place.path, 'out'), `file://${place.path}/${name}`);
  expect(await publish('first')).toMatchObject({ exitCode: 0 });

  rmSync(layers, { recursive: true });
  const refused = await publish('second');
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no longer in the cache of wheels') });
  for (const wheel of kept) renameSync(`${wheel}.away`, wheel);
  expect(await publish('second')).toMatchObject({ exitCode: 0 });
  expect(archives()).toHaveLength(2);
});

test('a directory without unpacked files cannot be published as a tree, and says what to do', async () => {
  await build('--layout', 'tar');
  const refused = await hdfsVenv('publish', join(place.path, 'out'), `file://${place.path}/env`, '--layout', 'tree');
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it was built with --layout tar') });
  expect(refused.stderr).toMatch(/^hint: /m);
  expect(existsSync(join(place.path, 'env'))).toBe(false);
});

test('both ways to the layout tar publish the same release', async () => {
  const digests: unknown[] = [];
  for (const layout of ['tree', 'tar']) {
    const address = `file://${place.path}/env-${layout}`;
    await build('--layout', layout);
    expect(await hdfsVenv('publish', join(place.path, 'out'), address, '--layout', 'tar')).toMatchObject({
      exitCode: 0,
    });
    const { digest, layers } = json((await hdfsVenv('show', address, '--json')).stdout) as Record<string, unknown>;
    digests.push({ digest, layers });
  }
  expect(digests[0]).toEqual(digests[1]);
});
