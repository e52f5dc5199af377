import { expect, test } from 'vitest';
import type { FileEntry, Manifest } from '../../src/env/manifest.ts';
import { diskOfJob, savingOfTar } from '../../src/publish/job-cost.ts';

const file = (size: number): FileEntry => {
  return { path: 'a', size, sha256: '0'.repeat(64), mode: '644', hdfsChecksum: '0'.repeat(32) };
};
const manifest = (files: FileEntry[], packages: number): Manifest => ({
  schemaVersion: 1,
  tool: 'hdfs-venv 0.0.0',
  layers: [],
  layout: 'tree',
  digest: '0'.repeat(64),
  target: { python: '3.11.9', abi: 'cp311', platforms: [], profile: null },
  inputs: { requirements: [], digest: '0'.repeat(64) },
  packages: Array.from({ length: packages }, () => {
    return { name: 'a', version: '1', wheel: 'a.whl', sha256: '0'.repeat(64), licence: null };
  }),
  provided: [],
  allowed: [],
  topLevel: [],
  files,
});

test('a file takes whole blocks of the disk; archives stay beside what was unpacked', () => {
  const files = [file(1), file(4096), file(4097), file(0)];
  expect(diskOfJob({ layout: 'tree', tree: 'trees/x' }, files)).toEqual({ perProcess: 16_384, perMachine: 16_384 });
  const layers = [{ path: 'layers/a', sha256: '0'.repeat(64), size: 5000, hdfsChecksum: '0'.repeat(32) }];
  expect(diskOfJob({ layout: 'tar', layers }, files)).toEqual({ perProcess: 24_576, perMachine: 8192 });
});

test('the saving for what was measured is what was measured', () => {
  const files = Array.from({ length: 6765 }, () => file(421e6 / 6765));
  const saving = savingOfTar(manifest(files, 11));
  expect(saving).toMatchObject({ files: 6765, archives: 11 });
  expect(saving.startSeconds).toBeCloseTo(34.5 - 15.7, 5);
  expect(saving.startSecondsPerMillisecond).toBeCloseTo(29.6, 5);
});

test('few large files save nothing, and no less than that', () => {
  expect(savingOfTar(manifest([file(1e9)], 1)).startSeconds).toBe(0);
});
