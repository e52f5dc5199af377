import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { NO_INDEX_OPTIONS } from '../../src/resolve/pip/index-options.ts';
import { type IndexFile, indexWheel, startLocalIndex } from '../support/local-index.ts';
import { pythonThatRuns } from './pip-wheels.ts';
import { useResolvePlace, wheelNames } from '../support/resolve-place.ts';

const ANY = 'py2.py3-none-any';

function wheel(name: string, version: string, requires: string[] = [], more: Partial<IndexFile> = {}): IndexFile {
  return { ...indexWheel({ name, version, tag: ANY, requires }), ...more };
}

const { requiresPython: _, ...silent } = indexWheel({
  name: 'silent',
  version: '1.0',
  tag: ANY,
  metadata: { 'Requires-Python': '>=3.12' },
});
const place = useResolvePlace([
  wheel('app', '1.0', ['flask==3.0.0']),
  wheel('flask', '3.0.0', ['Werkzeug>=3.0.0']),
  wheel('flask', '2.0.0', ['Werkzeug>=2.0.0']),
  wheel('werkzeug', '1.0'),
  wheel('werkzeug', '3.0'),
  wheel('plugin', '1.0', ['extras[x]']),
  indexWheel({
    name: 'extras',
    version: '1.0',
    tag: ANY,
    requires: ['werkzeug<2; extra == "x"'],
    metadata: { 'Provides-Extra': 'x' },
  }),
  wheel('gone', '1.0', [], { yanked: 'loses data' }),
  wheel('gone', '1.1', [], { yanked: '' }),
  wheel('half', '1.0'),
  wheel('half', '2.0', [], { yanked: 'a <broken> build' }),
  wheel('wants_half', '1.0', ['half>=2']),
  indexWheel({ name: 'modern', version: '1.0', tag: ANY, metadata: { 'Requires-Python': '>=3.12' } }),
  silent,
  wheel('wants_silent', '1.0', ['silent']),
  indexWheel({ name: 'native', version: '1.0', tag: 'cp39-cp39-win_amd64' }),
  { fileName: 'sources-1.2.tar.gz', content: Buffer.from('never opened') },
]);

