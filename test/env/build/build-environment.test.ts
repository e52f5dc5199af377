import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Progress } from '../../../src/env/progress.ts';
import { openEntry } from '../../../src/env/entry.ts';
import { compareUtf8, renderFileList } from '../../../src/env/file-list.ts';
import { manifestSchema } from '../../../src/env/manifest.ts';
import { readManifest } from '../../../src/env/read-manifest.ts';
import { STRICT } from '../../../src/wheel/rules.ts';
import { treeOfFiles } from '../../support/arbitraries.ts';
import { makeEnvironment, readTree, temporaryDirectories } from '../../support/environment-maker.ts';
import { recordHash, type WheelOptions } from '../../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('build-environment');

const RISK: WheelOptions = {
  name: 'risk_app',
  version: '1.0',
  files: {
    'risk_app/__init__.py': 'x = 1\n',
    'risk_app/run.sh': '#!/bin/sh\n',
    'risk_app/secret.txt': 'unreadable for others\n',
    'risk_app-1.0.data/purelib/pure.py': 'pure\n',
    'risk_app-1.0.data/platlib/plat/native.py': 'plat\n',
    'risk_app-1.0.data/scripts/risk': '#!python -E\nimport risk_app\n',
    'risk_app-1.0.data/scripts/risk.sh': '#!/bin/sh\n#!python\n',
    'risk_app-1.0.data/headers/risk.h': '#pragma once\n',
    'risk_app-1.0.data/data/share/risk/a.txt': 'data\n',
  },
  modes: { 'risk_app/run.sh': 0o700, 'risk_app/secret.txt': 0o600 },
  metadata: { 'License-Expression': 'Apache-2.0' },
  entries: (entries) => [{ name: 'risk_app/empty/', data: Buffer.alloc(0), mode: 0o40755 }, ...entries],
};

