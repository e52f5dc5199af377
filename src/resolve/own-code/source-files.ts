import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';

export interface SourceFile {
  /** POSIX, below the wheel's root: `risk_app/model.py`. */
  readonly path: string;
  readonly content: Buffer;
}

/**
 * All files of a package folder below `name/`, in order of their UTF-8 bytes, without what Python and editors leave there:
 * `__pycache__`, `.pyc` and `.pyo` files, hidden files and folders. A link inside the folder counts as what it points at.
 *
 * @throws HdfsVenvError `RESOLVE_OWN_LINK` (usage) for a link that leaves the folder, goes round in circles or leads nowhere;
 * `RESOLVE_OWN_FILE` (usage) for anything that is neither file nor folder
 */
export async function readSourceFiles(folder: string, name: string): Promise<SourceFile[]> {
  const root = await realpath(folder);
  const files: SourceFile[] = [];
  await walk(root, name, { root, files, parents: [] });
  return files.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

interface Walk {
  readonly root: string;
  readonly files: SourceFile[];
  /** Real paths of the folders on the way down. */
  readonly parents: readonly string[];
}

async function walk(folder: string, path: string, { root, files, parents }: Walk): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (isLeftover(entry.name)) continue;
    const entryPath = `${path}/${entry.name}`;
    const real = entry.isSymbolicLink() ? await followLink(join(folder, entry.name), root) : join(folder, entry.name);
    const status = await stat(real);
    if (status.isDirectory()) {
      if (real === folder || parents.includes(real))
        throw linkError(entryPath, 'it leads back to a folder that it lies in');
      await walk(real, entryPath, { root, files, parents: [...parents, folder] });
    } else if (status.isFile()) {
      files.push({ path: entryPath, content: await readFile(real) });
    } else {
      throw new HdfsVenvError({
        code: 'RESOLVE_OWN_FILE',
        exit: 'usage',
        message: `Cannot put ${entryPath} into an environment: it is neither a file nor a folder`,
      });
    }
  }
}

function isLeftover(name: string): boolean {
  return name.startsWith('.') || name === '__pycache__' || /\.py[co]$/.test(name);
}

async function followLink(link: string, root: string): Promise<string> {
  const real = await realpath(link).catch(() => undefined);
  const name = relative(root, link);
  if (real === undefined) throw linkError(name, 'it leads nowhere');
  if (real !== root && !real.startsWith(root + sep)) throw linkError(name, `it leaves the folder, to ${real}`);
  return real;
}

function linkError(path: string, problem: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'RESOLVE_OWN_LINK',
    exit: 'usage',
    message: `Cannot follow the link ${path}: ${problem}`,
    hints: ['Replace the link by a copy of what it points at.'],
  });
}