// 3.8 and later is resolved by the newest pip, up to 3.7 by 24.0
describe.each(['3.9.25', '2.7.18'])('for Python %s', (python) => {
  it('names the way to both sides of a conflict', async () => {
    const file = place.write('requirements.txt', 'app', '', 'Werkzeug<2');
    expect(await place.fail(python, [file])).toMatchObject({
      code: 'RESOLVE_CONFLICT',
      exit: 'resolve',
      message:
        'Cannot find versions that go together: Werkzeug<2 (-r requirements.txt line 3) against app 1.0 → flask 3.0.0 → Werkzeug>=3.0.0 (-r requirements.txt line 1)',
      hints: [expect.stringContaining('werkzeug comes for the target in 3.0, 1.0')],
    });
  });

  it('names the constraint that rules everything out', async () => {
    const constraints = [place.write('constraints.txt', '# all of it', 'werkzeug<2', 'other<1')];
    const error = await place.fail(python, ['app'], { index: { ...NO_INDEX_OPTIONS, constraints } });
    expect(error).toMatchObject({
      code: 'RESOLVE_CONFLICT',
      message:
        'Cannot find versions that go together: app 1.0 → flask 3.0.0 → Werkzeug>=3.0.0 against werkzeug<2 (-c constraints.txt line 2)',
    });
  });

  it('follows extras, and all versions of what is in the way', async () => {
    const { code, message } = await place.fail(python, ['plugin', 'flask']);
    expect(code).toBe('RESOLVE_CONFLICT');
    expect(message).toContain('plugin 1.0 → extras[x] 1.0 → werkzeug<2');
    expect(message).toContain('flask 2.0.0 → Werkzeug>=2.0.0');
  });

  it('tells several problems at once, a conflict among them', async () => {
    const file = place.write('requirements.txt', 'app', 'werkzeug<2', 'sources', 'nowhere==3', 'half>=2');
    const { code, exitCode, message, hints } = await place.fail(python, [file]);
    expect([code, exitCode]).toStrictEqual(['RESOLVE_BLOCKED', 3]);
    expect(message).toContain('for 4 reasons: ');
    expect(message).toContain('sources (-r requirements.txt line 3) comes as source only');
    expect(message).toContain(`no package nowhere==3 (-r requirements.txt line 4) on ${place.index.url}`);
    expect(message).toContain('all versions that meet half>=2 (-r requirements.txt line 5) were withdrawn');
    expect(message).toContain('these do not go together: werkzeug<2 (-r requirements.txt line 2) against app 1.0 → ');
    expect(hints).toHaveLength(4);
  });

  it('tells what was withdrawn and why, and takes it when it is named exactly', async () => {
    expect(await place.fail(python, ['gone'])).toMatchObject({
      code: 'RESOLVE_YANKED',
      exit: 'resolve',
      message: `Cannot get a package for Python ${python}: all versions that meet gone were withdrawn by their authors: 1.0 (loses data), 1.1 (no reason given)`,
    });
    expect(await place.fail(python, ['wants-half'])).toMatchObject({
      code: 'RESOLVE_YANKED',
      message: expect.stringMatching(
        /half>=2 \(needed by wants-half 1\.0\).*2\.0 \(a <broken> build\); the newest version that was not is 1\.0$/,
      ),
      hints: ['Ask for half==1.0, or take one all the same: name it exactly, half==2.0.'],
    });
    expect(wheelNames(await place.run(python, ['half==2.0', 'half']))).toStrictEqual(['half 2.0']);
    expect(place.events).toContainEqual({
      type: 'notice',
      text: 'half 2.0 was withdrawn by its authors: a <broken> build',
    });
  });

  it.each([
    ['modern', /: modern wants Python >=3\.12, the target is \d/],
    ['silent', /: silent 1\.0 wants Python >=3\.12, the target is \d/],
    ['wants-silent', /: wants-silent 1\.0 → silent 1\.0 wants Python >=3\.12, the target is \d/],
  ])('tells who excludes the target’s Python: %s', async (requirement, message) => {
    expect(await place.fail(python, [requirement])).toMatchObject({
      code: 'RESOLVE_REQUIRES_PYTHON',
      exit: 'resolve',
      message: expect.stringMatching(message),
      hints: [expect.any(String)],
    });
  });

  it.each([
    ['nowhere', 'RESOLVE_NO_SUCH_PACKAGE'],
    ['werkzeug==9', 'RESOLVE_NO_SUCH_VERSION'],
    ['native', 'RESOLVE_NO_WHEEL'],
    ['sources', 'RESOLVE_ONLY_SOURCES'],
  ])('has one message and one hint: %s', async (requirement, code) => {
    const error = await place.fail(python, [requirement]);
    expect([error.code, error.exitCode]).toStrictEqual([code, 3]);
    expect(error.hints).toHaveLength(1);
  });

  it('names the file and both digests when they do not agree', async () => {
    const [zeros, ones] = ['0'.repeat(64), '1'.repeat(64)];
    const file = place.write('requirements.txt', `half==1.0 --hash=sha256:${zeros} --hash=sha256:${ones}`);
    const url = `${place.index.url.replace('/simple/', '')}/files/half-1.0-py2.py3-none-any.whl`;
    expect(await place.fail(python, [file])).toMatchObject({
      code: 'RESOLVE_HASH',
      exit: 'integrity',
      message: expect.stringContaining(`Cannot trust a download: ${url}: expected sha256 ${zeros} or ${ones}, got `),
      hints: [expect.any(String)],
    });
  });

  it('tells of a file whose hash is not the one that the index gives', async () => {
    const index = await startLocalIndex([wheel('lib', '1.0')], {
      intercept: (request, response) => {
        if (request.url?.startsWith('/files/') !== true) return false;
        response.end('something else');
        return true;
      },
    });
    vi.stubEnv('PIP_INDEX_URL', index.url);
    expect(await place.fail(python, ['lib'])).toMatchObject({ code: 'RESOLVE_HASH', exit: 'integrity' });
    await index.close();
  });

  it('wants every hash or none', async () => {
    const { fileName, content } = wheel('half', '1.0');
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(fileName).toBe('half-1.0-py2.py3-none-any.whl');
    const file = place.write('requirements.txt', `half==1.0 --hash=sha256:${sha256}`, 'werkzeug==1.0');
    const { code, exitCode, hints } = await place.fail(python, [file]);
    expect([code, exitCode]).toStrictEqual(['RESOLVE_HASH_MISSING', 3]);
    expect(hints).toHaveLength(1);
  });

  it('says what to do with entries that are no wheels', async () => {
    for (const folder of ['.', 'folder']) place.write(`${folder}/setup.py`, '');
    place.write('archive.tar.gz', '');
    const lines = ['-e .', './folder', './archive.tar.gz', 'a @ git+https://u:canary@example.invalid/a.git'];
    const file = place.write('requirements.txt', ...lines, '-e git+https://u:canary@example.invalid/b.git#egg=b');
    const error = await place.fail(python, [file]);
    expect(error).toMatchObject({ code: 'RESOLVE_NOT_A_WHEEL', exit: 'resolve' });
    expect(error.message).not.toContain('canary');
    expect(error.message.match(/-r requirements\.txt/g)).toHaveLength(5);
    expect(error.hints.map((hint) => hint.replace(/:.*/, ''))).toStrictEqual([
      'A folder',
      'An archive',
      'A repository',
      'An editable repository',
    ]);
  });

  it.each([
    ['-r missing.txt', 'RESOLVE_REQUIREMENTS_FILE', 2],
    ['-c missing.txt', 'RESOLVE_REQUIREMENTS_FILE', 2],
    ['half foo', 'RESOLVE_REQUIREMENT', 2],
    ['--nonsense', 'RESOLVE_REQUIREMENT', 2],
    ['./native-1.0-cp39-cp39-win_amd64.whl', 'RESOLVE_WHEEL_NOT_FOR_TARGET', 3],
  ])('tells what is wrong with a line: %s', async (line, code, exitCode) => {
    const native = indexWheel({ name: 'native', version: '1.0', tag: 'cp39-cp39-win_amd64' });
    writeFileSync(join(place.path, native.fileName), native.content);
    const error = await place.fail(python, [place.write('requirements.txt', line)]);
    expect([error.code, error.exitCode]).toStrictEqual([code, exitCode]);
    expect(error.hints).toHaveLength(1);
  });

  it('tells of a full disk', async () => {
    const full = await pythonThatRuns(join(place.path, 'environment'), FULL_DISK);
    const error = await place.fail(python, ['half==1.0'], { python: full });
    expect(error).toMatchObject({ code: 'RESOLVE_DISK_FULL', exit: 'conflict', hints: [expect.any(String)] });
    expect(error.message).toBe('Cannot write downloads: [Errno 28] No space left on device');
  });
});

/** Finds no room for a download. */
const FULL_DISK = `
import builtins, errno
real = builtins.open
def full(path, mode='r', *args, **kwargs):
    if str(path).endswith('.whl') and mode == 'wb':
        raise OSError(errno.ENOSPC, 'No space left on device')
    return real(path, mode, *args, **kwargs)
builtins.open = full
`;
