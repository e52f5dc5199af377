import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execaSync } from 'execa';
import { describe, expect, it, vi } from 'vitest';
import { NO_INDEX_OPTIONS } from '../../src/resolve/pip/index-options.ts';
import { indexWheel } from '../support/local-index.ts';
import { useResolvePlace } from '../support/resolve-place.ts';

const NAME = 'lib-1.0-py2.py3-none-any.whl';
const place = useResolvePlace([indexWheel({ name: 'lib', version: '0.9', tag: 'py2.py3-none-any' })]);

type Make = (path: string) => void;
const PIPE: [string, Make] = ['a pipe', (path) => execaSync('mkfifo', [path])];
const DEVICE: [string, Make] = ['a device', (path) => symlinkSync('/dev/zero', path)];
const DIRECTORY: [string, Make] = ['a directory', (path) => mkdirSync(path)];

/** Makes it in a directory of its own, and returns its path. */
function wheelThatIsNone(make: Make): string {
  const directory = join(place.path, 'wheels');
  mkdirSync(directory);
  make(join(directory, NAME));
  return join(directory, NAME);
}

// reading one of them would not end
describe.each(['3.9.25', '2.7.18'])('a wheel that is no file, for Python %s', (python) => {
  it.each([PIPE, DEVICE])('as an argument: %s', async (kind, make) => {
    const path = wheelThatIsNone(make);
    expect(await place.fail(python, [`wheels/${NAME}`])).toMatchObject({
      code: 'WHEEL_NOT_A_FILE',
      exit: 'usage',
      message: `Cannot read wheel ${path}: it is ${kind}, expected a file`,
    });
  });

  it.each([PIPE, DEVICE, DIRECTORY])('in a directory of --find-links: %s', async (kind, make) => {
    const path = wheelThatIsNone(make);
    const error = { code: 'WHEEL_NOT_A_FILE', message: `Cannot read wheel ${path}: it is ${kind}, expected a file` };
    const index = { ...NO_INDEX_OPTIONS, findLinks: ['wheels'] };
    expect(await place.fail(python, ['lib'], { index })).toMatchObject(error);
    vi.stubEnv('PIP_FIND_LINKS', pathToFileURL(join(place.path, 'wheels')).href);
    expect(await place.fail(python, ['lib>=1'])).toMatchObject(error);
  });

  it.each([PIPE, DEVICE, DIRECTORY])('in a requirements file: %s', async (kind, make) => {
    const path = wheelThatIsNone(make);
    const file = place.write('requirements.txt', `lib @ ${pathToFileURL(path).href}`);
    expect(await place.fail(python, [file])).toMatchObject({
      code: 'WHEEL_NOT_A_FILE',
      message: `Cannot read wheel ${path}: it is ${kind}, expected a file`,
    });
  });

  it.each([PIPE, DEVICE])('as the wheel of pip: %s', async (_kind, make) => {
    const index = { ...NO_INDEX_OPTIONS, pipWheel: wheelThatIsNone(make) };
    expect(await place.fail(python, ['lib'], { index })).toMatchObject({
      code: 'RESOLVE_PIP_WHEEL',
      exit: 'usage',
      message: `Cannot read the wheel of pip ${index.pipWheel}: it is no file`,
    });
  });
});
