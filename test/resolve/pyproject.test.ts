import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPyproject } from '../../src/resolve/pyproject.ts';
import { parseTarget } from '../../src/target/target.ts';
import { scratchDirectory } from '../support/scratch.ts';

const target = parseTarget({ python: '3.7.16', platform: ['rhel7'] });

let work: ReturnType<typeof scratchDirectory>;
beforeEach(() => {
  work = scratchDirectory('pyproject');
});
afterEach(() => work.remove());

async function read(text: string, ...extras: readonly string[]): Promise<string[]> {
  const path = join(work.path, 'pyproject.toml');
  writeFileSync(path, text);
  return readPyproject(path, extras, target);
}

const PROJECT = `[project]
name = "Risk_App"
version = "1.0"
requires-python = ">=3.6, <4"
dependencies = ["pandas>=1; python_version < '3.8'", "risk_model @ https://files.example.invalid/r-1-py3-none-any.whl;x ; os_name == 'posix'"]
[project.optional-dependencies]
Plot = ["matplotlib", "pandas>=1; python_version < '3.8'"]
excel = ["openpyxl ; sys_platform == 'linux' or os_name == 'nt'"]
all = ["risk-app[plot, Excel]", "risk.app[all]"]
old = ["RISK-APP[excel,plot] ; python_version < '3.8'", "six @ https://files.example.invalid/six.whl;x"]
older = ["risk_app[old]; os_name == 'posix'"]
bare = ["risk-app"]
[dependency-groups]
dev = ["pytest"]
`;

const OWN = [
  "pandas>=1; python_version < '3.8'",
  "risk_model @ https://files.example.invalid/r-1-py3-none-any.whl;x ; os_name == 'posix'",
];

describe('readPyproject', () => {
  it('reads the dependencies as they are written, and no groups', async () => {
    expect(await read(PROJECT)).toStrictEqual(OWN);
    expect(await read('[project]\nname = "a"\ndynamic = ["version", "optional-dependencies"]')).toStrictEqual([]);
  });

  it('adds the extras that are asked for, each requirement once, by any spelling', async () => {
    expect(await read(PROJECT, 'plot')).toStrictEqual([...OWN, 'matplotlib']);
    expect(await read(PROJECT, 'BARE')).toStrictEqual(OWN);
  });

  it('spells out extras that name the project itself, in circles too', async () => {
    expect(await read(PROJECT, 'all')).toStrictEqual([
      ...OWN,
      'matplotlib',
      "openpyxl ; sys_platform == 'linux' or os_name == 'nt'",
    ]);
  });

  it('keeps the marker under which the project names itself', async () => {
    expect(await read(PROJECT, 'old')).toStrictEqual([
      ...OWN,
      "openpyxl ; (python_version < '3.8') and (sys_platform == 'linux' or os_name == 'nt')",
      "matplotlib ; python_version < '3.8'",
      "pandas>=1 ; (python_version < '3.8') and (python_version < '3.8')",
      'six @ https://files.example.invalid/six.whl;x',
    ]);
    expect(await read(PROJECT, 'older')).toStrictEqual([
      ...OWN,
      "openpyxl ; (os_name == 'posix') and (python_version < '3.8') and (sys_platform == 'linux' or os_name == 'nt')",
      "matplotlib ; (os_name == 'posix') and (python_version < '3.8')",
      "pandas>=1 ; (os_name == 'posix') and (python_version < '3.8') and (python_version < '3.8')",
      "six @ https://files.example.invalid/six.whl;x ; os_name == 'posix'",
    ]);
  });

  it('knows which extras there are', async () => {
    await expect(read(PROJECT, 'plot', 'dev')).rejects.toMatchObject({
      code: 'RESOLVE_EXTRA',
      exit: 'usage',
      message: expect.stringMatching(/^Cannot find the extra dev in .*: it has all, bare, excel, old, older, plot$/),
    });
    await expect(read('[project]\nname = "a"', 'x')).rejects.toMatchObject({
      message: expect.stringMatching(/it has none$/),
    });
  });

  it.each([['>=3.8'], ['<3.7.16'], ['!=3.7.*,>3']])('does not run where the project does not: %s', async (versions) => {
    await expect(read(`[project]\nname = "a"\nrequires-python = "${versions}"`)).rejects.toMatchObject({
      code: 'RESOLVE_REQUIRES_PYTHON',
      exit: 'resolve',
      message: expect.stringContaining(`the project wants Python ${versions}, the target is 3.7.16`),
    });
  });

  it.each([
    ['[project]\nname = "a"\ndynamic = ["dependencies"]', [], 'its dependencies are dynamic', /project folder/],
    [
      '[project]\nname = "a"\ndynamic = ["optional-dependencies"]',
      ['x'],
      'its optional-dependencies are dynamic',
      /project folder/,
    ],
    ['[tool.poetry.dependencies]\npython = "^3.7"', [], 'got [tool.poetry] only', /poetry export/],
    ['[tool.flit.metadata]\nmodule = "a"', [], 'got [tool.flit] only', /project folder/],
    ['[build-system]\nrequires = []', [], 'expected a table [project] with dependencies, got none', /project folder/],
    ['[tool.ruff]', [], 'expected a table [project] with dependencies, got none', undefined],
    ['[project]', [], 'project.name: Invalid input: expected string', undefined],
    [
      '[project]\nname = "a"\ndependencies = "numpy"',
      [],
      'project.dependencies: Invalid input: expected array',
      undefined,
    ],
    [
      '[project]\nname = "a"\ndependencies = ["-r x.txt"]',
      [],
      'expected a requirement (PEP 508), got "-r x.txt"',
      undefined,
    ],
    ['[project]\nname = "a"\nrequires-python = "three"', [], 'got "three"', undefined],
    ['[project', [], 'line 1, column', undefined],
  ])('says what is wrong with %j', async (text, extras, problem, hint) => {
    const error: unknown = await read(text, ...extras).catch((one: unknown) => one);
    expect(error).toMatchObject({
      code: 'RESOLVE_PYPROJECT',
      exit: 'usage',
      message: expect.stringContaining(problem),
      hints: hint === undefined ? [] : expect.arrayContaining([expect.stringMatching(hint)]),
    });
  });

  it('says that the file cannot be read', async () => {
    await expect(readPyproject(join(work.path, 'gone.toml'), [], target)).rejects.toMatchObject({
      code: 'RESOLVE_PYPROJECT',
      exit: 'permission',
    });
  });
});
