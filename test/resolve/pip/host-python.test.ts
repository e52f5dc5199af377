import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findHostPython } from '../../../src/resolve/pip/host-python.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { findPython, hostPython } from '../../support/python.ts';

let work: ReturnType<typeof scratchDirectory>;
beforeEach(() => {
  work = scratchDirectory('host');
});
afterEach(() => work.remove());

function fakePython(name: string, script: string): string {
  const path = join(work.path, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('findHostPython', () => {
  it('takes the one that is named, and asks it who it is', async () => {
    const named = fakePython('named', `exec ${hostPython()} "$@"`);
    const python = await findHostPython(undefined, { HDFS_VENV_PYTHON: named });
    expect(python.major).toBe(3);
    expect(python.path).not.toBe(named);
    expect(await findHostPython(named, { HDFS_VENV_PYTHON: '/nowhere' })).toStrictEqual(python);
  });

  it.each([
    ['/nowhere/python', '', /\/nowhere\/python is not there/],
    ['broken', 'exit 3', /broken does not run/],
    ['old', 'echo 3 7; echo /x', /old is Python 3\.7/],
  ])('refuses %s, and takes no other instead', async (name, script, message) => {
    const given = script === '' ? name : fakePython(name, script);
    await expect(findHostPython(given)).rejects.toMatchObject({
      code: 'RESOLVE_HOST_PYTHON',
      exit: 'usage',
      message: expect.stringMatching(message),
    });
  });

  it('looks for others on PATH when python3 is too old, but not when one is named', async () => {
    fakePython('python3', 'echo 3 7; echo /x');
    const before = { PATH: work.path };
    await expect(findHostPython(undefined, before)).rejects.toMatchObject({
      // and nothing of the seven other names that were tried
      message: expect.stringMatching(/expected Python 3\.8 or later, but python3 is Python 3\.7, python is not there$/),
    });
    fakePython('python3.9', `exec ${hostPython()} "$@"`);
    expect(await findHostPython(undefined, before)).toMatchObject({ major: 3 });
    await expect(findHostPython('python3', before)).rejects.toMatchObject({ code: 'RESOLVE_HOST_PYTHON' });
  });

  it.skipIf(findPython('2.7') === undefined)('refuses Python 2.7', async () => {
    await expect(findHostPython(findPython('2.7'))).rejects.toMatchObject({
      code: 'RESOLVE_HOST_PYTHON',
      message: expect.stringMatching(/expected Python 3\.8 or later, but .* is Python 2\.7$/),
    });
  });
});
