import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { BuildDirectory, requireBuildDirectory } from '../../../src/env/build/build-directory.ts';
import { readManifest } from '../../../src/env/read-manifest.ts';
import { makeEnvironment, readTree, temporaryDirectories } from '../../support/environment-maker.ts';

const newDirectory = temporaryDirectories('build-directory');
const WHEEL = { name: 'risk', version: '1', files: { 'risk.py': 'x = 1\n' } };
const WORK = '.hdfs-venv-build';

/** The number of a process that has ended. */
function deadProcess(): number {
  return spawnSync('true').pid;
}

test('a missing directory and its parents are made', async () => {
  const base = newDirectory();
  const { directory } = await makeEnvironment(base, [WHEEL], { directory: join(base, 'env') });
  expect(readdirSync(directory).sort()).toEqual(['manifest.json', 'venv']);
});

describe('the bootstrap', () => {
  const COPY = 'activate_env.py';
  const build = (base: string, text: string, notes: string[]): ReturnType<typeof makeEnvironment> =>
    makeEnvironment(base, [WHEEL], { bootstrap: Buffer.from(text), onNote: (note) => notes.push(note) });

  test('lies beside the tree; the same one is left untouched', async () => {
    const base = newDirectory();
    const notes: string[] = [];
    const { directory } = await build(base, 'version 1', notes);
    expect(readdirSync(directory).sort()).toEqual([COPY, 'manifest.json', 'venv']);
    expect(readFileSync(join(directory, COPY), 'utf8')).toBe('version 1');
    const { ino } = statSync(join(directory, COPY));
    await build(base, 'version 1', notes);
    expect(statSync(join(directory, COPY)).ino).toBe(ino);
    expect(notes).toEqual([]);
  });

  test.each([
    ['the tree is used again', false],
    ['the tree is made again', true],
  ])('one of other bytes is replaced, and that is said: %s', async (_, again) => {
    const base = newDirectory();
    const notes: string[] = [];
    const { directory } = await build(base, 'version 1', notes);
    for (const edited of ['version 0', 'version 1, edited']) {
      writeFileSync(join(directory, COPY), edited);
      if (again) rmSync(join(directory, 'venv', 'risk.py'));
      await build(base, 'version 1', notes);
      expect(readFileSync(join(directory, COPY), 'utf8')).toBe('version 1');
    }
    const note = `${join(directory, COPY)} was edited or is another version's: it is replaced by this version's.`;
    expect(notes).toEqual([note, note]);
  });

  test('a link gives way to a file, what it leads to stays', async () => {
    const base = newDirectory();
    const notes: string[] = [];
    const { directory } = await build(base, 'version 1', notes);
    rmSync(join(directory, COPY));
    writeFileSync(join(base, 'mine.py'), 'mine');
    symlinkSync(join(base, 'mine.py'), join(directory, COPY));
    await build(base, 'version 1', notes);
    expect(lstatSync(join(directory, COPY)).isFile()).toBe(true);
    expect(readFileSync(join(base, 'mine.py'), 'utf8')).toBe('mine');
    expect(notes).toHaveLength(1);
  });
});

test.each([
  ['holds something else', { 'thesis.doc': 'years of work' }],
  ["holds a virtual environment of the user's own", { 'venv/pyvenv.cfg': '' }],
])('ENV_DIRECTORY_NOT_OURS: %s', async (_, files) => {
  const base = newDirectory();
  const directory = join(base, 'env');
  mkdirSync(join(directory, 'venv'), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
  const before = readTree(directory);
  await expect(makeEnvironment(base, [WHEEL])).rejects.toMatchObject({
    code: 'ENV_DIRECTORY_NOT_OURS',
    exit: 'conflict',
    message: expect.stringContaining(directory),
  });
  expect(readTree(directory)).toEqual(before);
});

test('ENV_DIRECTORY_NOT_OURS: a file', async () => {
  const base = newDirectory();
  writeFileSync(join(base, 'env'), 'text');
  await expect(makeEnvironment(base, [WHEEL])).rejects.toMatchObject({ code: 'ENV_DIRECTORY_NOT_OURS' });
  expect(readFileSync(join(base, 'env'), 'utf8')).toBe('text');
});

test.each([
  ['/proc/env', 'ENV_PERMISSION', 'permission'],
  ['/proc/a/b', 'ENV_PERMISSION', 'permission'],
  ['file', 'ENV_DIRECTORY_NOT_OURS', 'conflict'],
  ['file/env', 'ENV_DIRECTORY_NOT_OURS', 'conflict'],
  ['full', 'ENV_DIRECTORY_NOT_OURS', 'conflict'],
])('%s cannot take an environment, and that is known beforehand', async (path, code, exit) => {
  const base = newDirectory();
  mkdirSync(join(base, 'full'));
  for (const file of ['file', 'full/thesis.doc']) writeFileSync(join(base, file), '');
  const directory = resolve(base, path);
  await expect(requireBuildDirectory(directory)).rejects.toMatchObject({ code, exit });
  await expect(makeEnvironment(base, [WHEEL], { directory })).rejects.toMatchObject({ code, exit });
});

test('looking whether a directory can take an environment changes nothing', async () => {
  const base = newDirectory();
  await requireBuildDirectory(join(base, 'a', 'b'));
  expect(readdirSync(base)).toEqual([]);
});

test.each([
  ['a web page', '{"name":"a web page"}', 'index.html'],
  ['an extension, which may have comments', '// mine\n{"name":"an extension"}', 'venv/module.py'],
  ['nobody, beside a virtual environment', '', 'venv/bin/python'],
])('ENV_MANIFEST_NOT_OURS: the manifest.json of %s stays', async (_, text, file) => {
  const base = newDirectory();
  mkdirSync(join(base, 'env', 'venv', 'bin'), { recursive: true });
  writeFileSync(join(base, 'env', 'manifest.json'), text);
  writeFileSync(join(base, 'env', file), '');
  const before = readTree(join(base, 'env'));
  await expect(makeEnvironment(base, [WHEEL])).rejects.toMatchObject({
    code: 'ENV_MANIFEST_NOT_OURS',
    exit: 'conflict',
  });
  expect(readTree(join(base, 'env'))).toEqual(before);
});

test('a manifest that is cut short is made again, and the tree with it', async () => {
  const base = newDirectory();
  const { directory, manifest } = await makeEnvironment(base, [WHEEL]);
  truncateSync(join(directory, 'manifest.json'), 100);
  writeFileSync(join(directory, 'venv', 'stray.py'), '');
  await makeEnvironment(base, [WHEEL]);
  expect(await readManifest(directory)).toEqual(manifest);
  expect(Object.keys(readTree(join(directory, 'venv'))).sort()).toEqual(manifest.files.map(({ path }) => path));
});

test('what a killed build left is cleaned up, wherever it was killed', async () => {
  const base = newDirectory();
  const directory = join(base, 'env');
  const left = join(directory, WORK, `${hostname()}.${deadProcess()}`);
  mkdirSync(join(left, 'venv', 'half'), { recursive: true });
  mkdirSync(join(directory, 'venv'));
  writeFileSync(join(directory, 'venv', 'without-manifest.py'), '');
  await makeEnvironment(base, [WHEEL]);
  expect(readdirSync(directory).sort()).toEqual(['manifest.json', 'venv']);
  expect(existsSync(join(directory, 'venv', 'without-manifest.py'))).toBe(false);
});

test.runIf(process.platform === 'linux')('a killed build that nobody has reaped is dead', async () => {
  const base = newDirectory();
  const script = 'import os, time\npid = os.fork() or os._exit(0)\nprint(pid, flush=True)\ntime.sleep(60)';
  const parent = spawn('python3', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line]: Buffer[] = await once(parent.stdout, 'data');
    mkdirSync(join(base, 'env', WORK, `${hostname()}.${Number(line)}`), { recursive: true });
    await vi.waitFor(() => makeEnvironment(base, [WHEEL]));
    expect(readdirSync(join(base, 'env')).toSorted()).toEqual(['manifest.json', 'venv']);
  } finally {
    parent.kill();
  }
});

