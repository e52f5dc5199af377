import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRequirementsFile, readArgument } from '../../src/resolve/arguments.ts';
import { scratchDirectory } from '../support/scratch.ts';

let work: ReturnType<typeof scratchDirectory>;
beforeEach(() => {
  work = scratchDirectory('arguments');
  for (const folder of ['package', 'project', 'legacy', 'tools', 'empty', 'broken', 'pandas'])
    mkdirSync(join(work.path, folder));
  for (const [file, text] of [
    ['package/__init__.py', ''],
    ['project/pyproject.toml', '[project]\nname = "x"\n'],
    ['project/__init__.py', ''],
    ['legacy/setup.py', ''],
    ['tools/pyproject.toml', '[tool.black]\n'],
    ['tools/__init__.py', ''],
    ['broken/pyproject.toml', '[project\n'],
    ['pandas/__init__.py', ''],
    ['job.py', ''],
    ['a-1.0-py3-none-any.whl', ''],
    ['requirements.txt', ''],
    ['risk-1.0.tar.gz', ''],
    ['risk-1.0.zip', ''],
    ['notes.md', ''],
    ['pyproject.toml', ''],
    ['uv.lock', ''],
    ['pylock.toml', ''],
    ['pylock.rhel7-py37.toml', ''],
    ['pylock.a.b.toml', ''],
  ] as const) {
    writeFileSync(join(work.path, file), text);
  }
});
afterEach(() => work.remove());

describe('readArgument', () => {
  it.each([
    ['./package', { kind: 'package', path: 'package' }],
    ['package/', { kind: 'package', path: 'package' }],
    ['./project', { kind: 'project', path: 'project', extras: [] }],
    ['./project[a, b]', { kind: 'project', path: 'project', extras: ['a', 'b'] }],
    ['./legacy', { kind: 'project', path: 'legacy', extras: [] }],
    ['./tools', { kind: 'package', path: 'tools' }],
    ['job.py', { kind: 'module', path: 'job.py' }],
    ['a-1.0-py3-none-any.whl', { kind: 'wheel', path: 'a-1.0-py3-none-any.whl', extras: [] }],
    ['./a-1.0-py3-none-any.whl[x]', { kind: 'wheel', path: 'a-1.0-py3-none-any.whl', extras: ['x'] }],
    ['requirements.txt', { kind: 'requirements-file', path: 'requirements.txt' }],
    ['pyproject.toml', { kind: 'pyproject', path: 'pyproject.toml', extras: [] }],
    ['pyproject.toml[plots]', { kind: 'pyproject', path: 'pyproject.toml', extras: ['plots'] }],
    ['uv.lock[plots]', { kind: 'lock', path: 'uv.lock', extras: ['plots'] }],
    ['./uv.lock', { kind: 'lock', path: 'uv.lock', extras: [] }],
    ['pylock.toml', { kind: 'lock', path: 'pylock.toml', extras: [] }],
    ['pylock.rhel7-py37.toml', { kind: 'lock', path: 'pylock.rhel7-py37.toml', extras: [] }],
  ])('%s', async (given, { path, ...expected }) => {
    expect(await readArgument(given, work.path)).toStrictEqual({ ...expected, given, path: join(work.path, path) });
    expect(await readArgument(join(work.path, given), '/nowhere')).toMatchObject({ path: join(work.path, path) });
  });

  it.each([
    'risk-1.0.tar.gz',
    './risk-1.0.zip[plots]',
    'six',
    'empty',
    'pandas==2.2.3',
    'pandas[sql] >= 2; python_version < "3.9"',
    'pandas; platform_machine == "a/b"',
    'risk @ https://example.invalid/risk-1.0-py3-none-any.whl',
    'risk[x]@file:///risk-1.0-py3-none-any.whl',
    'https://example.invalid/risk-1.0-py3-none-any.whl',
    'git+https://example.invalid/risk.git',
  ])('leaves %s to pip', async (given) => {
    expect(await readArgument(given, work.path)).toStrictEqual({ kind: 'requirement', given });
  });

  it.each([
    ['pandas', 'RESOLVE_AMBIGUOUS', /"pandas" is: a package, or the folder/],
    ['project[a]', 'RESOLVE_AMBIGUOUS', /folder/],
    ['legacy', 'RESOLVE_AMBIGUOUS', /folder/],
    ['notes.md', 'RESOLVE_AMBIGUOUS', /file of that name/],
    ['./nothing', 'RESOLVE_PATH_MISSING', /"\.\/nothing": there is no such file or folder/],
    ['nothing.py', 'RESOLVE_PATH_MISSING', /nothing\.py/],
    ['nothing.whl', 'RESOLVE_PATH_MISSING', /nothing\.whl/],
    ['./empty', 'RESOLVE_PATH_KIND', /no pyproject\.toml .* no setup\.py and no __init__\.py/],
    ['./broken', 'RESOLVE_PATH_KIND', /not valid TOML/],
    [
      './notes.md',
      'RESOLVE_PATH_KIND',
      /expected a folder, a \.whl, \.py, \.txt or \.tar\.gz file, pyproject\.toml, uv\.lock or pylock\.toml/,
    ],
    ['pylock.a.b.toml', 'RESOLVE_PATH_KIND', /pylock\.toml$/],
    ['other.toml', 'RESOLVE_PATH_MISSING', /no such file/],
    ['--index-url=https://u:canary@example.invalid', 'RESOLVE_ARGUMENT', /https:\/\/\*\*\*@/],
    ['', 'RESOLVE_ARGUMENT', /""/],
  ])('%j: %s', async (given, code, message) => {
    await expect(readArgument(given, work.path)).rejects.toMatchObject({
      code,
      exit: 'usage',
      message: expect.stringMatching(message),
    });
  });
});

