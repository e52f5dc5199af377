import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchLocked } from '../../src/resolve/lock/fetch-locked.ts';
import { readIndexOptions } from '../../src/resolve/pip/index-options.ts';
import { parseTarget } from '../../src/target/target.ts';
import { indexWheel } from '../support/local-index.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { installPip, pipWheel, pythonThatRuns } from './pip-wheels.ts';
import { useResolvePlace, wheelNames } from '../support/resolve-place.ts';

const ANY = 'py2.py3-none-any';
const FILES = [
  indexWheel({ name: 'lib', version: '1.0', tag: ANY, requires: ['dep'] }),
  indexWheel({ name: 'dep', version: '1.0', tag: ANY }),
];
const place = useResolvePlace(FILES);
const pips: Awaited<ReturnType<typeof pipWheel>>[] = [];
beforeAll(async () => {
  pips.push(await pipWheel('26.3'), await pipWheel('24.0'));
}, 300_000);

/** Fails at every attempt to reach anything, and leaves a note of it. */
const NO_NETWORK = `
import os, socket
def refuse(*arguments):
    with open(os.environ['ATTEMPTS'], 'a') as note:
        note.write(repr(arguments[-1]))
    raise OSError('there is no network')
socket.socket.connect = refuse
socket.socket.connect_ex = refuse
socket.getaddrinfo = refuse
`;

let host: ReturnType<typeof scratchDirectory>;
let python: string;
let note: string;
let cacheDirectory: string;
beforeAll(async () => {
  host = scratchDirectory('offline');
  python = await pythonThatRuns(host.path, NO_NETWORK);
});
afterAll(() => host?.remove());
beforeEach(() => {
  note = join(place.path, 'attempts.txt');
  cacheDirectory = join(place.path, 'cache');
  vi.stubEnv('ATTEMPTS', note);
});

function fill(directory: string, files: readonly { readonly fileName: string; readonly content: Buffer }[]): void {
  mkdirSync(join(place.path, directory), { recursive: true });
  for (const { fileName, content } of files) writeFileSync(join(place.path, directory, fileName), content);
}

describe.each([
  ['3.9.25', '26.3'],
  ['3.7.16', '24.0'],
  ['2.7.18', '24.0'],
])('with no network at all, for Python %s', (version, pip) => {
  it('all comes from a directory, pip itself included, in an empty cache and on a host without pip', async () => {
    fill('wheels', [...FILES, ...pips]);
    const index = readIndexOptions({ findLinks: ['wheels'], index: false });
    const resolution = await place.run(version, ['lib'], { index, python, cacheDirectory });
    expect(wheelNames(resolution)).toStrictEqual(['dep 1.0', 'lib 1.0']);
    expect(readdirSync(join(cacheDirectory, 'pip'))).toStrictEqual([pip]);
    expect(place.index.requests).toStrictEqual([]);
    expect(existsSync(note)).toBe(false);
  });

  it('a requirements file may say so', async () => {
    fill('nested/wheels', [...FILES, ...pips]);
    place.write('nested/requirements.txt', '--no-index', '--find-links ./wheels', 'lib');
    const resolution = await place.run(version, ['nested/requirements.txt'], { python, cacheDirectory });
    expect(wheelNames(resolution)).toStrictEqual(['dep 1.0', 'lib 1.0']);
    expect(existsSync(note)).toBe(false);
  });

  it('a requirements file cannot bring an index back', async () => {
    fill('wheels', pips);
    const file = place.write('requirements.txt', `--index-url ${place.index.url}`, 'lib');
    const index = readIndexOptions({ findLinks: [pathToFileURL(join(place.path, 'wheels')).href], index: false });
    expect(await place.fail(version, [file], { index, python, cacheDirectory })).toMatchObject({
      code: 'RESOLVE_NO_SUCH_PACKAGE',
      message: expect.stringContaining('among the local files'),
      hints: [expect.stringContaining('--find-links')],
    });
    expect(place.index.requests).toStrictEqual([]);
    expect(existsSync(note)).toBe(false);
  });

  it('the wheel of pip may be given by itself, under any name', async () => {
    fill('wheels', FILES);
    const wheel = pips.find(({ fileName }) => fileName.includes(pip));
    writeFileSync(join(place.path, 'our pip.whl'), wheel?.content ?? '');
    const index = readIndexOptions({ findLinks: ['wheels'], index: false, pipWheel: 'our pip.whl' });
    expect(wheelNames(await place.run(version, ['lib'], { index, python, cacheDirectory }))).toHaveLength(2);
    expect(existsSync(note)).toBe(false);
  });

  it('what is missing is named exactly, with its digest and where to put it', async () => {
    fill('wheels', FILES);
    const index = readIndexOptions({ findLinks: ['wheels'], index: false });
    const error = await place.fail(version, ['lib'], { index, python, cacheDirectory });
    expect(error).toMatchObject({ code: 'RESOLVE_PIP_UNAVAILABLE', exit: 'usage' });
    expect(error.hints.at(-1)).toMatch(
      new RegExp(
        `pip-${pip.replace('.', '\\.')}-py3-none-any\\.whl \\(sha256 [0-9a-f]{64};.*--find-links.*--pip-wheel`,
      ),
    );
    expect(existsSync(note)).toBe(false);
  });
});

