import { describe, expect, it } from 'vitest';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import { parseTarget, type TargetOptions } from '../../src/target/target.ts';

function failure(options: TargetOptions): HdfsVenvError {
  try {
    parseTarget(options);
  } catch (error) {
    if (error instanceof HdfsVenvError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a wrong value is answered with the one that was meant', () => {
  it.each([
    ['RHEL7', 'rhel7'],
    ['el7', 'rhel7'],
    ['rhel7.9', 'rhel7'],
    ['rhel-8', 'rhel8'],
    ['CentOS7', 'rhel7'],
    ['rocky9.3', 'rhel9'],
    ['almalinux8', 'rhel8'],
    ['cdh5.16', 'cdh5'],
    ['cdp7.1.9', 'cdp7'],
    ['rhel8-arm64', 'rhel8-aarch64'],
    ['rhel8_aarch64', 'rhel8-aarch64'],
    ['rhel8-amd64', 'rhel8'],
    ['manylinux2014', 'manylinux2014_x86_64'],
    ['manylinux_2_28', 'manylinux_2_28_x86_64'],
    ['manylinux_2.28_arm64', 'manylinux_2_28_aarch64'],
    ['manylinux2014-x86_64', 'manylinux2014_x86_64'],
  ])('--platform %s: %s', (given, meant) => {
    const error = failure({ python: '3.7', platform: [given] });
    expect(error).toMatchObject({ code: 'TARGET_PLATFORM', exit: 'usage' });
    expect(error.hints[0]).toBe(`Did you mean --platform ${meant}?`);
    expect(parseTarget({ python: '3.7', platform: [meant] }).platforms).not.toHaveLength(0);
  });

  it.each([
    'linux',
    'linux-amd64',
    'linux_arm64',
    'rhel5',
    'rhel6-arm64',
    'debian12',
    'ubuntu22.04',
    'win_amd64',
    'x86_64',
    '',
  ])('--platform %s: the way to find out', (given) => {
    const { code, hints, message } = failure({ python: '3.7', platform: [given] });
    expect(code).toBe('TARGET_PLATFORM');
    expect(message).toContain(JSON.stringify(given));
    expect(hints).toStrictEqual([expect.stringMatching(/ldd --version.*--glibc/)]);
  });

  it.each([
    ['3.7.', '3.7'],
    ['py37', '3.7'],
    ['cp311', '3.11'],
    ['python3.7', '3.7'],
    ['Python 3.7.16', '3.7.16'],
    ['v3.8', '3.8'],
    ['37', '3.7'],
    ['3.7.x', '3.7'],
    ['3.7.*', '3.7'],
    [' 3.7', '3.7'],
  ])('--python %s: %s', (given, meant) => {
    const error = failure({ python: given, platform: ['rhel7'] });
    expect(error).toMatchObject({ code: 'TARGET_PYTHON', exit: 'usage' });
    expect(error.hints[0]).toBe(`Did you mean --python ${meant}?`);
  });

  it.each(['3', '2.6', '3.15', 'pypy3.9', '4.1', '3.7.16rc1', '3.7.16.1', '3,7'])('--python %s: no guess', (python) => {
    expect(failure({ python, platform: ['rhel7'] }).hints).toStrictEqual([expect.stringContaining('python --version')]);
  });

  it.each([
    ['2.17.1', '2.17'],
    ['217', '2.17'],
    ['2,28', '2.28'],
    ['glibc-2.17', '2.17'],
    ['2.17-326.el7', '2.17'],
    ['manylinux_2_28', '2.28'],
  ])('--glibc %s: %s', (given, meant) => {
    const error = failure({ python: '3.7', glibc: given });
    expect(error).toMatchObject({
      code: 'TARGET_GLIBC',
      exit: 'usage',
      message: expect.stringContaining(`"${given}"`),
    });
    expect(error.hints[0]).toBe(`Did you mean --glibc ${meant}?`);
  });

  it.each(['2', '2.4', '3.1', '2.170', '2.99', '2.017', '1.2', ''])('--glibc %s: no guess', (glibc) => {
    const { message, hints } = failure({ python: '3.7', glibc });
    expect(message).toMatch(/expected 2\.N, on x86_64 from 2\.5 to 2\.60/);
    expect(hints).toStrictEqual([expect.stringContaining('ldd --version')]);
  });

  it.each([
    ['amd64', 'x86_64'],
    ['AMD64', 'x86_64'],
    ['X86_64', 'x86_64'],
    ['arm64', 'aarch64'],
  ])('--arch %s: %s', (arch, meant) => {
    const error = failure({ python: '3.7', glibc: '2.17', arch });
    expect(error).toMatchObject({ code: 'TARGET_ARCH', exit: 'usage', message: expect.stringContaining(`"${arch}"`) });
    expect(error.hints).toStrictEqual([`Did you mean --arch ${meant}?`]);
  });

  it.each(['ppc64le', 's390x', 'i686', ''])('--arch %s: no guess', (arch) => {
    expect(failure({ python: '3.7', glibc: '2.17', arch }).message).toMatch(/expected x86_64 or aarch64/);
  });
});
