import { standardModule } from '../../target/standard-library.ts';
import type { AllowableCode, Allowances } from '../../wheel/allowances.ts';
import { plain, quoteName } from '../../wheel/quote-name.ts';
import { conflictError } from '../env-error.ts';
import { isImportable, modulesAtTop } from './import-name.ts';
import type { Claim } from './settle.ts';
import { topLevelOf } from '../tree-path.ts';

/** `sc.addFile` and the job's own command line carry these names without quoting. */
const TOP_LEVEL_NAME = /^[A-Za-z0-9._+-]+$/;
/** Run by every Python that has them on its path, before the job's own first line. */
const START_UP = /^(?:sitecustomize|usercustomize)(?:\.|module\.so$|$)/;
/** Lies beside the environment's files on driver and executors. */
const BOOTSTRAP = /^activate_env(?:\.|module\.so$|$)/;

/** All that is asked for the top of a tree. */
export interface TopLevel {
  /** Who brings each file, with the bytes that it has in the tree. */
  readonly claims: ReadonlyMap<string, readonly Claim[]>;
  /** Files that the build writes, in directories of `claims`. */
  readonly added: Iterable<string>;
  /** Full version of the target. */
  readonly pythonVersion: string;
  readonly allowances: Allowances;
}

/**
 * Holds what lies at the top of the tree, which driver and executors have on `sys.path` before the standard library, against
 * the names that mean something there.
 *
 * @returns lines for the user about what is odd and stops nothing
 * @throws HdfsVenvError `ENV_TOP_LEVEL_NAME`, `ENV_START_UP_FILE`, `ENV_RESERVED_NAME`, `ENV_STANDARD_LIBRARY`, `ENV_SPARK_MODULE`,
 * `ENV_MODULE_TWICE` (all conflict)
 */
export function checkTopLevel(top: TopLevel): string[] {
  for (const [path, claims] of top.claims) requireUsableName(topLevelOf(path), claims, top.allowances);
  const modules = modulesOf(top);
  const hidden = modules.filter(({ kind }) => kind !== undefined);
  requireNoneHidden(
    hidden.filter(({ kind }) => kind === 'ordinary'),
    top,
  );
  requireSparkSeen(modules, top.allowances);
  requireOneOrigin(modules, top.allowances);
  const odd = hidden.flatMap(({ name, path, kind }) => {
    if (kind === 'spare')
      return `${plain(path)} takes the place of Python's own module ${name}, which jobs do not import.`;
    return kind === 'compiled-in'
      ? `${plain(path)} is never imported: Python has its own module ${name} in its program.`
      : [];
  });
  return [...odd, ...lostPortions(top, new Set(modules.map(({ name }) => name)))];
}

function requireUsableName(name: string, claims: readonly Claim[], allowances: Allowances): void {
  const from = (): string => `${claims[0]?.wheel.fileName.fileName} brings ${quoteName(name)} at the top`;
  if (!TOP_LEVEL_NAME.test(name)) {
    throw conflictError('ENV_TOP_LEVEL_NAME', `${from()}; Spark's addFile takes letters, digits and ._+- there`);
  }
  if (START_UP.test(name) && !isAllowed('ENV_START_UP_FILE', claims, allowances)) {
    throw conflictError('ENV_START_UP_FILE', `${from()}, which would run at the start of every Python that sees it`, [
      'Leave the package out.',
      allowHint('ENV_START_UP_FILE', claims),
    ]);
  }
  if (BOOTSTRAP.test(name)) {
    throw conflictError('ENV_RESERVED_NAME', `${from()}, which is the name of the environment's own bootstrap`);
  }
}

interface TopModule {
  readonly name: string;
  readonly path: string;
  readonly kind: ReturnType<typeof standardModule>;
  readonly claims: readonly Claim[];
}

/** What Python would import from the top of the tree. */
function modulesOf({ claims, added, pythonVersion }: TopLevel): TopModule[] {
  const describe = (path: string, by: readonly Claim[]): TopModule[] =>
    modulesAtTop(path, pythonVersion).map((name) => {
      return { name, path, kind: standardModule(name, pythonVersion), claims: by };
    });
  return [
    ...[...claims].flatMap(([path, by]) => describe(path, by)),
    ...[...added].flatMap((path) => describe(path, claimsBelow(topLevelOf(path), claims))),
  ];
}

function claimsBelow(directory: string, claims: TopLevel['claims']): Claim[] {
  return [...claims].flatMap(([path, by]) => (path.startsWith(`${directory}/`) ? by : []));
}

