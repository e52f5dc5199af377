import { describe, expect, it } from 'vitest';
import { parseTarget } from '../../src/target/target.ts';

const rhel8 = { python: '3.8.18', platform: ['rhel8'] };

describe('the system of a target', () => {
  it('--arch stands for the end of a profile', () => {
    expect(parseTarget({ ...rhel8, arch: 'aarch64' })).toStrictEqual(
      parseTarget({ ...rhel8, platform: ['rhel8-aarch64'] }),
    );
    expect(parseTarget({ ...rhel8, arch: 'x86_64' })).toStrictEqual(parseTarget(rhel8));
  });

  it('--arch may repeat what a value says', () => {
    for (const platform of [['rhel8-aarch64'], ['manylinux2014_aarch64'], ['rhel8', 'manylinux2014_aarch64']]) {
      expect(parseTarget({ python: '3.8', platform, arch: 'aarch64' }).platforms.at(-1)).toBe('linux_aarch64');
    }
  });

  it.each([
    ['rhel8-aarch64', 'x86_64'],
    ['rhel8-x86_64', 'aarch64'],
    ['manylinux2014_x86_64', 'aarch64'],
  ])('%s contradicts --arch %s', (platform, arch) => {
    expect(() => parseTarget({ python: '3.8', platform: [platform], arch })).toThrow(
      expect.objectContaining({
        code: 'TARGET_ARCH',
        exit: 'usage',
        message: expect.stringMatching(new RegExp(`--arch ${arch} with --platform ${platform}`)),
      }),
    );
  });

  it('no wheels for ARM are as old as RHEL 6', () => {
    const rhel6 = { python: '3.8', platform: ['rhel6'], arch: 'aarch64' };
    for (const options of [rhel6, { python: '3.8', platform: ['rhel6-aarch64'] }]) {
      expect(() => parseTarget(options)).toThrow(
        expect.objectContaining({
          code: 'TARGET_PLATFORM',
          message: expect.stringMatching(/aarch64.*2\.12.*2\.17/),
          hints: [
            'Nothing was ever built for aarch64 below glibc 2.17: the oldest system is --platform rhel7-aarch64.',
          ],
        }),
      );
    }
    expect(() => parseTarget({ python: '3.8', glibc: '2.12', arch: 'aarch64' })).toThrow(/"2\.12".*from 2\.17/);
  });

  it('a glibc is what a profile has, without its name', () => {
    const { name, profile, ...rest } = parseTarget({ python: '3.8.18', glibc: '2.28' });
    expect([name, profile]).toStrictEqual(['glibc228-x86_64-py38', null]);
    expect(parseTarget(rhel8)).toStrictEqual({ ...rest, name: 'rhel8-py38', profile: 'rhel8' });
    expect(parseTarget({ python: '3.8', glibc: '2.5' }).platforms).toStrictEqual([
      'manylinux_2_5_x86_64',
      'manylinux1_x86_64',
      'linux_x86_64',
    ]);
  });

  it.each([
    ['2.12', '2.6.32'],
    ['2.27', '3.10.0'],
    ['2.28', '4.18.0'],
    ['2.41', '5.14.0'],
  ])('a system with glibc %s has a kernel %s', (glibc, kernel) => {
    expect(parseTarget({ python: '3.8', glibc }).markerEnvironment['platform_release']).toBe(kernel);
  });
});
