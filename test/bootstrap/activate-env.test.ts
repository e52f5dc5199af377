import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { findPython } from '../support/python.ts';

const HERE = import.meta.dirname;
const BOOTSTRAP = join(HERE, '../../bootstrap/activate_env.py');

/** Compiles without writing byte code; warnings (a wrong escape, a deprecated form) count as errors. */
const COMPILE = 'import io, sys; compile(io.open(sys.argv[1], "rb").read(), sys.argv[1], "exec")';

describe.each(['2.7', '3.6', '3.7', '3.13'])('activate_env.py under Python %s', (version) => {
  const python = findPython(version);
  const skipped = python === undefined ? ` (skipped: this machine has no Python ${version})` : '';

  it.skipIf(python === undefined)(`compiles${skipped}`, async () => {
    await execa(python ?? '', ['-B', '-W', 'error', '-c', COMPILE, BOOTSTRAP]);
  });

  it.skipIf(python === undefined)(`passes its unit tests${skipped}`, async () => {
    const args = ['-B', '-m', 'unittest', 'discover', '-s', HERE, '-p', 'test_activate_env*.py'];
    const result = await execa(python ?? '', args, { reject: false, env: { PYTHONPATH: '', PYSPARK_PYTHON: '' } });
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr).toMatch(/^Ran \d{2,} tests in /m);
  });
});
