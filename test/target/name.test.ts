import { expect, it } from 'vitest';
import { parseTarget, type TargetOptions } from '../../src/target/target.ts';

it.each<[name: string, options: TargetOptions]>([
  ['rhel7-py37', { python: '3.7', platform: ['rhel7'] }],
  ['rhel7-py37', { python: '3.7.16', platform: ['rhel7-x86_64'] }],
  ['cdh5-py27', { python: '2.7', platform: ['cdh5'] }],
  ['rhel7-cp27m', { python: '2.7', platform: ['rhel7'], abi: 'cp27m' }],
  ['rhel7-py27', { python: '2.7', platform: ['rhel7'], abi: 'cp27mu' }],
  ['rhel9-cp313t', { python: '3.13', platform: ['rhel9'], abi: 'cp313t' }],
  ['rhel8-aarch64-py38', { python: '3.8', platform: ['rhel8-aarch64'] }],
  ['glibc217-x86_64-py37', { python: '3.7', platform: ['manylinux2014_x86_64'] }],
  ['glibc217-x86_64-py37', { python: '3.7', platform: ['rhel6', 'manylinux_2_17_x86_64'] }],
  ['glibc25-x86_64-py310', { python: '3.10', platform: ['manylinux1_x86_64'] }],
  ['glibc217-aarch64-py38', { python: '3.8', platform: ['manylinux2014_aarch64'] }],
  ['glibc217-aarch64-py38', { python: '3.8', glibc: '2.17', arch: 'aarch64' }],
  ['musl12-x86_64-py311', { python: '3.11', platform: ['musllinux_1_2_x86_64'] }],
  ['linux-x86_64-py311', { python: '3.11', platform: ['linux_x86_64'] }],
])('%s', (name, options) => {
  expect(parseTarget(options).name).toBe(name);
});
