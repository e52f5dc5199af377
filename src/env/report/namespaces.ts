import { compareUtf8 } from '../file-list.ts';
import { parseNamespacePackages } from '../plan/namespace-files.ts';
import { type Distribution, readDistInfo } from './distribution.ts';

/** A package of which several distributions may bring parts. */
export interface NamespaceReport {
  /** `zope`, `azure.mgmt` */
  readonly name: string;
  /** Distributions that bring a part. */
  readonly packages: readonly string[];
  /**
   * Where its `__init__.py` comes from. `none`: nowhere, which Python 3 takes (PEP 420); `added`: the build wrote it,
   * because Python 2 does not; `wheel`: one of the packages brings it.
   */
  readonly init: 'none' | 'added' | 'wheel';
}

/**
 * Finds namespace packages: those that a namespace_packages.txt names, and directories at the top that are packages only
 * by PEP 420.
 *
 * @param added files that the build wrote
 */
export function reportNamespaces(distributions: readonly Distribution[], added: readonly string[]): NamespaceReport[] {
  const paths = new Set(distributions.flatMap(({ files }) => files.map(({ path }) => path)));
  const names = new Set(
    distributions.flatMap((one) => [...declaredNamespaces(one), ...implicitNamespaces(one, paths)]),
  );
  return [...names].sort(compareUtf8).map((name) => {
    const directory = `${name.replaceAll('.', '/')}/`;
    const init = `${directory}__init__.py`;
    const origin = added.includes(init) ? 'added' : 'none';
    const bringers = distributions.filter(({ files }) => files.some(({ path }) => path.startsWith(directory)));
    return { name, packages: bringers.map((one) => one.name), init: paths.has(init) ? 'wheel' : origin };
  });
}

function declaredNamespaces(distribution: Distribution): string[] {
  return parseNamespacePackages(readDistInfo(distribution, 'namespace_packages.txt'));
}

/** `google` where there is `google/auth/__init__.py`, but no `google/__init__.py`. */
function implicitNamespaces({ files }: Distribution, paths: ReadonlySet<string>): string[] {
  const found = files.flatMap(({ path }) => /^([A-Za-z_]\w*)\/[A-Za-z_]\w*\/__init__\.py$/.exec(path)?.[1] ?? []);
  return found.filter((name) => !paths.has(`${name}/__init__.py`));
}
