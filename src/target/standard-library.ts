import { COMPILED_IN_2, COMPILED_IN_3, PYTHON_2, PYTHON_3, PYTHON_3_SPANS, SPARE } from './standard-library-names.ts';

/**
 * What a file of a module's name does that stands before the standard library on `sys.path`. `ordinary`: it takes the
 * module's place. `compiled-in`: nothing, because Python has the module in its own program and never looks for a file.
 * `spare`: it takes the place of a module that nothing else imports.
 */
export type StandardModule = 'ordinary' | 'compiled-in' | 'spare';

/** `_sysconfigdata_m_linux_x86_64-linux-gnu` */
const BUILD_DATA = /^_sysconfigdata(?:_|$)/;

const SPARE_NAMES = setOf(SPARE);
const COMPILED_IN = { 2: setOf(COMPILED_IN_2), 3: setOf(COMPILED_IN_3) };
const ordinaryNames = new Map<string, ReadonlySet<string>>();

/**
 * What `import name` means to the target's own Python; undefined when its library has no such module.
 *
 * @param python of the target, `3.11.9`; later ones than 3.14 count as 3.14
 */
export function standardModule(name: string, python: string): StandardModule | undefined {
  const [major = 3, minor = 0] = python.split('.').map(Number);
  if (SPARE_NAMES.has(name)) return 'spare';
  if (COMPILED_IN[major === 2 ? 2 : 3].has(name)) return 'compiled-in';
  return BUILD_DATA.test(name) || ordinaryNamesOf(major, minor).has(name) ? 'ordinary' : undefined;
}

/**
 * Whether code may not be called like this: the target's standard library has a module of that name that something imports.
 * A job finds the environment first, so a file of that name would take the place of the module for Spark itself, too; or it
 * would never be found.
 *
 * @param python of the target, `3.11.9`
 */
export function isStandardModule(name: string, python: string): boolean {
  const kind = standardModule(name, python);
  return kind === 'ordinary' || kind === 'compiled-in';
}

function ordinaryNamesOf(major: number, minor: number): ReadonlySet<string> {
  const key = `${major}.${minor}`;
  const known = ordinaryNames.get(key);
  if (known !== undefined) return known;
  const spans = PYTHON_3_SPANS.filter(([first, last]) => first <= minor && minor <= last);
  const lists = major === 2 ? [PYTHON_2] : [PYTHON_3, ...spans.map(([, , list]) => list)];
  const names = setOf(...lists);
  ordinaryNames.set(key, names);
  return names;
}

function setOf(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.trim().split(/\s+/)));
}
