import { describe, expect, it } from 'vitest';
import { parsePylock } from '../../../src/resolve/lock/pylock.ts';

const HEAD = 'lock-version = "1.0"\ncreated-by = "test"\n';

function failure(text: string): unknown {
  try {
    return parsePylock(text, 'pylock.toml');
  } catch (error) {
    return error;
  }
}

describe('parsePylock', () => {
  it('reads every key of the specification, and hands on what tools keep', () => {
    const lock = parsePylock(
      `${HEAD}requires-python = ">=3.7"
environments = ["sys_platform == 'linux'"]
extras = ["plot"]
dependency-groups = ["dev"]
default-groups = ["default"]
future-key = 1

[[packages]]
name = "numpy"
version = "1.21.6"
marker = "'plot' in extras"
requires-python = ">=3.7"
index = "https://index.example.invalid/simple/"
dependencies = [{ name = "other", version = "1" }]
future-key = 2
sdist = { name = "numpy-1.21.6.zip", url = "https://files.example.invalid/1", hashes = { sha256 = "aa" } }
wheels = [
  { url = "https://files.example.invalid/numpy-1.21.6-cp37-none-any.whl", size = 5, upload-time = 2026-01-02T03:04:05Z, hashes = { SHA256 = "bb", md5 = "cc" } },
]
attestation-identities = [{ kind = "GitHub", repository = "numpy/numpy" }]
tool = { x = { y = 1 } }

[[packages]]
name = "a"
vcs = { type = "git", url = "https://git.example.invalid/a", requested-revision = "main", commit-id = "0f", subdirectory = "s" }

[[packages]]
name = "b"
directory = { path = "./b" }

[[packages]]
name = "c"
archive = { path = "c.zip", hashes = { sha256 = "dd" }, subdirectory = "t" }

[tool.hdfs-venv]
inputs = "sha256:00"
`,
      'pylock.toml',
    );
    expect(lock).toMatchObject({
      'requires-python': '>=3.7',
      environments: ["sys_platform == 'linux'"],
      extras: ['plot'],
      'dependency-groups': ['dev'],
      'default-groups': ['default'],
      tool: { 'hdfs-venv': { inputs: 'sha256:00' } },
    });
    expect(lock).not.toHaveProperty('future-key');
    const [numpy, a, b, c] = lock.packages;
    expect(numpy).toMatchObject({
      name: 'numpy',
      marker: "'plot' in extras",
      dependencies: [{ name: 'other', version: '1' }],
      sdist: { name: 'numpy-1.21.6.zip', hashes: { sha256: 'aa' } },
      wheels: [{ size: 5, hashes: { sha256: 'bb', md5: 'cc' } }],
      'attestation-identities': [{ kind: 'GitHub', repository: 'numpy/numpy' }],
      tool: { x: { y: 1 } },
    });
    expect(numpy?.wheels[0]?.['upload-time']?.toISOString()).toBe('2026-01-02T03:04:05.000Z');
    expect(a?.vcs).toStrictEqual({
      type: 'git',
      url: 'https://git.example.invalid/a',
      'requested-revision': 'main',
      'commit-id': '0f',
      subdirectory: 's',
    });
    expect(b?.directory).toStrictEqual({ path: './b', editable: false });
    expect(c?.archive).toStrictEqual({ path: 'c.zip', hashes: { sha256: 'dd' }, subdirectory: 't' });
  });

  it('reads any minor version of 1, whatever it adds', () => {
    expect(
      parsePylock(`lock-version = "1.7"\ncreated-by = "x"\npackages = []\nnew = true`, 'l').packages,
    ).toStrictEqual([]);
  });

  it.each([
    ['lock-version = "2.0"', 'expected lock-version "1.0" (PEP 751), got "2.0"'],
    ['lock-version = 1.0', 'expected lock-version "1.0" (PEP 751), got 1'],
    ['created-by = "x"', 'expected lock-version "1.0" (PEP 751), got none'],
    ['lock-version = "1.0', 'line 1, column'],
    [HEAD, 'packages: Invalid input: expected array, received undefined'],
    [
      `${HEAD}packages = [{ name = "a" }, { name = 3 }]`,
      'packages[1].name: Invalid input: expected string, received number',
    ],
    [
      `${HEAD}packages = [{ name = "a", directory = { path = "." }, wheels = [{ path = "a.whl", hashes = {} }] }]`,
      'a has more than one source: directory, wheels or sdist',
    ],
  ])('says what is wrong with %j', (text, problem) => {
    expect(failure(text)).toMatchObject({
      code: 'RESOLVE_LOCK_FORMAT',
      exit: 'usage',
      message: expect.stringContaining(`Cannot read the lock "pylock.toml": ${problem}`),
    });
  });
});
