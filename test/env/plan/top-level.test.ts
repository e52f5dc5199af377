import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Allowances } from '../../../src/wheel/allowances.ts';
import { STRICT } from '../../../src/wheel/rules.ts';
import { makeEnvironment, readTree, temporaryDirectories } from '../../support/environment-maker.ts';
import type { WheelOptions } from '../../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('top-level');

function target(python: string): { target: { python: string; abi: string; platforms: string[]; profile: null } } {
  return { target: { python, abi: 'none', platforms: ['manylinux_2_17_x86_64'], profile: null } };
}

function build(
  python: string,
  files: Record<string, string>,
  { name = 'risk', ...more }: Partial<WheelOptions> = {},
): Promise<string[]> {
  const notes: string[] = [];
  const options = { ...target(python), onNote: (note: string) => notes.push(note) };
  const wheel = { name, version: '1.0', files, tag: 'py2.py3-none-any', ...more };
  return makeEnvironment(newDirectory(), [wheel], options).then(() => notes);
}

describe('ENV_STANDARD_LIBRARY', () => {
  test.each([
    ['3.7.16', 'argparse.py', 'argparse'],
    ['3.7.16', 'enum/__init__.py', 'enum'],
    ['3.7.16', 'dataclasses.py', 'dataclasses'],
    ['3.11.7', 'typing.pyc', 'typing'],
    ['3.11.7', 'asyncio/__init__.cpython-311-x86_64-linux-gnu.so', 'asyncio'],
    ['3.7.16', '_ssl.so', '_ssl'],
    ['3.7.16', '_ssl.abi3.so', '_ssl'],
    ['3.7.16', '_ssl.cpython-37m-x86_64-linux-gnu.so', '_ssl'],
    ['3.7.16', 'risk-1.0.data/platlib/uuid.py', 'uuid'],
    ['3.7.16', 'risk-1.0.data/data/uuid.py', 'uuid'],
    ['2.7.18', 'json/__init__.py', 'json'],
    ['2.7.18', 'jsonmodule.so', 'json'],
    ['2.7.18', 'Queue.pyo', 'Queue'],
  ])('Python %s: %s', async (python, path, module) => {
    await expect(build(python, { [path]: '' })).rejects.toMatchObject({
      code: 'ENV_STANDARD_LIBRARY',
      exit: 'conflict',
      message: expect.stringMatching(
        new RegExp(
          `risk-1\\.0-.*\\.whl brings ".*${module}.*", .* hide the module ${module} of Python ${python} itself`,
        ),
      ),
      hints: [
        expect.stringContaining('Leave the package out'),
        expect.stringContaining('--allow ENV_STANDARD_LIBRARY=risk'),
      ],
    });
  });

  test.each([
    ['3.6.15', 'dataclasses.py'],
    ['2.7.18', 'enum/__init__.py'],
    ['2.7.18', 'concurrent/__init__.py'],
    ['3.7.16', 'Queue.py'],
    ['3.7.16', 'jsonmodule.so'],
    ['3.7.16', '_ssl.cpython-311-x86_64-linux-gnu.so'],
    ['3.7.16', 'json.pyi'],
    ['3.7.16', 'json.txt'],
    ['3.7.16', 'json.backup.py'],
    ['3.7.16', 'risk/json.py'],
    ['3.7.16', 'risk/json/__init__.py'],
    ['3.7.16', 'json/schema.txt'],
    ['3.7.16', 'Json/__init__.py'],
    ['3.7.16', 'json_/__init__.py'],
  ])('Python %s takes %s', async (python, path) => {
    await expect(build(python, { [path]: '' })).resolves.toEqual([]);
  });

  test.each([
    ['enum34', 'enum/__init__.py'],
    ['argparse', 'argparse.py'],
    ['dataclasses', 'dataclasses.py'],
  ])('%s is superfluous, and the hint says how to leave it out', async (name, path) => {
    await expect(build('3.7.16', { [path]: '' }, { name })).rejects.toMatchObject({
      hints: [
        `Python 3.7.16 has it all: --provided ${name} leaves the package out.`,
        expect.stringContaining('--allow'),
      ],
    });
  });

  test('all modules of all packages are named at once', async () => {
    const wheels = [
      { name: 'enum34', version: '1', files: { 'enum.py': '' } },
      { name: 'risk', version: '1', files: { 'uuid.py': '', 'typing.py': '' } },
    ];
    await expect(makeEnvironment(newDirectory(), wheels)).rejects.toMatchObject({
      message: expect.stringMatching(/module enum .*module uuid .*module typing /),
      hints: [
        expect.stringContaining('--provided enum34'),
        expect.stringContaining('--allow ENV_STANDARD_LIBRARY=enum34'),
        expect.stringContaining('--allow ENV_STANDARD_LIBRARY=risk'),
      ],
    });
  });

  test('an __init__.py that the build would add on Python 2 counts', async () => {
    const distInfo = { 'namespace_packages.txt': 'xml\n' };
    await expect(build('2.7.18', { 'xml/risk.py': '' }, { distInfo })).rejects.toMatchObject({
      code: 'ENV_STANDARD_LIBRARY',
      message: expect.stringContaining('"xml/__init__.py"'),
      hints: expect.arrayContaining([expect.stringContaining('--allow ENV_STANDARD_LIBRARY=risk')]),
    });
  });
});

