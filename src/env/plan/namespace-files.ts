import type { Wheel } from '../../wheel/open-wheel.ts';
import { readWheelText } from '../../wheel/read-text.ts';
import { compareUtf8 } from '../file-list.ts';
import { parentsOf } from '../tree-path.ts';

/** In pkgutil's style, which needs nothing but the standard library and finds parts that the cluster's own Python has. */
export const NAMESPACE_DECLARATION: Buffer = Buffer.from(
  "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
);

const DOTTED_NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** A longer name has no directory: paths in a wheel are not that deep. */
const MAX_NAME_CHARACTERS = 1024;
const MAX_PARTS = 64;

/** The lines of namespace_packages.txt, as setuptools writes it: `zope`, `azure.mgmt`. Others are left out. */
export function parseNamespacePackages(text: string): string[] {
  return text
    .split(/\s+/)
    .filter(
      (line) => line.length <= MAX_NAME_CHARACTERS && DOTTED_NAME.test(line) && line.split('.').length <= MAX_PARTS,
    );
}

/**
 * The files that Python 2 needs to import parts of a namespace from one tree. Their wheels leave `__init__.py` out and rely
 * on a `-nspkg.pth`, which Python reads in site-packages only; a directory without `__init__.py` is no package before
 * Python 3.3 (PEP 420).
 *
 * @param paths all files of the tree
 * @param pythonVersion full version of the target
 * @returns content by path; none for Python 3
 */
export function namespaceFiles(
  wheels: readonly Wheel[],
  paths: Iterable<string>,
  pythonVersion: string,
): Map<string, Buffer> {
  if (!pythonVersion.startsWith('2.')) return new Map();
  const names = new Set(wheels.flatMap(namespacesOf).flatMap(withParents));
  const files = new Set(paths);
  const directories = new Set([...files].flatMap((path) => [...parentsOf(path)]));
  const missing = [...names]
    .map((name) => name.replaceAll('.', '/'))
    .filter((directory) => directories.has(directory) && !files.has(`${directory}/__init__.py`))
    .map((directory) => `${directory}/__init__.py`)
    .sort(compareUtf8);
  return new Map(missing.map((path) => [path, NAMESPACE_DECLARATION]));
}

function namespacesOf(wheel: Wheel): string[] {
  return parseNamespacePackages(readWheelText(wheel, `${wheel.directories.distInfo}/namespace_packages.txt`) ?? '');
}

/** `azure.mgmt` → `azure`, `azure.mgmt` */
function withParents(name: string): string[] {
  const parts = name.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}
