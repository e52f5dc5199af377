import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readManifest } from '../../../src/env/read-manifest.ts';
import { BUILD_DEFAULTS, makeEnvironment, temporaryDirectories } from '../../support/environment-maker.ts';
import { recordHash, type WheelOptions } from '../../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('build-wheels');

describe('a build that unpacks nothing', () => {
  const RISK: WheelOptions = {
    name: 'risk',
    version: '1.0',
    files: {
      'risk/__init__.py': 'x = 1\n',
      'risk-1.0.data/scripts/risk-report': '#!python\nimport risk\n',
      'ns/a.py': '',
    },
    distInfo: { 'namespace_packages.txt': 'ns\n' },
  };
  const PYTHON_2 = { ...BUILD_DEFAULTS.target, python: '2.7.18', abi: 'cp27mu' };

  test('has the manifest of one that does, apart from its layout, and keeps the wheels', async () => {
    const [tree, tar] = [newDirectory(), newDirectory()];
    const unpacked = await makeEnvironment(tree, [RISK], { target: PYTHON_2 });
    const checked = await makeEnvironment(tar, [RISK], { target: PYTHON_2, layout: 'tar' });
    expect(checked.manifest).toEqual({ ...unpacked.manifest, layout: 'tar' });
    expect(checked.manifest.files.map(({ path }) => path)).toContain('ns/__init__.py');
    expect(await readManifest(checked.directory)).toEqual(checked.manifest);
    expect(readdirSync(checked.directory).toSorted()).toEqual(['manifest.json', 'wheels']);
    const [wheel] = readdirSync(join(checked.directory, 'wheels'));
    expect(readFileSync(join(checked.directory, 'wheels', wheel ?? ''))).toEqual(
      readFileSync(join(tar, 'wheels', wheel ?? '')),
    );
  });

  test('checks every byte all the same, and leaves nothing', async () => {
    const directory = newDirectory();
    const liar: WheelOptions = {
      ...RISK,
      record: (rows) =>
        rows.map(([path, hash, size]) => [path, path.endsWith('.py') ? recordHash(Buffer.from('y')) : hash, size]),
    };
    await expect(makeEnvironment(directory, [liar], { layout: 'tar' })).rejects.toMatchObject({
      code: 'WHEEL_RECORD_HASH',
    });
    expect(readdirSync(join(directory, 'env'))).toEqual([]);
  });

  test('is done when the same wheels are there, and made again when one was damaged', async () => {
    const directory = newDirectory();
    const reused: string[] = [];
    const again = (): Promise<unknown> =>
      makeEnvironment(directory, [RISK], { layout: 'tar', onReused: () => reused.push('reused') });
    const { directory: built } = await makeEnvironment(directory, [RISK], { layout: 'tar' });
    await again();
    expect(reused).toEqual(['reused']);
    const [wheel] = readdirSync(join(built, 'wheels'));
    rmSync(join(built, 'wheels', wheel ?? ''));
    writeFileSync(join(built, 'wheels', wheel ?? ''), 'damaged');
    await again();
    expect(reused).toEqual(['reused']);
    await again();
    expect(reused).toEqual(['reused', 'reused']);
  });

  test('takes the place of a tree, and a tree takes its place', async () => {
    const directory = newDirectory();
    for (const layout of ['tree', 'tar', 'tree'] as const) {
      const { directory: built } = await makeEnvironment(directory, [RISK], { layout });
      const expected = layout === 'tree' ? ['manifest.json', 'venv'] : ['manifest.json', 'wheels'];
      expect(readdirSync(built).toSorted()).toEqual(expected);
    }
  });

  test('says what the nodes need, like any other', async () => {
    const notes: Record<string, string[]> = { tree: [], tar: [] };
    const wheel = {
      ...RISK,
      distInfo: { ...RISK.distInfo, 'entry_points.txt': '[console_scripts]\nrisk = risk:main\n' },
    };
    for (const layout of ['tree', 'tar'] as const)
      await makeEnvironment(newDirectory(), [wheel], {
        target: PYTHON_2,
        layout,
        onNote: (note) => notes[layout]?.push(note),
      });
    const plain = (lines: string[] | undefined): string[] => (lines ?? []).map((line) => line.replace(/"[^"]*"/g, ''));
    expect(plain(notes['tar'])).toEqual(plain(notes['tree']));
    expect(plain(notes['tar']).join('\n')).toMatch(/1 console script .*\n?/);
  });
});