it('a requirements file keeps the host’s pip off the network, too', async () => {
  fill('wheels', FILES);
  fill('elsewhere', pips);
  const withPip = await pythonThatRuns(join(place.path, 'environment'), NO_NETWORK);
  await installPip(withPip, join(place.path, 'elsewhere', 'pip-26.3-py3-none-any.whl'), '26.2');
  const file = place.write('requirements.txt', '--no-index', '--find-links wheels', 'lib');
  expect(await place.fail('3.7.16', [file], { python: withPip, cacheDirectory })).toMatchObject({
    code: 'RESOLVE_PIP_UNAVAILABLE',
    exit: 'usage',
    message: expect.stringContaining(`there is none in ${join(place.path, 'wheels')}, and --no-index rules`),
  });
  expect(existsSync(note)).toBe(false);
});

it('finds pip where PIP_FIND_LINKS says', async () => {
  fill('wheels', [...FILES, ...pips]);
  vi.stubEnv('PIP_FIND_LINKS', join(place.path, 'wheels'));
  const index = readIndexOptions({ index: false });
  expect(wheelNames(await place.run('3.7.16', ['lib'], { index, python, cacheDirectory }))).toHaveLength(2);
  expect(existsSync(note)).toBe(false);
});

it('gets what a lock names from a directory, or says what to put there', async () => {
  const { packages } = await place.run('3.7.16', ['lib']);
  place.index.requests.length = 0;
  const options = {
    lockName: 'pylock.toml',
    lines: [],
    target: parseTarget({ python: '3.7.16', platform: ['rhel7'] }),
    index: readIndexOptions({ findLinks: ['wheels'], index: false }),
    engine: () => Promise.reject(new Error('No Python is needed')),
    cacheDirectory,
    scratch: place.path,
    workingDirectory: place.path,
    onEvent: () => {},
    signal: undefined,
  };
  fill('wheels', FILES.slice(0, 1));
  await expect(fetchLocked(packages, options)).rejects.toMatchObject({
    code: 'RESOLVE_LOCK_FILE',
    exit: 'usage',
    message: `Cannot get dep-1.0-py2.py3-none-any.whl of pylock.toml: not in ${join(place.path, 'wheels')}, and --no-index rules the network out`,
  });
  // another file of the same name is none
  fill('wheels', [{ fileName: 'dep-1.0-py2.py3-none-any.whl', content: Buffer.from('something else') }]);
  const scratch = join(place.path, 'again');
  mkdirSync(scratch);
  await expect(fetchLocked(packages, { ...options, scratch })).rejects.toMatchObject({ code: 'RESOLVE_LOCK_FILE' });
  fill('wheels', FILES);
  const last = join(place.path, 'last');
  mkdirSync(last);
  const wheels = await fetchLocked(packages, { ...options, scratch: last });
  expect(wheels.map((path) => basename(path))).toStrictEqual(FILES.map(({ fileName }) => fileName).toSorted());
  expect(place.index.requests).toStrictEqual([]);
});

it('the host’s own pip stands in when it can be driven, and that is said', async () => {
  fill('wheels', [...FILES]);
  fill('elsewhere', pips);
  const withPip = await pythonThatRuns(join(place.path, 'environment'), NO_NETWORK);
  await installPip(withPip, join(place.path, 'elsewhere', 'pip-26.3-py3-none-any.whl'), '26.2');
  const index = readIndexOptions({ findLinks: ['wheels'], index: false });
  const resolution = await place.run('3.9.25', ['lib'], { index, python: withPip, cacheDirectory });
  expect(wheelNames(resolution)).toHaveLength(2);
  expect(place.events).toContainEqual({
    type: 'notice',
    text: expect.stringMatching(
      /^pip 26\.2 of .* stands in: Cannot fetch pip 26\.3 .* there is none in wheels, and --no-index/,
    ),
  });
  expect(existsSync(note)).toBe(false);
});

it('would notice an attempt', async () => {
  fill('wheels', pips);
  const index = readIndexOptions({ findLinks: ['wheels'] });
  const error = await place.fail('3.7.16', ['lib'], { index, python, cacheDirectory });
  expect(error.code).toBe('RESOLVE_INDEX_UNREACHABLE');
  expect(readFileSync(note, 'utf8')).not.toBe('');
});

describe('--pip-wheel', () => {
  it.each([
    ['another file', 'lib-1.0-py2.py3-none-any.whl', '3.9.25', /expected pip-26\.3-py3-none-any\.whl \(sha256 f3b6/],
    ['a pip for newer targets', 'pip-26.3-py3-none-any.whl', '2.7.18', /expected pip-24\.0-py3-none-any\.whl/],
    ['a pip for newer targets', 'pip-26.3-py3-none-any.whl', '3.7.16', /expected pip-24\.0-py3-none-any\.whl/],
    ['a file that is not there', 'gone.whl', '3.7.16', /Cannot read the wheel of pip .*gone\.whl: .*ENOENT/],
  ])('refuses %s', async (_, fileName, version, message) => {
    fill('wheels', [...FILES, ...pips]);
    const index = readIndexOptions({ pipWheel: join('wheels', fileName) });
    expect(await place.fail(version, ['lib'], { index, python, cacheDirectory })).toMatchObject({
      code: 'RESOLVE_PIP_WHEEL',
      exit: 'usage',
      message: expect.stringMatching(message),
    });
    expect(existsSync(join(cacheDirectory, 'pip'))).toBe(false);
  });

  it('counts although another one is cached', async () => {
    vi.stubEnv('PIP_INDEX_URL', place.index.url);
    const index = readIndexOptions({ pipWheel: 'gone.whl' });
    expect(await place.fail('3.7.16', ['lib'], { index })).toMatchObject({ code: 'RESOLVE_PIP_WHEEL' });
  });
});
