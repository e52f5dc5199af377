import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import { completePlatformOf, parseCompletePlatform } from '../../src/target/complete-platform.ts';
import { parseTarget } from '../../src/target/target.ts';
import { anyTarget } from '../support/targets.ts';

/** As `pex3 interpreter inspect --markers --tags` of pex 2.100 prints it, with fewer tags. */
const NODE = {
  path: '/usr/bin/python3.7',
  compatible_tags: [
    'cp37-cp37m-manylinux_2_17_x86_64',
    'cp37-cp37m-manylinux2014_x86_64',
    'cp37-cp37m-linux_x86_64',
    'cp37-abi3-manylinux_2_17_x86_64',
    'py37-none-any',
    'py3-none-any',
  ],
  marker_environment: {
    implementation_name: 'cpython',
    implementation_version: '3.7.16',
    os_name: 'posix',
    platform_machine: 'x86_64',
    platform_python_implementation: 'CPython',
    platform_release: '3.10.0-1160.el7.x86_64',
    platform_system: 'Linux',
    platform_version: '#1 SMP Mon Oct 19 16:18:59 UTC 2020',
    python_full_version: '3.7.16',
    python_version: '3.7',
    sys_platform: 'linux',
  },
};

function parse(document: unknown): ReturnType<typeof parseCompletePlatform> {
  return parseCompletePlatform(typeof document === 'string' ? document : JSON.stringify(document), 'node.json');
}

function withMarkers(markers: Readonly<Record<string, string | null | undefined>>, rest: object = {}): object {
  return { ...NODE, marker_environment: { ...NODE.marker_environment, ...markers }, ...rest };
}