describe('checkRequirementsFile', () => {
  it('wants a file, or an address', async () => {
    await checkRequirementsFile('requirements.txt', work.path);
    await checkRequirementsFile('https://example.invalid/r.txt', work.path);
    await expect(checkRequirementsFile('r.txt', work.path)).rejects.toMatchObject({ code: 'RESOLVE_PATH_MISSING' });
    await expect(checkRequirementsFile('empty', work.path)).rejects.toMatchObject({ code: 'RESOLVE_PATH_KIND' });
  });

  it('refuses what cannot be read again', async () => {
    execFileSync('mkfifo', [join(work.path, 'fifo')]);
    // a regular file here, and for pip another one
    const open = openSync(join(work.path, 'requirements.txt'), 'r');
    for (const given of ['fifo', '/dev/null', `/dev/fd/${open}`, `/proc/self/fd/${open}`]) {
      await expect(checkRequirementsFile(given, work.path)).rejects.toMatchObject({
        code: 'RESOLVE_PATH_KIND',
        exit: 'usage',
        message: `Cannot use "${given}": expected a requirements file, it is a pipe or a device`,
        hints: [expect.stringContaining('Write it to a file')],
      });
    }
    closeSync(open);
  });

  it.each([
    ['Latin-1', Buffer.from('six # caf\xe9\n', 'latin1'), 'not in UTF-8'],
    ['an archive', Buffer.from('PK\x03\x04\0\0'), 'not a text file'],
  ])('names a file that is %s', async (_, content, problem) => {
    writeFileSync(join(work.path, 'r.txt'), content);
    await expect(checkRequirementsFile('r.txt', work.path)).rejects.toMatchObject({
      code: 'RESOLVE_REQUIREMENTS_FILE',
      exit: 'usage',
      message: `Cannot read the requirements file "r.txt": it is ${problem}`,
    });
  });

  it.each([
    ['UTF-8', Buffer.from('six # café\n')],
    ['UTF-16', Buffer.from('\ufeffsix\n', 'utf16le')],
    ['another encoding that it names', Buffer.from('\n# -*- coding: latin-1 -*-\nsix # caf\xe9\n', 'latin1')],
  ])('takes %s', async (_, content) => {
    writeFileSync(join(work.path, 'r.txt'), content);
    await expect(checkRequirementsFile('r.txt', work.path)).resolves.toBeUndefined();
  });
});