describe('the tree', () => {
  test('files are spread, modes are normalised, no directory is empty', async () => {
    const { directory } = await makeEnvironment(newDirectory(), [RISK]);
    const tree = readTree(join(directory, 'venv'));
    const modes = Object.fromEntries(Object.entries(tree).map(([path, { mode }]) => [path, mode]));
    expect(modes).toEqual({
      'bin/risk': '755',
      'bin/risk.sh': '755',
      'include/site/python3.7/risk_app/risk.h': '644',
      'plat/native.py': '644',
      'pure.py': '644',
      'risk_app/__init__.py': '644',
      'risk_app/run.sh': '755',
      'risk_app/secret.txt': '644',
      'risk_app-1.0.dist-info/METADATA': '644',
      'risk_app-1.0.dist-info/RECORD': '644',
      'risk_app-1.0.dist-info/WHEEL': '644',
      'share/risk/a.txt': '644',
    });
  });

  test("a script asks for the interpreter of the machine it runs on, not of this machine's", async () => {
    const { directory } = await makeEnvironment(newDirectory(), [RISK]);
    const tree = readTree(join(directory, 'venv'));
    expect(tree['bin/risk']?.text).toBe('#!/usr/bin/env python\nimport risk_app\n');
    expect(tree['bin/risk.sh']?.text).toBe('#!/bin/sh\n#!python\n');
  });

  test('modes do not depend on the umask', async () => {
    const before = process.umask(0o077);
    try {
      const { directory } = await makeEnvironment(newDirectory(), [RISK]);
      expect(readTree(join(directory, 'venv'))['risk_app/__init__.py']?.mode).toBe('644');
    } finally {
      process.umask(before);
    }
  });

  test('RECORD stays as it is where it is true, and is made true where files moved', async () => {
    const plain: WheelOptions = { name: 'plain', version: '2.0', files: { 'plain.py': '' } };
    const { directory, manifest } = await makeEnvironment(newDirectory(), [RISK, plain]);
    const tree = readTree(join(directory, 'venv'));
    expect(tree['plain-2.0.dist-info/RECORD']?.text).toContain(`plain.py,${recordHash(Buffer.alloc(0))},0\n`);
    const rows = tree['risk_app-1.0.dist-info/RECORD']!.text.trim().split('\n');
    const script = Buffer.from('#!/usr/bin/env python\nimport risk_app\n');
    expect(rows).toContain(`bin/risk,${recordHash(script)},${script.length}`);
    expect(rows).toContain('risk_app-1.0.dist-info/RECORD,,');
    expect(rows.map((row) => row.split(',')[0] ?? '').toSorted(compareUtf8)).toEqual(
      manifest.files
        .map(({ path }) => path)
        .filter((path) => !path.startsWith('plain'))
        .toSorted(compareUtf8),
    );
  });

  test('Python imports it and finds its distributions, their files and their scripts', async () => {
    const { directory } = await makeEnvironment(newDirectory(), [RISK]);
    const script =
      'import importlib.metadata as m, risk_app, json; d = m.distribution("risk-app"); ' +
      'print(json.dumps([risk_app.x, d.version, all(f.locate().is_file() for f in d.files), len(d.files)]))';
    const environment = { ...process.env, PYTHONPATH: join(directory, 'venv'), PYTHONDONTWRITEBYTECODE: '1' };
    const output = execFileSync('python3', ['-c', script], { env: environment, encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual([1, '1.0', true, 12]);
  });
});

describe('the manifest', () => {
  test('says what was built', async () => {
    const provided = [{ name: 'pyspark', version: null, requirements: ['pyspark>=3.3'] }];
    const base = newDirectory();
    const { directory, manifest } = await makeEnvironment(base, [RISK], { provided });
    expect(manifestSchema.parse(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')))).toEqual(manifest);
    expect(await readManifest(directory)).toEqual(manifest);
    const wheel = readFileSync(join(base, 'wheels', 'risk_app-1.0-py3-none-any.whl'));
    expect(manifest.packages).toEqual([
      {
        name: 'risk-app',
        version: '1.0',
        wheel: 'risk_app-1.0-py3-none-any.whl',
        sha256: createHash('sha256').update(wheel).digest('hex'),
        licence: 'Apache-2.0',
      },
    ]);
    expect(manifest.provided).toEqual(provided);
    expect(manifest.topLevel).toEqual([
      { name: 'bin', type: 'directory' },
      { name: 'include', type: 'directory' },
      { name: 'plat', type: 'directory' },
      { name: 'pure.py', type: 'file' },
      { name: 'risk_app', type: 'directory' },
      { name: 'risk_app-1.0.dist-info', type: 'directory' },
      { name: 'share', type: 'directory' },
    ]);
    expect(manifest.digest).toBe(createHash('sha256').update(renderFileList(manifest.files)).digest('hex'));
  });

  test('lists every file on disk with its true size, digest and mode', async () => {
    const { directory, manifest } = await makeEnvironment(newDirectory(), [RISK]);
    const onDisk = Object.entries(readTree(join(directory, 'venv'))).map(([path, { text, mode }]) => {
      const bytes = Buffer.from(text);
      return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), mode };
    });
    const listed = manifest.files.map(({ path, size, sha256, mode }) => ({ path, size, sha256, mode }));
    expect(new Set(listed)).toEqual(new Set(onDisk));
    // The HDFS checksum of an empty file is a constant of Hadoop's.
    const empty = await makeEnvironment(newDirectory(), [{ name: 'e', version: '1', files: { 'e.py': '' } }]);
    expect(empty.manifest.files.find(({ path }) => path === 'e.py')?.hdfsChecksum).toBe(
      '70bc8f4b72a86921468bf8e8441dce51',
    );
  });

  test('equal wheels have an equal digest, whatever their order, directory, time and compression', async () => {
    const other: WheelOptions = { name: 'other', version: '1', files: { 'other.py': 'y' } };
    const stored: WheelOptions = {
      ...RISK,
      entries: (entries) => entries.map((entry) => ({ ...entry, method: 0, dosTime: 0 })),
    };
    const first = await makeEnvironment(newDirectory(), [RISK, other]);
    const second = await makeEnvironment(newDirectory(), [other, stored]);
    expect(second.manifest.digest).toBe(first.manifest.digest);
    expect(second.manifest.packages).not.toEqual(first.manifest.packages);
  });
});

test('any tree of files comes out as it went in', async () => {
  await fc.assert(
    fc.asyncProperty(treeOfFiles(), async (files) => {
      const { directory, manifest } = await makeEnvironment(newDirectory(), [{ name: 'risk', version: '1.0', files }]);
      expect(manifest.files).toHaveLength(Object.keys(files).length + 3);
      for (const [path, data] of Object.entries(files)) {
        const content = openEntry(directory, path);
        const chunks: Uint8Array[] = [];
        for await (const chunk of content.open()) chunks.push(chunk);
        expect(Buffer.concat(chunks)).toEqual(data);
        expect(content.size).toBe(data.length);
      }
    }),
    { numRuns: 30 },
  );
});

test('progress never goes back and ends at the totals', async () => {
  const seen: Progress[] = [];
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`risk/${index}.py`, 'x'.repeat(index)]));
  await makeEnvironment(newDirectory(), [RISK, { name: 'many', version: '1', files }], {
    onProgress: (progress) => seen.push(progress),
  });
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.map(({ files: count }) => count)).toEqual(
    seen.map(({ files: count }) => count).toSorted((a, b) => a - b),
  );
  const last = seen.at(-1)!;
  expect(last).toMatchObject({ files: 215, totalFiles: 215, bytes: last.totalBytes });
});

