import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Allowances } from '../../src/wheel/allowances.ts';
import { STRICT } from '../../src/wheel/rules.ts';
import { makeEnvironment, temporaryDirectories } from '../support/environment-maker.ts';
import { findPython } from '../support/python.ts';
import type { WheelOptions } from '../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('start-up');

/** Leaves a file of its name in the working directory when it is run. */
function mark(name: string): string {
  return `open(${JSON.stringify(name)}, 'w').close()`;
}

const PTH: WheelOptions = {
  name: 'risk',
  version: '1',
  tag: 'py2.py3-none-any',
  files: {
    'risk/__init__.py': 'x = 1\n',
    'lib/late.py': '',
    'risk.pth': `import os; ${mark('top')}\nlib\n`,
    'distutils-precedence.pth': `import os; ${mark('setuptools')}\n`,
    'a-nspkg.pth': `import sys, types, os;${mark('namespace')}\n`,
    'risk/inner.pth': `import os; ${mark('inner')}\n`,
    'risk-1.data/purelib/moved.pth': `import os; ${mark('moved')}\n`,
    'risk-1.data/data/lib/python3.7/site-packages/deep.pth': `import os; ${mark('deep')}\n`,
  },
};

/** Runs Python as Spark starts it on driver and executors: the tree is on PYTHONPATH. @returns the marks that were left */
function run(python: string, directory: string, code: string): string[] {
  const cwd = newDirectory();
  const env = { ...process.env, PYTHONPATH: join(directory, 'venv'), PYTHONDONTWRITEBYTECODE: '1' };
  execFileSync(python, ['-c', code], { cwd, env, stdio: 'pipe' });
  return readdirSync(cwd).sort();
}

describe.each(['2.7', '3.7', '3.11', '3.13'])('Python %s', (version) => {
  const python = findPython(version);

  test.skipIf(python === undefined)('runs no line of a .pth, and adds no directory', async () => {
    const { directory } = await makeEnvironment(newDirectory(), [PTH]);
    const code = [
      'import risk',
      'try:',
      '    import late',
      '    raise SystemExit("lib was added to sys.path")',
      'except ImportError:',
      '    pass',
    ].join('\n');
    expect(run(python ?? '', directory, code)).toEqual([]);
    // they would run in a site directory: this is what the tree must not become
    const site = 'import site, os; site.addsitedir(os.environ["PYTHONPATH"]); import late';
    expect(run(python ?? '', directory, site)).toEqual(['moved', 'namespace', 'setuptools', 'top']);
  });

  test.skipIf(python === undefined)('would run a sitecustomize, which is why none gets in unasked', async () => {
    const wheel: WheelOptions = { name: 'risk', version: '1', files: { 'sitecustomize.py': `${mark('start')}\n` } };
    await expect(makeEnvironment(newDirectory(), [wheel])).rejects.toMatchObject({ code: 'ENV_START_UP_FILE' });
    const allowances = new Allowances([{ code: 'ENV_START_UP_FILE', package: 'risk' }]);
    const { directory } = await makeEnvironment(newDirectory(), [wheel], { rules: { ...STRICT, allowances } });
    expect(run(python ?? '', directory, 'pass')).toEqual(['start']);
  });
});

test('every .pth at the top is told, with what it would do', async () => {
  const notes: string[] = [];
  await makeEnvironment(newDirectory(), [PTH], { onNote: (note) => notes.push(note) });
  const [note = ''] = notes;
  expect(notes).toHaveLength(1);
  for (const name of ['risk.pth', 'distutils-precedence.pth', 'a-nspkg.pth', 'moved.pth']) {
    expect(note).toMatch(new RegExp(`${name} \\(risk\\) would (?:add lib to sys\\.path and would )?run code`));
  }
});