function failure(document: unknown): HdfsVenvError {
  try {
    parse(document);
  } catch (error) {
    if (error instanceof HdfsVenvError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('parseCompletePlatform', () => {
  it('takes the tags and markers as they are, and the rest from them', () => {
    expect(parse(NODE)).toStrictEqual({
      name: 'glibc217-x86_64-py37',
      python: '3.7.16',
      pythonGiven: '3.7.16',
      profile: null,
      platforms: ['manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'linux_x86_64'],
      abi: 'cp37m',
      abis: ['cp37m', 'abi3', 'none'],
      tags: NODE.compatible_tags,
      implementation: 'cp',
      markerEnvironment: NODE.marker_environment,
    });
  });

  it('reads what completePlatformOf gives: the same target but for its name', () => {
    fc.assert(
      fc.property(anyTarget(), (target) => {
        const { name, profile, pythonGiven, ...read } = parse(completePlatformOf(target));
        expect({ ...target, name, profile, pythonGiven }).toStrictEqual({ ...read, name, profile, pythonGiven });
        expect(profile).toBeNull();
        expect(pythonGiven).toBe(target.python);
        expect(name).toMatch(/^[a-z]+\d*-(?:x86_64|aarch64)-\w+$/);
        if (target.profile === null) expect(name).toBe(target.name);
      }),
    );
  });

  it('completes markers that are missing or null, and leaves out what PEP 508 does not know', () => {
    const markers = { python_full_version: '3.7.16', platform_version: null, python_implementation: 'CPython' };
    const expected = parseTarget({ python: '3.7.16', platform: ['rhel7'] }).markerEnvironment;
    expect(parse({ ...NODE, marker_environment: markers }).markerEnvironment).toStrictEqual(expected);
  });

  it.each([
    [{ python_full_version: undefined }, '3.7.17', '3.7'],
    [{ python_full_version: undefined, python_version: undefined }, '3.7.17', '3.7'],
    [{ python_full_version: '3.7.16+' }, '3.7.16', '3.7.16'],
  ])('the Python of %j is %s', (markers, python, pythonGiven) => {
    expect(parse(withMarkers(markers))).toMatchObject({ python, pythonGiven });
  });

  it('spreads compressed tags, once each, and reads a file that begins with a byte order mark', () => {
    const tags = ['CP37-cp37m-linux_x86_64', 'py2.py3-none-any', 'py3-none-any'];
    expect(parse(`\uFEFF${JSON.stringify({ ...NODE, compatible_tags: tags })}`)).toMatchObject({
      name: 'linux-x86_64-py37',
      tags: ['cp37-cp37m-linux_x86_64', 'py2-none-any', 'py3-none-any'],
      platforms: ['linux_x86_64'],
    });
  });

  it('reads systems with musl, for ARM, and free-threaded', () => {
    const markers = withMarkers({ python_full_version: '3.13.1', python_version: '3.13', platform_machine: 'aarch64' });
    const compatible_tags = ['cp313-cp313t-musllinux_1_2_aarch64', 'cp313-cp313t-linux_aarch64'];
    expect(parse({ ...markers, compatible_tags })).toMatchObject({ name: 'musl12-aarch64-cp313t', abi: 'cp313t' });
  });

  it.each<[what: string, document: unknown, code: string, message: RegExp]>([
    ['nothing', ' \n', 'TARGET_FILE_FORMAT', /it is empty/],
    ['no JSON', 'rhel7', 'TARGET_FILE_FORMAT', /it is not JSON/],
    ['one interpreter in each line', '{"path": "a"}\n{"path": "b"}\n', 'TARGET_FILE_FORMAT', /2 interpreters/],
    ['a list', [], 'TARGET_FILE_FORMAT', /node\.json.*expected object/],
    ['no tags', { marker_environment: {} }, 'TARGET_FILE_FORMAT', /it has no compatible_tags/],
    ['no markers', { compatible_tags: NODE.compatible_tags }, 'TARGET_FILE_FORMAT', /it has no marker_environment/],
    ['an empty list of tags', { ...NODE, compatible_tags: [] }, 'TARGET_FILE_FORMAT', /compatible_tags: it is empty/],
    [
      'half a tag',
      { ...NODE, compatible_tags: ['cp37-cp37m'] },
      'TARGET_FILE_FORMAT',
      /compatible_tags\.0: expected python-abi-/,
    ],
    [
      'a tag with a hole',
      { ...NODE, compatible_tags: ['cp37-cp37m-linux_x86_64', 'py2.-none-any'] },
      'TARGET_FILE_FORMAT',
      /compatible_tags\.1/,
    ],
    [
      'a marker that is a number',
      withMarkers({}, { marker_environment: { python_version: 3.7 } }),
      'TARGET_FILE_FORMAT',
      /marker_environment\.python_version/,
    ],
    [
      'no ABI',
      { ...NODE, compatible_tags: ['cp37-none-linux_x86_64'] },
      'TARGET_FILE_FORMAT',
      /cp37-none-linux_x86_64/,
    ],
    [
      'no platform',
      { ...NODE, compatible_tags: ['cp37-cp37m-any'] },
      'TARGET_FILE_FORMAT',
      /none of its tags names a platform/,
    ],
    [
      'a release candidate',
      withMarkers({ python_full_version: '3.7.0rc1' }),
      'TARGET_FILE_FORMAT',
      /3\.7\.0rc1.*X\.Y\.Z/,
    ],
    [
      'a Python to come',
      withMarkers(
        { python_full_version: '3.15.0', python_version: '3.15' },
        { compatible_tags: ['cp315-cp315-linux_x86_64'] },
      ),
      'TARGET_PYTHON',
      /"3\.15\.0"/,
    ],
    [
      'PyPy by its markers',
      withMarkers({ platform_python_implementation: 'PyPy' }),
      'TARGET_FILE_FOREIGN',
      /is PyPy, expected CPython/,
    ],
    [
      'PyPy by its tags',
      { ...NODE, compatible_tags: ['pp37-pypy37_pp73-linux_x86_64'] },
      'TARGET_FILE_FOREIGN',
      /pp37-.*expected CPython/,
    ],
    [
      'Windows by its markers',
      withMarkers({ sys_platform: 'win32' }),
      'TARGET_FILE_FOREIGN',
      /is win32, expected linux/,
    ],
    [
      'Windows by its tags',
      { ...NODE, compatible_tags: ['cp37-cp37m-win_amd64'] },
      'TARGET_FILE_FOREIGN',
      /win_amd64, expected Linux/,
    ],
    [
      'macOS',
      { ...NODE, compatible_tags: ['cp37-cp37m-macosx_11_0_arm64'] },
      'TARGET_FILE_FOREIGN',
      /macosx_11_0_arm64/,
    ],
    [
      'another machine',
      { ...NODE, compatible_tags: ['cp37-cp37m-linux_ppc64le'] },
      'TARGET_FILE_FOREIGN',
      /linux_ppc64le, expected .*x86_64/,
    ],
    [
      'two machines',
      { ...NODE, compatible_tags: ['cp37-cp37m-linux_x86_64', 'cp37-cp37m-linux_aarch64'] },
      'TARGET_FILE_CONTRADICTION',
      /x86_64 and aarch64/,
    ],
    [
      'a machine against the tags',
      withMarkers({ platform_machine: 'aarch64' }),
      'TARGET_FILE_CONTRADICTION',
      /for x86_64, .*aarch64/,
    ],
    [
      'a version against the tags',
      withMarkers({ python_full_version: '3.8.1', python_version: '3.8' }),
      'TARGET_FILE_CONTRADICTION',
      /3\.7 .*3\.8\.1/,
    ],
    [
      'two versions',
      withMarkers({ python_version: '3.1' }),
      'TARGET_FILE_CONTRADICTION',
      /3\.7 .*python_version is 3\.1$/,
    ],
  ])('refuses %s', (_what, document, code, message) => {
    const error = failure(document);
    expect(error).toMatchObject({ code, exit: 'usage', message: expect.stringMatching(message) });
    expect(error.hints.length).toBeGreaterThan(0);
  });
});
