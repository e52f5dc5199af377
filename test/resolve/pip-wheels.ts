import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheDirectory } from '../support/cache.ts';
import { findPython, runPip } from '../support/python.ts';

/** The real wheel of a pip, from the package index of this machine, once; call it before an environment is stubbed that hides the index. */
export async function pipWheel(version: string): Promise<{ readonly fileName: string; readonly content: Buffer }> {
  const directory = cacheDirectory('resolve', 'pip-wheel');
  const fileName = `pip-${version}-py3-none-any.whl`;
  if (!readdirSync(directory).includes(fileName)) {
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--python-version', '3.12', '--dest', directory];
    await runPip(['download', ...options, `pip==${version}`]);
  }
  return { fileName, content: readFileSync(join(directory, fileName)) };
}

/** An interpreter that the newest pinned pip runs on. */
export function modernPython(): string {
  const found = ['3.13', '3.12', '3.11', '3.10'].map(findPython).find((path) => path !== undefined);
  if (found === undefined) throw new Error('Needs a Python 3.10 or later');
  return found;
}

/** An environment of its own, without pip, whose start runs `program`: unlike sitecustomize also when it is isolated. */
export async function pythonThatRuns(directory: string, program: string): Promise<string> {
  await execa(modernPython(), ['-m', 'venv', '--without-pip', directory]);
  const python = join(directory, 'bin', 'python');
  const { stdout: site } = await execa(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
  writeFileSync(join(site, 'at_start.pth'), 'import at_start\n');
  writeFileSync(join(site, 'at_start.py'), program);
  return python;
}

/** Puts a pip into an environment, under the version that it shall claim to be. */
export async function installPip(python: string, wheel: string, version: string): Promise<void> {
  const { stdout: site } = await execa(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
  await execa(python, ['-m', 'zipfile', '-e', wheel, site]);
  writeFileSync(join(site, 'pip', '__init__.py'), `__version__ = "${version}"\n`);
}
