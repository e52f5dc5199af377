import { describe, expect, it } from 'vitest';
import { parsePlatform } from '../../src/target/platform.ts';

describe('parsePlatform', () => {
  it.each([
    ['rhel6', 'manylinux_2_12_x86_64'],
    ['rhel7', 'manylinux_2_17_x86_64'],
    ['rhel8', 'manylinux_2_28_x86_64'],
    ['rhel9', 'manylinux_2_34_x86_64'],
    ['cdh5', 'manylinux_2_12_x86_64'],
    ['cdh6', 'manylinux_2_17_x86_64'],
    ['cdp7', 'manylinux_2_17_x86_64'],
    ['rhel8-aarch64', 'manylinux_2_28_aarch64'],
  ])('%s begins with %s', (profile, tag) => {
    const platform = parsePlatform([profile]);
    expect(platform.profile).toBe(profile);
    expect(platform.tags[0]).toBe(tag);
    expect(platform.tags.at(-1)).toBe(`linux_${platform.machine}`);
  });

  it('gives one platform one name', () => {
    expect(parsePlatform(['rhel8-x86_64'])).toStrictEqual(parsePlatform(['rhel8']));
  });

  it('lists aarch64 down to 2.17 only: no older policy exists', () => {
    expect(parsePlatform(['manylinux_2_18_aarch64']).tags).toStrictEqual([
      'manylinux_2_18_aarch64',
      'manylinux_2_17_aarch64',
      'manylinux2014_aarch64',
      'linux_aarch64',
    ]);
  });

  it.each([
    ['manylinux1_x86_64', ['manylinux_2_5_x86_64', 'manylinux1_x86_64', 'linux_x86_64']],
    ['musllinux_1_1_x86_64', ['musllinux_1_1_x86_64', 'musllinux_1_0_x86_64', 'linux_x86_64']],
    ['linux_x86_64', ['linux_x86_64']],
  ])('expands %s', (tag, tags) => {
    expect(parsePlatform([tag])).toMatchObject({ profile: null, tags });
  });

  it('reads an old name and its PEP 600 tag as the same', () => {
    for (const [old, tag] of [
      ['manylinux2014_x86_64', 'manylinux_2_17_x86_64'],
      ['manylinux2010_x86_64', 'manylinux_2_12_x86_64'],
    ] as const) {
      expect(parsePlatform([old]).tags).toStrictEqual(parsePlatform([tag]).tags);
    }
  });

  it('takes the newest of several, and no profile then', () => {
    const platform = parsePlatform(['rhel6', 'manylinux2014_x86_64', 'linux_x86_64']);
    expect(platform).toStrictEqual({ ...parsePlatform(['rhel7']), profile: null });
  });

  it.each([
    'rhel5',
    'rhel7-ppc64le',
    'debian12',
    'RHEL7',
    'win_amd64',
    'macosx_11_0_arm64',
    'manylinux2014',
    'manylinux_2_4_x86_64',
    'manylinux2010_aarch64',
    'manylinux_3_1_x86_64',
    '',
  ])('refuses %j and lists what is known', (platform) => {
    expect(() => parsePlatform([platform])).toThrow(
      expect.objectContaining({
        code: 'TARGET_PLATFORM',
        exit: 'usage',
        message: expect.stringMatching(/rhel6, rhel7, rhel8, rhel9, cdh5, cdh6, cdp7/),
      }),
    );
  });

  it('refuses none, and two machines', () => {
    expect(() => parsePlatform([])).toThrow(expect.objectContaining({ code: 'TARGET_PLATFORM' }));
    expect(() => parsePlatform(['rhel7', 'rhel8-aarch64'])).toThrow(/x86_64 and aarch64/);
  });

  it('refuses two C libraries', () => {
    expect(() => parsePlatform(['rhel7', 'musllinux_1_2_x86_64', 'linux_x86_64'])).toThrow(/glibc and musl/);
  });
});
