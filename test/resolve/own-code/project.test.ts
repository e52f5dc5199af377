import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import AdmZip from 'adm-zip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findHostPython, type HostPython } from '../../../src/resolve/pip/host-python.ts';
import { wheelOfProject } from '../../../src/resolve/own-code/project.ts';
import { parseTarget } from '../../../src/target/target.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { freshResolveCache } from '../../support/resolve-cache.ts';
import { downloadSetuptools } from '../../support/setuptools.ts';

/** A build system that needs nothing from an index: it writes one wheel with the tag that the project asks for. */
const BACKEND = `
import os, zipfile
def build_wheel(directory, config_settings=None, metadata_directory=None):
    tag = open('tag.txt').read().strip()
    if tag == 'broken':
        raise ValueError('no tag for you')
    name = 'own-1.0-%s.whl' % tag
    with zipfile.ZipFile(os.path.join(directory, name), 'w') as z:
        z.writestr('own/__init__.py', 'epoch = %r' % os.environ.get('SOURCE_DATE_EPOCH'))
        z.writestr('own-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: own\\nVersion: 1.0\\nRequires-Python: <3\\n')
        z.writestr('own-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: %s\\n' % tag)
        z.writestr('own-1.0.dist-info/RECORD', '')
    return name
`;

let cache: Awaited<ReturnType<typeof freshResolveCache>>;
let python: HostPython;
let work: ReturnType<typeof scratchDirectory>;
beforeAll(async () => {
  cache = await freshResolveCache();
  python = await findHostPython(undefined);
}, 300_000);
afterAll(() => cache?.remove());
beforeEach(() => {
  work = scratchDirectory('project');
  mkdirSync(join(work.path, 'scratch'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  work.remove();
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(work.path, path)), { recursive: true });
  writeFileSync(join(work.path, path), text);
}

function build(target = parseTarget({ python: '3.7', platform: ['rhel7'] })): Promise<string> {
  const pip = readdirSync(join(cache.path, 'pip')).find((name) => /^2[5-9]/.test(name)) ?? '';
  return wheelOfProject({
    given: './own',
    path: join(work.path, 'own'),
    python,
    pip: join(cache.path, 'pip', pip),
    target,
    scratch: join(work.path, 'scratch'),
  });
}

function project(tag: string): void {
  write('own/pyproject.toml', '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n');
  write('own/backend.py', BACKEND);
  write('own/tag.txt', tag);
}

describe('wheelOfProject', () => {
  it('builds with the project’s own build system, at a fixed time, whatever Python it is for', async () => {
    project('py3-none-any');
    const path = await build();
    expect(basename(path)).toBe('own-1.0-py3-none-any.whl');
    expect(new AdmZip(path).readAsText('own/__init__.py')).toBe("epoch = '315532800'");
  });

  it('refuses a wheel that is bound to this machine', async () => {
    project('cp311-cp311-linux_x86_64');
    await expect(build()).rejects.toMatchObject({
      code: 'RESOLVE_HOST_BOUND',
      exit: 'resolve',
      message: expect.stringMatching(/"\.\/own" .* own-1\.0-cp311-cp311-linux_x86_64\.whl/),
    });
  });

  it('refuses a wheel for Python 3 when the target is 2.7, and takes one for both', async () => {
    const target = parseTarget({ python: '2.7', platform: ['rhel7'] });
    project('py3-none-any');
    await expect(build(target)).rejects.toMatchObject({
      code: 'RESOLVE_HOST_BOUND',
      message: expect.stringMatching(/2\.7\.18/),
    });
    work.remove();
    mkdirSync(join(work.path, 'scratch'), { recursive: true });
    project('py2.py3-none-any');
    expect(basename(await build(target))).toBe('own-1.0-py2.py3-none-any.whl');
  });

  it('tells why a build fails', async () => {
    project('broken');
    await expect(build()).rejects.toMatchObject({
      code: 'RESOLVE_BUILD',
      exit: 'resolve',
      message: 'Cannot build a wheel of "./own": ValueError: no tag for you',
    });
  });

  it('keeps setuptools from leaving anything in the folder, and from taking along what an earlier build left', async () => {
    const setuptools = await downloadSetuptools(python);
    vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_FIND_LINKS', setuptools);
    write('own/setup.py', 'from setuptools import setup\nsetup(name="own", version="1.0", packages=["own"])\n');
    write('own/own/__init__.py', '');
    write('own/build/lib/own/stale.py', '');
    const path = await build();
    const names = new AdmZip(path).getEntries().map(({ entryName }) => entryName);
    expect(names.filter((name) => name.startsWith('own/'))).toStrictEqual(['own/__init__.py']);
    expect(readdirSync(join(work.path, 'own')).toSorted()).toStrictEqual(['build', 'own', 'setup.py']);
  });
});
