/**
 * The modules that Python imports from a file when the tree stands on `sys.path`: `enum.py` and `enum/__init__.py` are `enum`,
 * and so is `enum.cpython-37m-x86_64-linux-gnu.so` for Python 3.7. Files further down are modules of a package, and say
 * nothing of the top.
 *
 * @param path POSIX, relative to the tree
 * @param python full version of the target
 * @returns mostly one name or none; two for `jsonmodule.so` on Python 2, which takes that for `json`, too (`imp.get_suffixes`)
 */
export function modulesAtTop(path: string, python: string): string[] {
  const [first = '', second, third] = path.split('/');
  if (third !== undefined) return [];
  if (second === undefined) return modulesOfFile(first, python);
  return modulesOfFile(second, python).includes('__init__') ? [first] : [];
}

/** Whether Python could import anything from a file, wherever it lies. */
export function isImportable(path: string, python: string): boolean {
  return modulesOfFile(path.slice(path.lastIndexOf('/') + 1), python).length > 0;
}

function modulesOfFile(name: string, python: string): string[] {
  const [, stem = '', suffix = ''] = /^([^.]+)(\..+)$/.exec(name) ?? [];
  if (stem === '' || !suffixesOf(python).test(suffix)) return [];
  const [, short] = (python.startsWith('2.') && suffix === '.so' && /^(.+)module$/.exec(stem)) || [];
  return short === undefined ? [stem] : [stem, short];
}

const SUFFIXES_OF_2 = /^\.(?:py[co]?|so)$/;
const suffixes = new Map<string, RegExp>();

/** `importlib.machinery.all_suffixes()` on Linux, whatever the build's flags and platform; on Python 2 `imp.get_suffixes()`. */
function suffixesOf(python: string): RegExp {
  if (python.startsWith('2.')) return SUFFIXES_OF_2;
  const [major, minor] = python.split('.');
  const known = suffixes.get(`${major}${minor}`);
  if (known !== undefined) return known;
  const made = new RegExp(`^(?:\\.pyc?|(?:\\.abi3t?|\\.cpython-${major}${minor}[a-z]*(?:-[^.]*)?)?\\.so)$`);
  suffixes.set(`${major}${minor}`, made);
  return made;
}