function requireNoneHidden(hidden: readonly TopModule[], { allowances, pythonVersion }: TopLevel): void {
  const refused = hidden.filter(({ claims }) => !isAllowed('ENV_STANDARD_LIBRARY', claims, allowances));
  const problems = refused.map(
    ({ name, path, claims }) =>
      `${claims[0]?.wheel.fileName.fileName} brings ${quoteName(path)}, which would hide the module ${name} of Python ${pythonVersion} itself, for Spark, too`,
  );
  if (problems.length === 0) return;
  const backports = refused.flatMap(({ name, claims }) =>
    claims.map(({ wheel }) => wheel.name).filter((distribution) => isBackport(distribution, name)),
  );
  throw conflictError('ENV_STANDARD_LIBRARY', problems.join('; '), [
    ...new Set([
      ...backports.map((name) => `Python ${pythonVersion} has it all: --provided ${name} leaves the package out.`),
      ...(backports.length === 0
        ? ['Leave the package out, or give the module another name where the code is your own.']
        : []),
      ...refused.map(({ claims }) => allowHint('ENV_STANDARD_LIBRARY', claims)),
    ]),
  ]);
}

/** The cluster brings these with its Spark; others of the same name would answer in their place, of whatever version. */
const SPARK_MODULES: ReadonlySet<string> = new Set(['pyspark', 'py4j']);

function requireSparkSeen(modules: readonly TopModule[], allowances: Allowances): void {
  for (const { name, path, claims } of modules) {
    if (!SPARK_MODULES.has(name) || isAllowed('ENV_SPARK_MODULE', claims, allowances)) continue;
    throw conflictError(
      'ENV_SPARK_MODULE',
      `${claims[0]?.wheel.fileName.fileName} brings ${quoteName(path)}, which would hide the ${name} that belongs to the cluster's Spark`,
      [
        `The cluster has it: --provided ${claims[0]?.wheel.name} leaves the package out.`,
        allowHint('ENV_SPARK_MODULE', claims),
      ],
    );
  }
}

/** Of `foo.py` of one wheel and `foo/__init__.py` of another Python sees only one, and nobody is told. */
function requireOneOrigin(modules: readonly TopModule[], allowances: Allowances): void {
  const byName = new Map<string, TopModule>();
  for (const module of modules) {
    const other = byName.get(module.name);
    byName.set(module.name, other ?? module);
    if (other === undefined || bringOne(other.claims, module.claims)) continue;
    const both = [...other.claims, ...module.claims];
    if (isAllowed('ENV_MODULE_TWICE', both, allowances)) continue;
    const [first, second] = [other, module].map(
      ({ path, claims }) => `${quoteName(path)} of ${claims[0]?.wheel.fileName.fileName}`,
    );
    throw conflictError(
      'ENV_MODULE_TWICE',
      `${first} and ${second} are both the module ${module.name}; Python would import one of them`,
      ['Leave one of the two packages out.', allowHint('ENV_MODULE_TWICE', other.claims)],
    );
  }
}

/** A wheel may well bring a module as source and as extension: it knows which one counts. */
function bringOne(left: readonly Claim[], right: readonly Claim[]): boolean {
  return left.some(({ wheel }) => right.some((other) => other.wheel === wheel));
}

/** Whether a package only brings to old Pythons what later ones have: `argparse`, `enum34`. */
function isBackport(distribution: string, module: string): boolean {
  return distribution.replace(/\d+$/, '') === module.toLowerCase().replaceAll('_', '-');
}

/**
 * Directories that are named like a module of the standard library and have no `__init__`. A package or module that comes
 * later on `sys.path` stands before them (PEP 420), and before Python 3.3 they are no packages at all.
 */
function lostPortions({ claims, pythonVersion }: TopLevel, modules: ReadonlySet<string>): string[] {
  const isStandard = new Map<string, boolean>();
  const lost = new Map<string, string>();
  for (const path of claims.keys()) {
    const name = topLevelOf(path);
    if (!isStandard.has(name)) isStandard.set(name, standardModule(name, pythonVersion) !== undefined);
    if (name === path || isStandard.get(name) !== true || modules.has(name) || lost.has(name)) continue;
    if (isImportable(path, pythonVersion)) lost.set(name, path);
  }
  return [...lost].map(
    ([name, path]) =>
      `${plain(path)} cannot be imported: ${name} is a module of Python's own, and ${name}/ has no __init__.py.`,
  );
}

/** Bytes that several wheels bring are one file: the allowance of one of them is enough. */
function isAllowed(code: AllowableCode, claims: readonly Claim[], allowances: Allowances): boolean {
  return claims.some(({ wheel }) => allowances.permit(code, wheel.name));
}

function allowHint(code: AllowableCode, claims: readonly Claim[]): string {
  return `If you want it all the same: --allow ${code}=${claims[0]?.wheel.name}`;
}
