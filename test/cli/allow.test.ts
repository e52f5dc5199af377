import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { indexWheel } from '../support/local-index.ts';
import { useResolvePlace } from '../support/resolve-place.ts';
import { type CommandLineResult, runCommandLine } from '../support/run-command-line.ts';
import { recordHash } from '../support/wheel-maker.ts';

const CODE = 'x = 1\n';
const ODD = indexWheel({
  name: 'Odd_App',
  version: '1.0',
  files: { 'odd_app.py': CODE },
  record: (rows) =>
    rows.map(([path, hash, size]) => [path, path === 'odd_app.py' ? recordHash(Buffer.from('other')) : hash, size]),
});
const place = useResolvePlace([
  ODD,
  indexWheel({ name: 'fine', version: '1.0', files: { 'fine.py': '', 'fine_too.py': '' } }),
]);
const TARGET = ['--python', '3.11.9', '--platform', 'rhel8'];

function hdfsVenv(...args: string[]): Promise<CommandLineResult> {
  return runCommandLine(args, { HDFS_VENV_CACHE: place.cachePath });
}

function build(...args: string[]): Promise<CommandLineResult> {
  return hdfsVenv('build', ...args, ...TARGET, '--no-lock', '-o', join(place.path, 'out'));
}

test('a wheel that lies is refused, and the refusal says what to type to take it all the same', async () => {
  const refused = await build('odd-app', 'fine');
  expect(refused.exitCode).toBe(4);
  expect(refused.stderr).toContain('"odd_app.py"');
  const [flag, value] = /--allow (\S+)/.exec(refused.stderr)?.[0].split(' ') ?? [];
  const built = await build('odd-app', 'fine', flag!, value!);
  expect(built.stderr).not.toContain('error');
  expect(built).toMatchObject({ exitCode: 0 });
  expect(built.stdout).toContain('a check was switched off: WHEEL_RECORD_HASH=odd-app');
});

test('what was allowed stands in the manifest and in the release; RECORD in the tree tells the truth', async () => {
  const result = await build('odd-app', '--allow', 'WHEEL_RECORD_HASH=Odd.App', '--json');
  const allowed = [{ code: 'WHEEL_RECORD_HASH', package: 'odd-app' }];
  expect(JSON.parse(result.stdout)).toMatchObject({ allowed });
  const out = join(place.path, 'out');
  expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toMatchObject({ allowed });
  const digest = createHash('sha256').update(CODE).digest('base64url');
  const record = readFileSync(join(out, 'venv', 'Odd_App-1.0.dist-info', 'RECORD'), 'utf8');
  expect(record).toContain(`odd_app.py,sha256=${digest},${CODE.length}\n`);

  const address = `file://${place.path}/env`;
  expect(await hdfsVenv('publish', out, address)).toMatchObject({ exitCode: 0 });
  expect(JSON.parse((await hdfsVenv('show', address, '--json')).stdout)).toMatchObject({ allowed });
  expect((await hdfsVenv('show', address)).stdout).toMatch(/^allowed +WHEEL_RECORD_HASH=odd-app$/m);
});

test('a wheel that is refused can be inspected in the same way', async () => {
  const path = join(place.path, ODD.fileName);
  writeFileSync(path, ODD.content);
  expect(await hdfsVenv('inspect', path, '--limit', 'entries=1')).toMatchObject({ exitCode: 4 });
  const inspected = await hdfsVenv('inspect', path, '--allow', 'WHEEL_RECORD_HASH=odd-app', '--json');
  expect(JSON.parse(inspected.stdout)).toMatchObject({ packages: [{ name: 'odd-app' }] });
});

test('an allowance for another package does not help, and is called what it is', async () => {
  expect(await build('odd-app', '--allow', 'WHEEL_RECORD_HASH=fine')).toMatchObject({ exitCode: 4 });
  const idle = await build('fine', '--allow', 'WHEEL_RECORD_HASH=finee');
  expect(idle.stderr).toContain('--allow WHEEL_RECORD_HASH=finee allows nothing: the environment has no package finee');
  expect(idle).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining('switched off') });
});

test('the same wheels under other rules are not "already built"', async () => {
  expect((await build('fine')).stdout).toContain('Built ');
  expect((await build('fine', '--allow', 'WHEEL_ENTRY_POINT=fine')).stdout).toContain('Built ');
  expect((await build('fine', '--allow', 'WHEEL_ENTRY_POINT=fine')).stdout).toContain('Already built ');
});

test('limits can be raised and lowered; the refusal names the flag', async () => {
  const refused = await build('fine', '--limit', 'entries=4');
  expect(refused.exitCode).toBe(4);
  expect(refused.stderr).toMatch(/WHEEL_LIMIT_ENTRIES|5 entries[^]*--limit entries=NUMBER/);
  expect(await build('fine', '--limit', 'entries=4', '--limit', 'entries=5')).toMatchObject({ exitCode: 0 });
});

test.each([
  [['--allow', 'WHEEL_ZIP_CRC=fine'], /WHEEL_ZIP_CRC cannot be allowed/],
  [['--allow', 'fine'], /it must be CODE=PACKAGE/],
  [['--limit', 'files=3'], /one of entries, file-bytes, total-bytes, ratio/],
])('%j is refused before anything is asked of the index', async (flags, message) => {
  const { exitCode, stderr } = await build('fine', ...flags);
  expect([exitCode, stderr]).toStrictEqual([2, expect.stringMatching(message)]);
  expect(place.index.requests).toStrictEqual([]);
});
