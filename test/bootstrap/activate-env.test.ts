import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { runToCompletion } from '../support/daemon.ts';
import { findPython } from '../support/python.ts';
import { scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('activate-env');
afterAll(() => scratch.remove());

const HERE = import.meta.dirname;
const BOOTSTRAP = join(HERE, '../../bootstrap/activate_env.py');

/** Compiles without writing byte code; warnings (a wrong escape, a deprecated form) count as errors. */
const COMPILE = 'import io, sys; compile(io.open(sys.argv[1], "rb").read(), sys.argv[1], "exec")';

/** As in a YARN container, which usually has no LANG; Pythons from 3.7 on take UTF-8 there unless told otherwise. */
const ASCII = { LC_ALL: 'C', PYTHONUTF8: '0', PYTHONCOERCECLOCALE: '0' };

describe.each(['2.7', '3.6', '3.7', '3.13'])('activate_env.py under Python %s', (version) => {
  const python = findPython(version);
  const skipped = python === undefined ? ` (skipped: this machine has no Python ${version})` : '';

  it.skipIf(python === undefined)(`compiles${skipped}`, async () => {
    await execa(python ?? '', ['-B', '-W', 'error', '-c', COMPILE, BOOTSTRAP]);
  });

  it.skipIf(python === undefined).each([
    { does: 'passes its unit tests', files: 'test_activate_env*.py', locale: {} },
    {
      does: 'takes names beyond ASCII where the locale lacks them',
      files: 'test_activate_env_names.py',
      locale: ASCII,
    },
  ])(`$does${skipped}`, async ({ files, locale }) => {
    const args = ['-B', '-m', 'unittest', 'discover', '-s', HERE, '-p', files];
    const env = { ...process.env, PYTHONPATH: '', PYSPARK_PYTHON: '', TMPDIR: scratch.path, ...locale };
    const result = await runToCompletion({ command: python ?? '', args, env, timeout: 120_000 });
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr).toMatch(/^Ran \d{2,} tests in /m);
  });
});
