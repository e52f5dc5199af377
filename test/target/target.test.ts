import { describe, expect, it } from 'vitest';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import { parseTarget } from '../../src/target/target.ts';

function failure(options: Parameters<typeof parseTarget>[0]): HdfsVenvError {
  try {
    parseTarget(options);
  } catch (error) {
    if (error instanceof HdfsVenvError) return error;
  }
  throw new Error('no HdfsVenvError');
}

describe('parseTarget', () => {
  it('describes CPython 3.7 on RHEL 7', () => {
    const { tags, ...target } = parseTarget({ python: '3.7.16', platform: ['rhel7'] });
    expect(tags[0]).toBe('cp37-cp37m-manylinux_2_17_x86_64');
    expect(target).toStrictEqual({
      name: 'rhel7-py37',
      python: '3.7.16',
      pythonGiven: '3.7.16',
      profile: 'rhel7',
      platforms: [
        'manylinux_2_17_x86_64',
        'manylinux2014_x86_64',
        'manylinux_2_16_x86_64',
        'manylinux_2_15_x86_64',
        'manylinux_2_14_x86_64',
        'manylinux_2_13_x86_64',
        'manylinux_2_12_x86_64',
        'manylinux2010_x86_64',
        'manylinux_2_11_x86_64',
        'manylinux_2_10_x86_64',
        'manylinux_2_9_x86_64',
        'manylinux_2_8_x86_64',
        'manylinux_2_7_x86_64',
        'manylinux_2_6_x86_64',
        'manylinux_2_5_x86_64',
        'manylinux1_x86_64',
        'linux_x86_64',
      ],
      abi: 'cp37m',
      abis: ['cp37m', 'abi3', 'none'],
      implementation: 'cp',
      markerEnvironment: {
        implementation_name: 'cpython',
        implementation_version: '3.7.16',
        os_name: 'posix',
        platform_machine: 'x86_64',
        platform_python_implementation: 'CPython',
        platform_release: '3.10.0',
        platform_system: 'Linux',
        platform_version: '#1 SMP',
        python_full_version: '3.7.16',
        python_version: '3.7',
        sys_platform: 'linux',
      },
    });
  });

  it('gives Python 2.7 the markers and the ABI that it has', () => {
    const target = parseTarget({ python: '2.7', platform: ['rhel6'] });
    expect(target).toMatchObject({ python: '2.7.18', abi: 'cp27mu', abis: ['cp27mu', 'none'] });
    expect(target.markerEnvironment).toMatchObject({
      sys_platform: 'linux2',
      implementation_name: '',
      implementation_version: '0',
      python_version: '2.7',
      platform_release: '2.6.32',
    });
  });

  it('completes X.Y and keeps what was given', () => {
    expect(parseTarget({ python: '3.10', platform: ['rhel8'] })).toMatchObject({
      pythonGiven: '3.10',
      python: expect.stringMatching(/^3\.10\.\d+$/),
      abi: 'cp310',
    });
  });

  it.each([
    ['3.5', 'cp35m'],
    ['3.7', 'cp37m'],
    ['3.8', 'cp38'],
    ['3.14', 'cp314'],
  ])('%s has the ABI %s', (python, abi) => {
    expect(parseTarget({ python, platform: ['rhel7'] }).abi).toBe(abi);
  });

  it('takes another ABI of the same Python', () => {
    expect(parseTarget({ python: '2.7', platform: ['rhel6'], abi: 'cp27m' }).abis).toStrictEqual(['cp27m', 'none']);
    expect(parseTarget({ python: '3.13', platform: ['rhel8'], abi: 'cp313t' }).abis).toStrictEqual([
      'cp313t',
      'abi3t',
      'none',
    ]);
  });

  it.each(['cp37', 'cp37d', 'cp38', 'cp27mu', 'cp3', 'abi3', ''])('refuses %j as an ABI of 3.7', (abi) => {
    const error = failure({ python: '3.7', platform: ['rhel7'], abi });
    expect(error).toMatchObject({ code: 'TARGET_ABI', exit: 'usage' });
    expect(error.message).toContain('cp37m');
    expect(error.hints.at(-1)).toBe('The usual one is cp37m, and the default.');
    expect(error.hints.filter((hint) => hint.includes('leave --abi out'))).toHaveLength(abi === 'abi3' ? 1 : 0);
  });

  it.each([
    ['2.7', 'cp27', /cp27mu, and the default; a Python 2\.7 with narrow Unicode has cp27m\./],
    ['2.7', 'abi3', /^The usual one is cp27mu/],
    ['3.13', 'cp313-t', /cp313, and the default; a free-threaded one has cp313t\./],
  ])('for Python %s refuses the ABI %s and names the usual one', (python, abi, hint) => {
    expect(failure({ python, platform: ['rhel7'], abi }).hints).toStrictEqual([expect.stringMatching(hint)]);
  });

  it.each([
    ['2.7', 'cp27m'],
    ['2.7', 'cp27dmu'],
    ['3.7', 'cp37m'],
    ['3.7', 'cp37dm'],
    ['3.8', 'cp38'],
    ['3.8', 'cp38d'],
  ])('takes for Python %s the ABI %s', (python, abi) => {
    expect(parseTarget({ python, platform: ['rhel7'], abi }).abi).toBe(abi);
  });

  it.each(['3.15', '3', '2.6', '3.x', '3.7.16rc1', ' 3.7', '', '3.07.1'])('refuses %j as a Python', (python) => {
    const error = failure({ python, platform: ['rhel7'] });
    expect(error).toMatchObject({ code: 'TARGET_PYTHON', exit: 'usage' });
    expect(error.message).toContain('2.7, 3.4, 3.5');
  });
});