describe('odd, and told', () => {
  test.each([
    ['3.7.16', { 'test/__init__.py': '' }, "test/__init__.py takes the place of Python's own module test"],
    ['3.7.16', { 'idlelib.py': '' }, "idlelib.py takes the place of Python's own module idlelib"],
    ['3.7.16', { 'time.py': '' }, 'time.py is never imported'],
    ['2.7.18', { 'sys/__init__.py': '' }, 'sys/__init__.py is never imported'],
    ['3.7.16', { 'logging/risk.py': '' }, 'logging/risk.py cannot be imported: logging is a module'],
    ['2.7.18', { 'logging/risk/__init__.py': '' }, 'logging/risk/__init__.py cannot be imported: logging is a module'],
  ])('Python %s: %j', async (python, files, note) => {
    await expect(build(python, files)).resolves.toEqual([expect.stringContaining(note)]);
  });

  test('what is told is told again when nothing is unpacked', async () => {
    const base = newDirectory();
    const notes: string[] = [];
    const wheels = [{ name: 'risk', version: '1', files: { 'test/__init__.py': '' } }];
    for (const _ of ['built', 'reused']) await makeEnvironment(base, wheels, { onNote: (note) => notes.push(note) });
    expect(notes).toEqual([notes[0], notes[0]]);
    expect(notes[0]).toContain('test/__init__.py');
  });
});

test.each(['sitecustomizemodule.so', 'usercustomize.pyc', 'sitecustomize.abi3.so'])(
  'ENV_START_UP_FILE: %s',
  async (path) => {
    await expect(build('2.7.18', { [path]: '' })).rejects.toMatchObject({ code: 'ENV_START_UP_FILE' });
  },
);

test('an allowed module is there, and its neighbour is still refused', async () => {
  const allowances = new Allowances([{ code: 'ENV_STANDARD_LIBRARY', package: 'a' }]);
  const a = { name: 'a', version: '1', files: { 'enum.py': '' } };
  const b = { name: 'b', version: '1', files: { 'uuid.py': '' } };
  const options = { rules: { ...STRICT, allowances } };
  const { directory } = await makeEnvironment(newDirectory(), [a], options);
  expect(readTree(join(directory, 'venv'))).toHaveProperty(['enum.py']);
  await expect(makeEnvironment(newDirectory(), [a, b], options)).rejects.toMatchObject({
    message: expect.not.stringContaining('enum'),
  });
});
