import { isAbsolute, relative, sep } from 'node:path';
import { stringify } from 'smol-toml';
import type { Target } from '../../target/target.ts';
import type { LockedPackage, LockedSource } from './locked-package.ts';
import type { ToolTable } from './tool-table.ts';

const HEAD = `# What "hdfs-venv lock" chose: exact wheels for one target (PEP 751). Run it again to renew; do not edit.
`;

export interface PylockContent {
  readonly target: Target;
  readonly packages: readonly LockedPackage[];
  readonly tool: ToolTable;
}

/**
 * Renders a lock (PEP 751). Equal content gives equal bytes: packages in order of their names, no time, no version of ours.
 *
 * @param directory absolute, where the lock will lie: paths of local wheels count from it
 */
export function renderPylock({ target, packages, tool }: PylockContent, directory: string): string {
  const environment = target.markerEnvironment;
  const markers = ['python_full_version', 'sys_platform', 'platform_machine'].map((name) => {
    return `${name} == '${environment[name] ?? ''}'`;
  });
  const document = {
    'lock-version': '1.0',
    environments: [markers.join(' and ')],
    'created-by': 'hdfs-venv',
    packages: packages
      .toSorted((left, right) => (left.name < right.name ? -1 : 1))
      .map((one) => packageTable(one, directory)),
    tool: { 'hdfs-venv': tool },
  };
  return `${HEAD}${stringify(document)}`;
}

function packageTable(locked: LockedPackage, directory: string): Record<string, unknown> {
  const { name, version, requiresPython, dependencies, index, source } = locked;
  return {
    name,
    version,
    ...(requiresPython === null ? {} : { 'requires-python': requiresPython }),
    ...(dependencies.length === 0 ? {} : { dependencies: dependencies.map((dependency) => ({ name: dependency })) }),
    ...(index === null ? {} : { index }),
    ...(source === null
      ? { wheels: [fileTable(locked, directory)] }
      : {
          sdist: fileTable(source, directory),
          tool: {
            'hdfs-venv': {
              built: { name: locked.fileName, size: locked.size, sha256: locked.sha256, tools: [...source.tools] },
            },
          },
        }),
  };
}

function fileTable(
  file: Omit<LockedSource, 'tools'> & { readonly size?: number },
  directory: string,
): Record<string, unknown> {
  const { fileName, url, path, size, sha256 } = file;
  return {
    name: fileName,
    ...(path === null ? { url: url ?? '' } : { path: relativePath(path, directory) }),
    ...(size === undefined ? {} : { size }),
    hashes: { sha256 },
  };
}

/** POSIX, so that the lock is the same wherever it was made; absolute only across drives. */
function relativePath(path: string, directory: string): string {
  const found = relative(directory, path);
  return isAbsolute(found) ? found : found.split(sep).join('/');
}
