import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunResult, startRun } from '../support/daemon.ts';
import { indexWheel, type LocalIndex, startLocalIndex } from '../support/local-index.ts';
import { freshResolveCache } from '../support/resolve-cache.ts';
import { type ScratchDirectory, scratchDirectory } from '../support/scratch.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let index: LocalIndex;
let cache: Awaited<ReturnType<typeof freshResolveCache>>;
let scratch: ScratchDirectory;
beforeAll(async () => {
  scratch = scratchDirectory('configuration');
  cache = await freshResolveCache();
  index = await startLocalIndex([
    indexWheel({ name: 'app', version: '1.0', requires: ['lib>=1', 'pyspark'] }),
    indexWheel({ name: 'lib', version: '1.0', files: { 'lib.py': 'x = 1\n' } }),
  ]);
});
afterAll(async () => {
  await index?.close();
  cache?.remove();
  scratch?.remove();
});

/** The built command line in a folder of the project, on a machine without any other setting. */
function hdfsVenvIn(folder: string, ...args: string[]): Promise<RunResult> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: scratch.path,
    HDFS_VENV_CACHE: cache.path,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_INDEX_URL: index.url,
  };
  return startRun({ command: process.execPath, args: [main, ...args], cwd: folder, env, timeout: 300_000 }).finished;
}

test('init, an address filled in, then publish alone: locked, built, published; from below, too; again nothing is left to do', async () => {
  const project = join(scratch.path, 'risk');
  mkdirSync(join(project, 'notebooks'), { recursive: true });
  writeFileSync(join(project, 'requirements.txt'), 'app\n');
  // no .python-version: where python3 is pyenv's, it would choose the interpreter that runs pip, too
  writeFileSync(join(project, 'pyproject.toml'), '[project]\nname = "risk"\nrequires-python = "==3.7.16"\n');
  const file = join(project, 'hdfs-venv.toml');

  const init = await hdfsVenvIn(project, 'init', '--platform', 'rhel7');
  expect(init).toMatchObject({ exitCode: 0 });
  expect(init.stdout).toMatch(/\nFill in there.*: address\nThen: hdfs-venv publish\n$/);
  expect(await hdfsVenvIn(project, 'publish')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no configuration has one'),
  });
  const filled = readFileSync(file, 'utf8').replace(/^# address = .*$/m, `address = "file://${scratch.path}/store"`);
  writeFileSync(file, filled);

  const first = await hdfsVenvIn(join(project, 'notebooks'), 'publish');
  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.stdout).toMatch(/^Published release 1 of file:.*\/store: 2 archives, /);
  expect(readFileSync(join(project, 'pylock.rhel7-py37.toml'), 'utf8')).toContain('lib-1.0-py3-none-any.whl');
  expect(JSON.parse(readFileSync(join(project, 'build/risk/manifest.json'), 'utf8'))).toMatchObject({ layout: 'tar' });

  const again = await hdfsVenvIn(project, 'publish');
  expect(again.stdout).toMatch(/^Already published: release 1 of .* Nothing was uploaded\.\n/);
  expect(again.stderr).toMatch(/^Settings: hdfs-venv\.toml\n[^]*pylock\.rhel7-py37\.toml fits: 2 packages\n/);
});
