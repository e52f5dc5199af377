import { describe, expect, test } from 'vitest';
import { claimedSystem } from '../../src/wheel/claimed-system.ts';
import { originOf } from '../../src/wheel/system-libraries.ts';

test.each<[library: string, glibc: number | undefined, origin: string]>([
  ['libc.so.6', 17, 'system'],
  ['libstdc++.so.6', undefined, 'system'],
  ['ld-linux-x86-64.so.2', 17, 'system'],
  ['ld-linux-aarch64.so.1', 17, 'system'],
  ['libexpat.so.1', 12, 'system'],
  ['libexpat.so.1', 5, 'extra'],
  ['libmvec.so.1', 17, 'extra'],
  ['libmvec.so.1', 28, 'system'],
  ['libnsl.so.1', 17, 'system'],
  ['libnsl.so.1', 28, 'often-absent'],
  ['libcrypt.so.1', 28, 'system'],
  ['libcrypt.so.1', 34, 'often-absent'],
  ['libcrypt.so.1', undefined, 'often-absent'],
  ['libGL.so.1', 17, 'often-absent'],
  ['libglib-2.0.so.0', 17, 'often-absent'],
  ['libatomic.so.1', 17, 'often-absent'],
  ['libgomp.so.1', 28, 'extra'],
  ['libodbc.so.2', 28, 'extra'],
  ['libudev.so.1', 28, 'extra'],
  ['libc.musl-x86_64.so.1', 28, 'extra'],
  ['libpython3.7m.so.1.0', 17, 'python'],
  ['libpython2.7.so.1.0', 17, 'python'],
  ['libpython3.so', 17, 'python'],
  ['libcuda.so.1', 28, 'driver'],
  ['libcudart.so.12', 28, 'extra'],
])('%s with glibc 2.%s: %s', (library, glibc, origin) => {
  expect(originOf(library, { glibc, isMusl: false })).toBe(origin);
});

test('a wheel for musl expects musl', () => {
  expect(originOf('libc.musl-x86_64.so.1', { glibc: undefined, isMusl: true })).toBe('system');
  expect(originOf('libgomp.so.1', { glibc: undefined, isMusl: true })).toBe('extra');
});

describe('the system that tags stand for', () => {
  test.each<[tags: readonly string[], oldest: number | undefined, newest: number | undefined]>([
    [['manylinux_2_17_x86_64', 'manylinux2014_x86_64'], 17, 17],
    [['manylinux1_x86_64', 'manylinux_2_28_x86_64', 'linux_x86_64'], 5, 28],
    [['linux_x86_64'], undefined, undefined],
    [['any'], undefined, undefined],
  ])('%j', (tags, oldest, newest) => {
    expect(claimedSystem(tags, Math.min).glibc).toBe(oldest);
    expect(claimedSystem(tags, Math.max).glibc).toBe(newest);
  });

  test('the machine, and musl', () => {
    expect(claimedSystem(['manylinux2014_aarch64'], Math.min)).toMatchObject({ machine: 'aarch64', isMusl: false });
    expect(claimedSystem(['musllinux_1_2_x86_64'], Math.min)).toMatchObject({ machine: 'x86_64', isMusl: true });
    expect(claimedSystem(['any'], Math.min)).toMatchObject({ machine: undefined });
  });
});
