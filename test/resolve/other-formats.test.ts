import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Resolution, type ResolveOptions } from '../../src/resolve/resolve-wheels.ts';
import { indexWheel } from '../support/local-index.ts';
import { useResolvePlace, wheelNames } from '../support/resolve-place.ts';

const FILES = [
  indexWheel({ name: 'app', version: '1.0', requires: ['lib', 'pyspark>=3'] }),
  indexWheel({ name: 'lib', version: '1.0' }),
  indexWheel({ name: 'lib', version: '2.0' }),
  indexWheel({ name: 'plot', version: '1.0' }),
];

const place = useResolvePlace(FILES);

function run(requirements: readonly string[], more: Partial<ResolveOptions> = {}): Promise<Resolution> {
  return place.run('3.7.16', requirements, more);
}

/** Writes `pylock.toml` as another tool would, of files of the index. */
function writePylock(...wanted: readonly (readonly [name: string, version: string, more?: string])[]): void {
  const packages = wanted.map(([name, version, more = '']) => {
    const fileName = `${name}-${version}-py3-none-any.whl`;
    const content = FILES.find((file) => file.fileName === fileName)?.content ?? Buffer.from('other');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const url = new URL(`/files/${fileName}`, place.index.url).href;
    return `[[packages]]\nname = "${name}"\nversion = "${version}"\n${more}${more.endsWith('#') ? '' : '\n'}wheels = [{ url = "${url}", hashes = { sha256 = "${sha256}" } }]`;
  });
  place.write('pylock.toml', 'lock-version = "1.0"', 'created-by = "test"', ...packages);
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
    expect(wheelNames(resolution)).toStrictEqual(['app 1.0', 'lib 1.0']);
    expect(resolution.provided).toStrictEqual([
      { name: 'pyspark', version: null, requirements: ['pyspark', 'pyspark>=3'] },
    ]);
    expect(resolution.inputs.requirements).toStrictEqual(['pylock.toml']);
    // also where pip itself looks only into its index
    expect(wheelNames(await run([], { requirementFiles: ['pylock.toml'] }))).toStrictEqual(['app 1.0', 'lib 1.0']);
  });

  it('must hold all that is needed, unless something else is asked for besides', async () => {
    writePylock(['app', '1.0']);
    await expect(run(['pylock.toml'])).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_INCOMPLETE',
      exit: 'resolve',
      message: expect.stringContaining('lib 2.0 would be needed, too, and pylock.toml does not lock it'),
    });
    expect(wheelNames(await run(['pylock.toml', 'plot']))).toStrictEqual(['app 1.0', 'lib 2.0', 'plot 1.0']);
  });

  it('goes with own code, which is bound to it', async () => {
    writePylock(['app', '1.0'], ['lib', '1.0']);
    place.write('job.py', 'x = 1');
    expect(wheelNames(await run(['pylock.toml', 'job.py']))).toStrictEqual([
      'app 1.0',
      expect.stringMatching(/^job /),
      'lib 1.0',
    ]);
  });

  it('is refused when a file is not the one that was locked', async () => {
    writePylock(['lib', '1.0']);
    const sha256 = createHash('sha256').update('other').digest('hex');
    const file = new URL('/files/plot-1.0-py3-none-any.whl', place.index.url).href;
    place.write(
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
    place.write('tool/__init__.py', '');
    writePylock(['lib', '1.0'], ['tool', '1.0', 'directory = { path = "tool" }\n#']);
    await expect(run(['pylock.toml'])).rejects.toMatchObject({ code: 'RESOLVE_LOCK_NO_WHEEL' });
    expect(wheelNames(await run(['pylock.toml', './tool']))).toStrictEqual([
      'lib 1.0',
      expect.stringMatching(/^tool /),
    ]);
  });
});

describe('pyproject.toml', () => {
  it('asks for its dependencies and those of the extras that are named, not for the project', async () => {
    place.write(
      'pyproject.toml',
      '[project]\nname = "risk"\nversion = "1.0"\nrequires-python = ">=3.6"',
      'dependencies = ["lib<2", "missing; python_version < \'3\'"]',
      '[project.optional-dependencies]\nplots = ["plot"]',
    );
    expect(wheelNames(await run(['pyproject.toml']))).toStrictEqual(['lib 1.0']);
    expect(wheelNames(await run(['pyproject.toml[plots]']))).toStrictEqual(['lib 1.0', 'plot 1.0']);
    expect(wheelNames(await run([], { requirementFiles: ['pyproject.toml'] }))).toStrictEqual(['lib 1.0']);
  });
});
