import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { constants, deflateRawSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { buildEnvironment } from '../../../src/env/build/build-environment.ts';
import { openLayers, type OpenLayer } from '../../../src/env/layer/open-layers.ts';
import type { Manifest } from '../../../src/env/manifest.ts';
import { BUILD_DEFAULTS, makeEnvironment, readTree, temporaryDirectories } from '../../support/environment-maker.ts';
import { findPython } from '../../support/python.ts';
import { noise, writeWheel, type WheelOptions } from '../../support/wheel-maker.ts';
import type { ZipEntry } from '../../support/zip-maker.ts';

const newDirectory = temporaryDirectories('layers');

const NAMESPACE = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";
/** Beyond the 100 bytes that a tar header has for a name, below and above the 155 that some formats have for directories. */
const LONG = `risk/${'directory/'.repeat(12)}module_with_a_long_name.py`;
const LONGER = `risk/${'ö'.repeat(100)}/${'directory/'.repeat(20)}x.py`;

/** As a compressor does it only when it is told to: whatever is compressed again becomes something else. */
const deflatedOtherwise = (entry: ZipEntry): ZipEntry => ({
  ...entry,
  compressed: deflateRawSync(entry.data, { strategy: constants.Z_HUFFMAN_ONLY }),
});
const stored = (entry: ZipEntry): ZipEntry => ({ ...entry, method: 0 });

const RISK: WheelOptions = {
  name: 'risk',
  version: '1.0',
  files: {
    'risk/__init__.py': '',
    'risk/data.txt': 'some data, repeated '.repeat(500),
    'risk/block.bin': Buffer.alloc(512, 'x'),
    'risk/one-more.bin': Buffer.alloc(513, 'y'),
    'risk/ü (é) +#%.txt': 'ü',
    'risk/run.sh': '#!/bin/sh\n',
    [LONG]: 'x = 1\n',
    [LONGER]: 'x = 2\n',
    'risk-1.0.data/scripts/risk-report': '#!python\nimport risk\n',
    'risk-1.0.data/scripts/plain.sh': '#!/bin/sh\n',
    'ns/__init__.py': NAMESPACE,
    'ns/risk.py': '',
  },
  modes: { 'risk/run.sh': 0o755 },
  entries: (entries) => entries.map(deflatedOtherwise),
};
const STORED: WheelOptions = {
  name: 'stored.pkg',
  version: '2.0+local.1',
  files: {
    'stored/a.txt': 'a'.repeat(3000),
    'stored/b.txt': 'b',
    'ns/__init__.py': `# other\n${NAMESPACE}`,
    'ns/b.py': '',
  },
  entries: (entries) => entries.map(stored),
};

const MIB = 2 ** 20;
/** What is read at once is 1 MiB: more than that copied, deflated piece by piece, and of our own; and exactly that. */
const LARGE: WheelOptions = {
  name: 'large',
  version: '1.0',
  files: {
    'large/deflated.txt': noise(2 * MIB + 5, 'deflated'),
    'large/stored.txt': noise(2 * MIB + 513, 'stored'),
    'large/whole.txt': noise(MIB, 'stored, to the last byte of a piece'),
    'large-1.0.data/scripts/large-report': `#!python\n# ${noise(MIB + 1, 'script').toString('latin1')}\n`,
  },
  entries: (entries) => entries.map((entry) => (/stored|whole/.test(String(entry.name)) ? stored(entry) : entry)),
};

interface Built {
  readonly tree: ReturnType<typeof treeOf>;
  readonly manifest: Manifest;
  readonly wheels: readonly string[];
}

/** What is on disk, with a digest for a content that nobody could compare by eye. */
function treeOf(root: string): ReturnType<typeof readTree> {
  const entries = Object.entries(readTree(root)).map(([path, { text, mode }]) => {
    const digest = createHash('sha256').update(text).digest('hex');
    return [path, { mode, text: text.length > MIB / 2 ? `${text.length} bytes, ${digest}` : text }] as const;
  });
  return Object.fromEntries(entries);
}

async function build(wheels: readonly WheelOptions[], python = '3.7.16'): Promise<Built> {
  const directory = newDirectory();
  const target = { python, abi: 'none', platforms: ['any'], profile: null };
  const { directory: environment, manifest } = await makeEnvironment(directory, wheels, { target });
  const paths = wheels.map((wheel) => writeWheel(join(directory, 'wheels'), wheel));
  return { tree: treeOf(join(environment, 'venv')), manifest, wheels: paths };
}

/** Without workers: unit tests need no compiled code. */
function layersOf({ manifest, wheels }: Built, cacheDirectory = newDirectory(), workers = 0): Promise<OpenLayer[]> {
  return openLayers({ manifest, findWheels: () => Promise.resolve(wheels), cacheDirectory, workers });
}

async function bytesOf({ content }: OpenLayer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Unpacks all layers into one directory. */
async function unpack(layers: readonly OpenLayer[], program: (archive: string, root: string) => void): Promise<string> {
  const [archives, root] = [newDirectory(), newDirectory()];
  for (const [index, layer] of layers.entries()) {
    const archive = join(archives, `${index}.tar.gz`);
    writeFileSync(archive, await bytesOf(layer));
    program(archive, root);
  }
  return root;
}

const pythonProgram = (version: string): string => findPython(version) ?? '';
const BUSYBOX = spawnSync('busybox', ['tar', '--help']).status === 0;

describe.each([
  ['GNU tar', (archive: string, root: string) => execFileSync('tar', ['-xzf', archive], { cwd: root }), true],
  [
    'gzip and a pipe, as Hadoop does it',
    (archive: string, root: string) => execFileSync('sh', ['-c', 'gzip -dc "$0" | tar -xf -', archive], { cwd: root }),
    true,
  ],
  ...['2.7', '3.6', '3.13'].map((version) => {
    const script = 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(".")';
    const run = (archive: string, root: string): unknown =>
      execFileSync(pythonProgram(version), ['-W', 'ignore', '-c', script, archive], { cwd: root });
    return [`tarfile of Python ${version}`, run, findPython(version) !== undefined] as const;
  }),
  [
    'busybox tar',
    (archive: string, root: string) => execFileSync('busybox', ['tar', '-xzf', archive], { cwd: root }),
    BUSYBOX,
  ],
] as const)('unpacked by %s', (_, program, isThere) => {
  test.skipIf(!isThere)(
    `the layers are the environment, byte for byte${isThere ? '' : ' (skipped: it is not on this machine)'}`,
    async () => {
      const built = await build([RISK, STORED, LARGE], '2.7.18');
      const layers = await layersOf(built);
      expect(layers.map(({ label }) => label)).toEqual(['large-1.0', 'risk-1.0', 'stored-pkg-2.0+local.1']);
      expect(treeOf(await unpack(layers, program))).toEqual(built.tree);
    },
  );
});

test('what two wheels bring stands in one layer only, and what no wheel brings in one of its own', async () => {
  const parts = ['a', 'b'].map((name): WheelOptions => ({
    name: `ns_${name}`,
    version: '1.0',
    files: { [`ns/${name}.py`]: '', 'shared/same.txt': 'same' },
    distInfo: { 'namespace_packages.txt': 'ns\n' },
  }));
  const built = await build(parts, '2.7.18');
  const layers = await layersOf(built);
  expect(layers.map(({ label }) => label)).toEqual(['ns-a-1.0', 'ns-b-1.0', 'added']);
  const names: string[] = [];
  const root = await unpack(layers, (archive, place) => {
    names.push(...execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trim().split('\n'));
    execFileSync('tar', ['-xzf', archive], { cwd: place });
  });
  expect(names.toSorted()).toEqual(built.manifest.files.map(({ path }) => path).toSorted());
  expect(treeOf(root)).toEqual(built.tree);
});

test('equal wheels give equal bytes, whatever their order and their place', async () => {
  const [one, other] = [await build([RISK, STORED]), await build([STORED, RISK])];
  const digests = async (built: Built): Promise<string[]> => (await layersOf(built)).map(({ sha256 }) => sha256);
  expect(await digests(one)).toEqual(await digests(other));
});

test('threads make what the caller would have made', async () => {
  const built = await build([RISK, STORED, LARGE]);
  const [here, inThreads] = [await layersOf(built), await layersOf(built, newDirectory(), 2)];
  expect(inThreads.map(({ label, sha256 }) => [label, sha256])).toEqual(
    here.map(({ label, sha256 }) => [label, sha256]),
  );
});

test('what is said of an archive is true of it', async () => {
  for (const layer of await layersOf(await build([RISK, STORED, LARGE]))) {
    const bytes = await bytesOf(layer);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(layer.sha256);
    expect([layer.size, layer.content.size]).toEqual([bytes.length, bytes.length]);
    // whole blocks of 512 bytes, and two empty ones at the end
    const tar = gunzipSync(bytes);
    expect(tar.length % 512).toBe(0);
    expect(tar.subarray(-1024).every((byte) => byte === 0)).toBe(true);
  }
});

test('no data is compressed again: the deflate stream of the wheel is in the layer', async () => {
  const built = await build([RISK]);
  const wheel = readFileSync(built.wheels[0] ?? '');
  const name = wheel.indexOf('risk/data.txt');
  const [size, extra] = [wheel.readUInt32LE(name - 12), wheel.readUInt16LE(name - 2)];
  const data = wheel.subarray(name + 'risk/data.txt'.length + extra, name + 'risk/data.txt'.length + extra + size);
  const [layer] = await layersOf(built);
  expect((await bytesOf(layer!)).includes(data)).toBe(true);
});

/** The same length, another byte. */
function flipByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(path, bytes);
}

describe('the cache of layers', () => {
  const namesIn = (cache: string): string[] => readdirSync(join(cache, 'layers')).toSorted();
  const archive = (cache: string, { sha256 }: { readonly sha256: string }): string =>
    join(cache, 'layers', `${sha256}.tar.gz`);
  /** As `build --layout tar` does it. */
  const buildLayers = async (wheels: readonly WheelOptions[], layerCache: string): Promise<Built> => {
    const built = await build(wheels);
    const directory = join(newDirectory(), 'env');
    const options = { ...BUILD_DEFAULTS, target: built.manifest.target, layout: 'tar', layerCache } as const;
    return { ...built, manifest: await buildEnvironment({ ...options, wheels: built.wheels, directory }) };
  };
  const withoutWheels = (manifest: Manifest, cacheDirectory: string): Promise<OpenLayer[]> => {
    const findWheels = (): Promise<never> => Promise.reject(new Error('a wheel is asked for'));
    return openLayers({ manifest, findWheels, cacheDirectory, workers: 0 });
  };

  test('keeps what a build has made: the manifest names it, and no wheel is opened again', async () => {
    const cache = newDirectory();
    const { manifest, wheels, tree } = await buildLayers([RISK, STORED], cache);
    expect(manifest.layers.map(({ label }) => label)).toEqual(['risk-1.0', 'stored-pkg-2.0+local.1']);
    expect(namesIn(cache)).toEqual(manifest.layers.map(({ sha256 }) => `${sha256}.tar.gz`).toSorted());
    const layers = await withoutWheels(manifest, cache);
    expect(layers).toMatchObject(manifest.layers);
    const root = await unpack(layers, (path, place) => execFileSync('tar', ['-xzf', path], { cwd: place }));
    expect(treeOf(root)).toEqual(tree);
    const made = await layersOf({ manifest: { ...manifest, layers: [] }, wheels, tree });
    expect(made.map(({ sha256 }) => sha256)).toEqual(manifest.layers.map(({ sha256 }) => sha256));
  });

  test.each([
    ['was cut', (path: string) => writeFileSync(path, 'cut')],
    ['was changed', flipByte],
    ['is gone', (path: string) => rmSync(path)],
  ])('makes layers again when an archive %s', async (_, damage) => {
    const cache = newDirectory();
    const built = await buildLayers([RISK, STORED], cache);
    const [, last] = built.manifest.layers;
    damage(archive(cache, last!));
    await expect(withoutWheels(built.manifest, cache)).rejects.toThrow('a wheel is asked for');
    const again = await layersOf(built, cache);
    expect(again).toMatchObject(built.manifest.layers);
    const bytes = await bytesOf(again[1]!);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(last?.sha256);
    expect(await withoutWheels(built.manifest, cache)).toHaveLength(2);
  });

  test('keeps nothing of what could not be finished, and says where', async () => {
    const [built, cache] = [await build([RISK]), newDirectory()];
    const [made] = await layersOf(built);
    mkdirSync(archive(cache, made!), { recursive: true });
    await expect(layersOf(built, cache)).rejects.toMatchObject({
      code: expect.stringMatching(/^ENV_/),
      message: expect.stringContaining(`Cannot make archives in ${cache}`),
    });
    expect(namesIn(cache)).toEqual([basename(archive(cache, made!))]);
  });

  test('where no directory can be made, that is said', async () => {
    const built = await build([RISK]);
    await expect(layersOf(built, '/proc/1/nothing')).rejects.toMatchObject({
      code: 'ENV_PERMISSION',
      message: expect.stringContaining('Cannot make archives in /proc/1/nothing'),
    });
  });

  test('is shared by builds at the same time', async () => {
    const [built, cache] = [await build([RISK, STORED]), newDirectory()];
    const all = await Promise.all(Array.from({ length: 8 }, () => layersOf(built, cache)));
    expect(new Set(all.map((layers) => layers.map(({ sha256 }) => sha256).join(' '))).size).toBe(1);
    expect(namesIn(cache)).toHaveLength(2);
  });

  test('holds other bytes for the same wheel in another company', async () => {
    const cache = newDirectory();
    const [alone] = await layersOf(await build([STORED], '2.7.18'), cache);
    const together = await layersOf(await build([RISK, STORED], '2.7.18'), cache);
    expect(together.map(({ sha256 }) => sha256)).not.toContain(alone?.sha256);
  });
});

describe('wheels that do not give what the manifest describes are refused:', () => {
  const [first, second] = ['risk/data.txt', 'risk/run.sh'];
  const changed = (path: string, change: object) => (files: Manifest['files']) =>
    files.map((file) => (file.path === path ? { ...file, ...change } : file));
  test.each([
    ['a file of another length', first, changed(first, { size: 3 })],
    ['another mode', second, changed(second, { mode: '644' })],
    ['another name', 'risk/other.txt', changed(first, { path: 'risk/other.txt' })],
    ['a file more', first, (files: Manifest['files']) => files.filter(({ path }) => path !== first)],
  ])('%s', async (_, path, change) => {
    const built = await build([RISK]);
    const manifest = { ...built.manifest, files: change(built.manifest.files) };
    await expect(layersOf({ ...built, manifest })).rejects.toMatchObject({
      code: 'ENV_LAYERS_DIFFER',
      message: expect.stringContaining(`another ${path} than the manifest`),
      hints: [expect.stringContaining('Build again')],
    });
  });
});
