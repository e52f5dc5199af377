import { expect, test } from 'vitest';
import { type NativeFile, reportNative } from '../../../src/env/report/native.ts';
import { readElf } from '../../../src/wheel/elf.ts';
import { type ElfOptions, makeElf } from '../../support/elf-maker.ts';

const RHEL7 = ['manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'linux_x86_64'];

function file(path: string, options: ElfOptions = {}, tags: readonly string[] = RHEL7): NativeFile {
  const bytes = makeElf(options);
  const elf = readElf((offset, length) => bytes.subarray(offset, offset + length));
  if (elf.kind === 'not-elf') throw new Error('it is one');
  return { package: path.split('/')[0] ?? '', path, tags, elf };
}

test('a library that is needed and not brought is named once, with every file that needs it', () => {
  const files = [
    file('lightgbm/lib_lightgbm.so', { needed: ['libgomp.so.1', 'libc.so.6'] }),
    file('xgboost/lib.so', { needed: ['libgomp.so.1', 'libGL.so.1'] }),
  ];
  expect(reportNative(files, RHEL7).libraries).toEqual([
    { library: 'libGL.so.1', origin: 'often-absent', neededBy: [{ package: 'xgboost', path: 'xgboost/lib.so' }] },
    {
      library: 'libgomp.so.1',
      origin: 'extra',
      neededBy: [
        { package: 'lightgbm', path: 'lightgbm/lib_lightgbm.so' },
        { package: 'xgboost', path: 'xgboost/lib.so' },
      ],
    },
  ]);
});

test.each<[string, NativeFile]>([
  ['under its file name', file('scikit_learn.libs/libgomp.so.1')],
  ['under the name inside', file('other/libgomp-a34b3233.so.1.0.0', { soname: 'libgomp.so.1' })],
])('a library that another wheel brings %s is not missing', (_name, brought) => {
  const files = [file('lightgbm/lib_lightgbm.so', { needed: ['libgomp.so.1'] }), brought];
  expect(reportNative(files, RHEL7).libraries).toEqual([]);
});

test('a library for another machine helps nobody', () => {
  const files = [file('a/a.so', { needed: ['libx.so.1'] }), file('b/libx.so.1', { machine: 183 })];
  const report = reportNative(files, RHEL7);
  expect(report.libraries).toMatchObject([{ library: 'libx.so.1' }]);
  expect(report.machines).toEqual([{ package: 'b', path: 'b/libx.so.1', machine: 'aarch64', expected: 'x86_64' }]);
});

test('glibc is compared with the target where one is known, else with what the tags say', () => {
  const built = { versions: { 'libc.so.6': ['GLIBC_2.34'] } };
  const home = [file('a/a.so', built, ['linux_x86_64'])];
  expect(reportNative(home, RHEL7)).toMatchObject({
    comparedWith: 'target',
    glibc: [{ package: 'a', path: 'a/a.so', needs: '2.34', has: '2.17' }],
  });
  expect(reportNative(home, ['manylinux_2_34_x86_64']).glibc).toEqual([]);
  expect(reportNative(home, undefined)).toMatchObject({ comparedWith: 'tags', glibc: [] });
  const liar = [file('a/a.so', built, ['manylinux_2_28_x86_64', 'manylinux_2_17_x86_64'])];
  expect(reportNative(liar, undefined).glibc).toMatchObject([{ needs: '2.34', has: '2.17' }]);
});

test('on aarch64, 2.18 is in glibc 2.17; nowhere else', () => {
  const versions = { 'libc.so.6': ['GLIBC_2.18'] };
  expect(reportNative([file('a/a.so', { versions, machine: 183 })], ['manylinux_2_17_aarch64']).glibc).toEqual([]);
  expect(reportNative([file('a/a.so', { versions })], RHEL7).glibc).toHaveLength(1);
  const newer = { 'libc.so.6': ['GLIBC_2.22'] };
  expect(
    reportNative([file('a/a.so', { versions: newer, machine: 183 })], ['manylinux_2_17_aarch64']).glibc,
  ).toHaveLength(1);
});

test('machines: those of the target, else those of the tags, else any', () => {
  const files = [file('a/a.so', { machine: 183 }, ['any'])];
  expect(reportNative(files, undefined).machines).toEqual([]);
  expect(reportNative(files, RHEL7).machines).toMatchObject([{ machine: 'aarch64', expected: 'x86_64' }]);
  const lying = [file('a/a.so', { machine: 183 })];
  expect(reportNative(lying, undefined).machines).toMatchObject([{ machine: 'aarch64', expected: 'x86_64' }]);
  const strange: NativeFile = { ...file('a/a.so'), elf: { kind: 'other-machine', machine: 'ppc64le' } };
  expect(reportNative([strange], RHEL7).machines).toMatchObject([{ machine: 'ppc64le' }]);
});

test('what no loader takes is said, whatever the target', () => {
  const cut: NativeFile = { ...file('a/a.so'), elf: { kind: 'not-readable', reason: 'it ends' } };
  expect(reportNative([cut], undefined).unreadable).toEqual([{ package: 'a', path: 'a/a.so', reason: 'it ends' }]);
});
