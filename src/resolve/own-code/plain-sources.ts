import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { isStandardModule } from '../../target/standard-library.ts';
import { readSourceFiles, type SourceFile } from './source-files.ts';
import { type WrittenWheel, writeWheel } from './write-wheel.ts';

/**
 * Makes a wheel of a package folder (`kind: 'package'`) or of a single `.py` file (`'module'`).
 *
 * The distribution is called as Python imports it. Its version is `0+c` and twelve digits of the contents' sha256:
 * nobody has to count, and equal code is the same wheel.
 *
 * @param python of the target
 * @throws HdfsVenvError `RESOLVE_OWN_NAME` (usage) when Python could not import it under its name, or would find it instead of a module of
 * its own; see also `readSourceFiles`
 */
export async function wheelOfPlainSources(
  kind: 'package' | 'module',
  path: string,
  python: string,
): Promise<WrittenWheel> {
  const name = kind === 'module' ? basename(path, '.py') : basename(path);
  if (!/^(?!__)[A-Za-z_]*[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
    throw new HdfsVenvError({
      code: 'RESOLVE_OWN_NAME',
      exit: 'usage',
      message: `Cannot take ${JSON.stringify(path)} along: ${
        /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.test(name) && /\P{ASCII}/u.test(name)
          ? `a package cannot be called ${JSON.stringify(name)}, with letters beyond ASCII`
          : `Python cannot import it as ${JSON.stringify(name)}`
      }`,
      hints: ['Use the letters a to z, digits and underscores only, and no digit in front.'],
    });
  }
  if (isStandardModule(name, python)) {
    throw new HdfsVenvError({
      code: 'RESOLVE_OWN_NAME',
      exit: 'usage',
      message: `Cannot take ${JSON.stringify(path)} along: it would hide the module ${name} of Python ${python} itself`,
      hints: ['Rename it: jobs find the environment before the standard library.'],
    });
  }
  const files =
    kind === 'module' ? [{ path: `${name}.py`, content: await readFile(path) }] : await readSourceFiles(path, name);
  // a distribution's name begins and ends with a letter or a digit (PEP 508), a module's need not
  const distribution = name.replaceAll(/^_+|_+$/g, '');
  return writeWheel({ name: distribution, version: `0+c${digest(files).slice(0, 12)}`, files });
}

function digest(files: readonly SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest('hex');
}
