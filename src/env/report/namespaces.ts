import { compareUtf8 } from '../file-list.ts';
import { parseNamespacePackages } from '../namespace-files.ts';
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
  const parts = new Map<string, Set<string>>();
  for (const distribution of distributions) {
    const named = parseNamespacePackages(readDistInfo(distribution, 'namespace_packages.txt'));
    for (const name of [...named, ...implicitNamespaces(distribution, paths)]) {
      parts.set(name, (parts.get(name) ?? new Set()).add(distribution.name));
    }
  }
  return [...parts]
    .sort(([left], [right]) => compareUtf8(left, right))
    .map(([name, packages]) => {
      const init = `${name.replaceAll('.', '/')}/__init__.py`;
      const origin = added.includes(init) ? 'added' : 'none';
      return { name, packages: [...packages], init: paths.has(init) ? 'wheel' : origin };
    });
}

/** `google` where there is `google/auth/__init__.py`, but no `google/__init__.py`. */
function implicitNamespaces({ files }: Distribution, paths: ReadonlySet<string>): string[] {
  const found = files.flatMap(({ path }) => /^([A-Za-z_]\w*)\/[A-Za-z_]\w*\/__init__\.py$/.exec(path)?.[1] ?? []);
  return found.filter((name) => !paths.has(`${name}/__init__.py`));
}
