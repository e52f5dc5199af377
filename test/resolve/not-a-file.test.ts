import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, it } from 'vitest';
import { indexWheel } from '../support/local-index.ts';
import { useResolvePlace } from '../support/resolve-place.ts';

const NAME = 'lib-1.0-py2.py3-none-any.whl';
const place = useResolvePlace([indexWheel({ name: 'lib', version: '0.9', tag: 'py2.py3-none-any' })]);

type Make = (path: string) => void;
const PIPE: [string, Make] = ['a pipe', (path) => execaSync('mkfifo', [path])];
const DEVICE: [string, Make] = ['a device', (path) => symlinkSync('/dev/zero', path)];

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
});
