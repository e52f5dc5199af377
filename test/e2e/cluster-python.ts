import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { findPython, makeVirtualenv, runPip } from '../support/python.ts';

/** An interpreter that the test cannot do without. @throws Error that names it */
export function requirePython(version: string): string {
  const python = findPython(version);
  if (python === undefined) throw new Error(`These tests need a Python ${version} on PATH or under pyenv`);
  return python;
}

/** A virtual environment of Python `version` (`3.11`) with nothing in it. */
export async function barePython(version: string, directory: string): Promise<string> {
  return makeVirtualenv(requirePython(version), directory);
}

/** The Python of a cluster that has a numpy of its own. */
export async function pythonWithNumpy(version: string, numpy: string, directory: string): Promise<string> {
  const python = await barePython(version, directory);
  const into = ['--target', join(directory, 'lib', `python${version}`, 'site-packages'), '--python-version', version];
  const options = ['--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  await runPip(['install', ...options, ...into, `numpy==${numpy}`]);
  const { stdout } = await execa(python, ['-c', 'import numpy; print(numpy.__version__)']);
  expect(stdout).toBe(numpy);
  return python;
}
