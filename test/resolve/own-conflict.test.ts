import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { indexWheel } from '../support/local-index.ts';
import { useResolvePlace } from '../support/resolve-place.ts';

const tag = 'py2.py3-none-any';
const place = useResolvePlace([
  indexWheel({ name: 'requests', version: '2.31.0', tag, requires: ['urllib3>=1.21.1,<3'] }),
  indexWheel({ name: 'urllib3', version: '2.0.7', tag }),
  indexWheel({ name: 'idna', version: '3.4', tag }),
  indexWheel({ name: 'idna', version: '3.20', tag }),
]);

/** A folder with a project of one's own: its backend has the wheel at hand. */
function project(name: string, version: string, requires: readonly string[] = []): string {
  const { fileName, content } = indexWheel({ name, version, tag, requires });
  const backend = ['backend-path = ["."]', 'build-backend = "backend"', 'requires = []'];
  place.write(`${name}/pyproject.toml`, '[build-system]', ...backend);
  place.write(
    `${name}/backend.py`,
    'import shutil',
    'def build_wheel(directory, settings=None, metadata=None):',
    `    shutil.copy('${fileName}', directory)`,
    `    return '${fileName}'`,
  );
  writeFileSync(join(place.path, name, fileName), content);
  return `./${name}`;
}

// pip 24.0, and the newest one
describe.each(['3.7.16', '3.9.25'])('for Python %s, what is given stands against a requirement', (python) => {
  it('of code of one’s own', async () => {
    expect(await place.fail(python, [project('app', '1.0', ['lib<2']), project('lib', '3.0')])).toMatchObject({
      code: 'RESOLVE_CONFLICT',
      message: 'Cannot find versions that go together: lib 3.0 (./lib) against app 1.0 → lib<2',
      hints: ['Give another version of lib than 3.0, or loosen what else asks for it.'],
    });
  });

  it('of a package', async () => {
    const old = indexWheel({ name: 'urllib3', version: '1.20', tag });
    writeFileSync(join(place.path, old.fileName), old.content);
    const error = await place.fail(python, ['requests', old.fileName]);
    expect(error.code).toBe('RESOLVE_CONFLICT');
    expect(error.message).toMatch(
      /: urllib3 1\.20 \(urllib3-1\.20-py2\.py3-none-any\.whl\) against requests 2\.31\.0 → urllib3\S+$/,
    );
    expect(error.hints).toStrictEqual(['Give another version of urllib3 than 1.20, or loosen what else asks for it.']);
  });

  it('of the user', async () => {
    const url = new URL(`../files/idna-3.20-${tag}.whl`, place.index.url).href;
    const file = place.write('requirements.txt', `idna @ ${url.replace('//', '//alice:canary@')}`);
    const error = await place.fail(python, [file, 'idna<3.5']);
    expect(error).toMatchObject({
      code: 'RESOLVE_CONFLICT',
      message: `Cannot find versions that go together: idna<3.5 against idna 3.20 (${url}, -r requirements.txt line 1)`,
    });
  });
});