test('a leftover of an earlier process with our own number is cleaned up', async () => {
  const base = newDirectory();
  mkdirSync(join(base, 'env', WORK, `${hostname()}.${process.pid}`, 'venv', 'half'), { recursive: true });
  const { directory, manifest } = await makeEnvironment(base, [WHEEL]);
  expect(Object.keys(readTree(join(directory, 'venv'))).sort()).toEqual(manifest.files.map(({ path }) => path));
});

test.each([
  ['another process', `${hostname()}.${process.ppid}`],
  ['another host', 'elsewhere.1'],
])('ENV_DIRECTORY_BUSY: a build of %s is at work', async (_, name) => {
  const base = newDirectory();
  const other = join(base, 'env', WORK, name);
  mkdirSync(other, { recursive: true });
  await expect(makeEnvironment(base, [WHEEL])).rejects.toMatchObject({
    code: 'ENV_DIRECTORY_BUSY',
    exit: 'conflict',
    message: expect.stringContaining(other),
  });
  expect(readdirSync(join(base, 'env', WORK))).toEqual([name]);
});

test('ENV_DIRECTORY_BUSY: two builds of one process', async () => {
  const directory = newDirectory();
  const first = await BuildDirectory.claim(directory);
  await expect(BuildDirectory.claim(directory)).rejects.toMatchObject({ code: 'ENV_DIRECTORY_BUSY' });
  expect(existsSync(first.tree)).toBe(true);
  first.release();
  (await BuildDirectory.claim(directory)).release();
  expect(readdirSync(directory)).toEqual([]);
});

test('ENV_DISK_FULL tells what is needed and what is there, before anything is written', async () => {
  const place = await BuildDirectory.claim(newDirectory());
  expect(() => place.requireSpace(2 ** 60)).toThrow(
    expect.objectContaining({
      code: 'ENV_DISK_FULL',
      exit: 'conflict',
      message: expect.stringMatching(/needs 1152921504606847000 bytes, the disk has \d+ free/),
    }),
  );
  expect(() => place.requireSpace(1)).not.toThrow();
  place.release();
});

test('space is asked for the tree, its manifest and the bootstrap', async () => {
  const ask = vi.spyOn(BuildDirectory.prototype, 'requireSpace');
  try {
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`risk/module_${index}.py`, 'x = 1\n']));
    const bootstrap = Buffer.alloc(100_000);
    const { directory } = await makeEnvironment(newDirectory(), [{ ...WHEEL, files }], { bootstrap });
    const tree = Object.values(readTree(join(directory, 'venv')));
    const blocks = tree.reduce((sum, { text }) => sum + text.length, 0) + tree.length * 4096;
    const manifest = statSync(join(directory, 'manifest.json')).size;
    expect(ask.mock.calls[0]![0]).toBeGreaterThan(blocks + manifest + bootstrap.length);
  } finally {
    ask.mockRestore();
  }
});

test.skipIf(process.getuid?.() === 0)('ENV_PERMISSION: a directory that cannot be written to', async () => {
  const base = newDirectory();
  mkdirSync(join(base, 'env'));
  chmodSync(join(base, 'env'), 0o500);
  await expect(makeEnvironment(base, [WHEEL])).rejects.toMatchObject({ code: 'ENV_PERMISSION', exit: 'permission' });
});