describe('built again', () => {
  test('the same wheels: nothing is unpacked, and that is said', async () => {
    const base = newDirectory();
    let reused = 0;
    const first = await makeEnvironment(base, [RISK]);
    const again = await makeEnvironment(base, [RISK], {
      onReused: () => (reused += 1),
      onProgress: () => expect.unreachable(),
    });
    expect(again.manifest).toEqual(first.manifest);
    expect(reused).toBe(1);
  });

  test.each([
    ['a file is missing', { missing: true }],
    ['a file has another size', { text: 'longer than before\n' }],
    ['a file has other bytes of the same number', { text: 'x = 2\n' }],
  ])('%s: it is made again', async (_, { missing, text }: { missing?: boolean; text?: string }) => {
    const base = newDirectory();
    const { directory } = await makeEnvironment(base, [RISK]);
    const file = join(directory, 'venv', 'risk_app', '__init__.py');
    if (missing) execFileSync('rm', [file]);
    else writeFileSync(file, text!);
    await makeEnvironment(base, [RISK]);
    expect(readFileSync(file, 'utf8')).toBe('x = 1\n');
  });

  test('a large file has other bytes: it is made again', async () => {
    const base = newDirectory();
    const data = Buffer.alloc(5 * 2 ** 20);
    const large: WheelOptions = { name: 'large', version: '1', files: { 'large.bin': data } };
    const { directory } = await makeEnvironment(base, [large]);
    const file = join(directory, 'venv', 'large.bin');
    writeFileSync(file, Buffer.alloc(data.length, 1));
    await makeEnvironment(base, [large]);
    expect(readFileSync(file).equals(data)).toBe(true);
  });

  test('other wheels: the old tree is gone, nothing is left beside', async () => {
    const base = newDirectory();
    await makeEnvironment(base, [RISK]);
    const { directory, manifest } = await makeEnvironment(base, [
      { name: 'other', version: '1', files: { 'other.py': '' } },
    ]);
    expect(readdirSync(directory).sort()).toEqual(['manifest.json', 'venv']);
    expect(Object.keys(readTree(join(directory, 'venv'))).sort()).toEqual(manifest.files.map(({ path }) => path));
  });

  test('a build that fails leaves the last one as it was', async () => {
    const base = newDirectory();
    const first = await makeEnvironment(base, [RISK]);
    const broken: WheelOptions = {
      ...RISK,
      record: (rows) =>
        rows.map(([path, hash, size]) => [path, path.endsWith('run.sh') ? recordHash(Buffer.from('x')) : hash, size]),
    };
    await expect(makeEnvironment(base, [broken])).rejects.toMatchObject({
      code: 'WHEEL_RECORD_HASH',
      exit: 'integrity',
    });
    expect(await readManifest(first.directory)).toEqual(first.manifest);
    expect(readdirSync(first.directory).sort()).toEqual(['manifest.json', 'venv']);
  });
});

test('an aborted build leaves nothing that looks whole', async () => {
  const base = newDirectory();
  const controller = new AbortController();
  const reason = new Error('interrupted');
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`risk/${index}.py`, '']));
  const building = makeEnvironment(base, [{ name: 'risk', version: '1', files: many }], {
    signal: controller.signal,
    onProgress: () => controller.abort(reason),
  });
  await expect(building).rejects.toBe(reason);
  expect(readdirSync(join(base, 'env'))).toEqual([]);
});

test('a wheel that would write outside writes nothing', async () => {
  const base = newDirectory();
  await expect(
    makeEnvironment(base, [
      { name: 'risk', version: '1.0', files: { 'risk-1.0.data/data/../../../../escaped.txt': 'x' } },
    ]),
  ).rejects.toMatchObject({ code: 'WHEEL_NAME_PARENT' });
  expect(existsSync(join(base, 'escaped.txt'))).toBe(false);
  expect(readdirSync(join(base, 'env'))).toEqual([]);
});

test('ENV_LIMIT_TOTAL: wheels that are small each', async () => {
  const wheels = ['a', 'b'].map((name) => ({ name, version: '1', files: { [`${name}.py`]: 'x'.repeat(1000) } }));
  await expect(
    makeEnvironment(newDirectory(), wheels, { rules: { ...STRICT, limits: { ...STRICT.limits, totalBytes: 2000 } } }),
  ).rejects.toMatchObject({
    code: 'ENV_LIMIT_TOTAL',
    exit: 'conflict',
  });
});

test('.pth files are reported: they have no effect in a job', async () => {
  const notes: string[] = [];
  const files = { 'risk.pth': 'import risk\n', 'risk/inner.pth': '' };
  await makeEnvironment(newDirectory(), [{ name: 'risk', version: '1', files }], {
    onNote: (note) => notes.push(note),
  });
  expect(notes).toEqual([expect.stringMatching(/^\.pth files have no effect.*: risk\.pth \(risk\) would run code/)]);
});
