import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Resolution, type ResolveOptions, resolveWheels } from '../../src/resolve/resolve-wheels.ts';
import { parseTarget } from '../../src/target/target.ts';
import { indexWheel, type LocalIndex, startLocalIndex } from '../support/local-index.ts';
import { freshResolveCache } from '../support/resolve-cache.ts';
import { scratchDirectory } from '../support/scratch.ts';

const FILES = [
  indexWheel({ name: 'app', version: '1.0', requires: ['lib', 'pyspark>=3'] }),
  indexWheel({ name: 'lib', version: '1.0' }),
  indexWheel({ name: 'lib', version: '2.0' }),
  indexWheel({ name: 'plot', version: '1.0' }),
];

let index: LocalIndex;
let cache: Awaited<ReturnType<typeof freshResolveCache>>;
let work: ReturnType<typeof scratchDirectory>;

beforeAll(async () => {
  index = await startLocalIndex(FILES);
  cache = await freshResolveCache();
}, 300_000);
afterAll(async () => {
  cache?.remove();
  await index?.close();
});
beforeEach(() => {
  work = scratchDirectory('other-formats');
  vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
  vi.stubEnv('PIP_FIND_LINKS', '');
  vi.stubEnv('PIP_EXTRA_INDEX_URL', '');
  vi.stubEnv('PIP_INDEX_URL', index.url);
  vi.stubEnv('PIP_RETRIES', '0');
});
afterEach(() => {
  vi.unstubAllEnvs();
  work.remove();
});

function run(requirements: readonly string[], more: Partial<ResolveOptions> = {}): Promise<Resolution> {
  return resolveWheels({
    requirements,
    target: parseTarget({ python: '3.7.16', platform: ['rhel7'] }),
    cacheDirectory: cache.path,
    workingDirectory: work.path,
    ...more,
  });
}

function names({ wheels }: Resolution): string[] {
  return wheels.map((path) => basename(path).split('-').slice(0, 2).join(' '));
}

function write(name: string, ...lines: string[]): void {
  mkdirSync(dirname(join(work.path, name)), { recursive: true });
  writeFileSync(join(work.path, name), `${lines.join('\n')}\n`);
}

/** Writes `pylock.toml` as another tool would, of files of the index. */
function writePylock(...wanted: readonly (readonly [name: string, version: string, more?: string])[]): void {
  const packages = wanted.map(([name, version, more = '']) => {
    const fileName = `${name}-${version}-py3-none-any.whl`;
    const content = FILES.find((file) => file.fileName === fileName)?.content ?? Buffer.from('other');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const url = new URL(`/files/${fileName}`, index.url).href;
    return `[[packages]]\nname = "${name}"\nversion = "${version}"\n${more}${more.endsWith('#') ? '' : '\n'}wheels = [{ url = "${url}", hashes = { sha256 = "${sha256}" } }]`;
  });
  write('pylock.toml', 'lock-version = "1.0"', 'created-by = "test"', ...packages);
}

describe('the lock of another tool', () => {
  it('is taken exactly, whatever else the index has, and what the cluster brings is recorded', async () => {
    writePylock(
      ['app', '1.0'],
      ['lib', '1.0'],
      ['plot', '1.0', 'marker = \'python_version < "3"\''],
      ['pyspark', '3.5.1'],
    );
    const resolution = await run(['pylock.toml']);
    expect(names(resolution)).toStrictEqual(['app 1.0', 'lib 1.0']);
    expect(resolution.provided).toStrictEqual([
      { name: 'pyspark', version: null, requirements: ['pyspark', 'pyspark>=3'] },
    ]);
    expect(resolution.inputs.requirements).toStrictEqual(['pylock.toml']);
    // also where pip itself looks only into its index
    expect(names(await run([], { requirementFiles: ['pylock.toml'] }))).toStrictEqual(['app 1.0', 'lib 1.0']);
  });

  it('must hold all that is needed, unless something else is asked for besides', async () => {
    writePylock(['app', '1.0']);
    await expect(run(['pylock.toml'])).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_INCOMPLETE',
      exit: 'resolve',
      message: expect.stringContaining('lib 2.0 would be needed, too, and pylock.toml does not lock it'),
    });
    expect(names(await run(['pylock.toml', 'plot']))).toStrictEqual(['app 1.0', 'lib 2.0', 'plot 1.0']);
  });

  it('goes with own code, which is bound to it', async () => {
    writePylock(['app', '1.0'], ['lib', '1.0']);
    write('job.py', 'x = 1');
    expect(names(await run(['pylock.toml', 'job.py']))).toStrictEqual([
      'app 1.0',
      expect.stringMatching(/^job /),
      'lib 1.0',
    ]);
  });

  it('is refused when a file is not the one that was locked', async () => {
    writePylock(['lib', '1.0']);
    const sha256 = createHash('sha256').update('other').digest('hex');
    const file = new URL('/files/plot-1.0-py3-none-any.whl', index.url).href;
    write(
      'pylock.toml',
      'lock-version = "1.0"\ncreated-by = "test"\n[[packages]]\nname = "plot"\nversion = "1.0"',
      `wheels = [{ url = "${file}", hashes = { sha256 = "${sha256}" } }]`,
    );
    await expect(run(['pylock.toml'])).rejects.toMatchObject({
      code: 'RESOLVE_HASH',
      exit: 'integrity',
      message: expect.stringContaining(sha256),
    });
  });

  it('takes the folders of a workspace that are given beside it for own code', async () => {
    write('tool/__init__.py', '');
    writePylock(['lib', '1.0'], ['tool', '1.0', 'directory = { path = "tool" }\n#']);
    await expect(run(['pylock.toml'])).rejects.toMatchObject({ code: 'RESOLVE_LOCK_NO_WHEEL' });
    expect(names(await run(['pylock.toml', './tool']))).toStrictEqual(['lib 1.0', expect.stringMatching(/^tool /)]);
  });
});

describe('pyproject.toml', () => {
  it('asks for its dependencies and those of the extras that are named, not for the project', async () => {
    write(
      'pyproject.toml',
      '[project]\nname = "risk"\nversion = "1.0"\nrequires-python = ">=3.6"',
      'dependencies = ["lib<2", "missing; python_version < \'3\'"]',
      '[project.optional-dependencies]\nplots = ["plot"]',
    );
    expect(names(await run(['pyproject.toml']))).toStrictEqual(['lib 1.0']);
    expect(names(await run(['pyproject.toml[plots]']))).toStrictEqual(['lib 1.0', 'plot 1.0']);
    expect(names(await run([], { requirementFiles: ['pyproject.toml'] }))).toStrictEqual(['lib 1.0']);
  });
});
