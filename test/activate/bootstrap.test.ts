import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { bootstrapVersionOf, readBootstrap } from '../../src/activate/bootstrap.ts';
import { scratchDirectory } from '../support/scratch.ts';

const versionOf = (text: string): number | undefined => bootstrapVersionOf(Buffer.from(text));

describe('readBootstrap', () => {
  const scratch = scratchDirectory('bootstrap');
  afterAll(() => scratch.remove());

  it('gives the bytes of bootstrap/activate_env.py, their sha256 and the version in them', async () => {
    const bytes = await readFile(join(import.meta.dirname, '../../bootstrap/activate_env.py'));
    const bootstrap = await readBootstrap();
    expect(bootstrap.bytes.equals(bytes)).toBe(true);
    expect(bootstrap.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(bootstrap.version).toBe(bootstrapVersionOf(bytes));
    expect(bootstrap.version).toBeGreaterThanOrEqual(1);
  });

  it('says that the installation is damaged when the file is missing or states no version', async () => {
    const file = join(scratch.path, 'activate_env.py');
    const read = () => readBootstrap(pathToFileURL(file));
    await expect(read()).rejects.toMatchObject({ code: 'ACTIVATE_BOOTSTRAP', message: expect.stringContaining(file) });
    writeFileSync(file, 'print("no version")\n');
    await expect(read()).rejects.toMatchObject({ message: expect.stringContaining('no BOOTSTRAP_VERSION') });
  });
});

describe('bootstrapVersionOf', () => {
  it('reads a whole line and nothing else', () => {
    expect(versionOf('"""x"""\n\nBOOTSTRAP_VERSION = 12\n')).toBe(12);
    expect(versionOf('BOOTSTRAP_VERSION = 12')).toBe(12);
    for (const text of ['', '# BOOTSTRAP_VERSION = 1\n', 'BOOTSTRAP_VERSION = x\n', 'BOOTSTRAP_VERSION = 1 + 1\n'])
      expect(versionOf(text)).toBeUndefined();
  });
});
