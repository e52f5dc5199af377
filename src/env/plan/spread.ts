import { isDataKey, type DataKey } from '../../wheel/dist-info.ts';
import type { Wheel, WheelEntry } from '../../wheel/open-wheel.ts';

/** Where a file of a wheel belongs in the tree. */
export interface Destination {
  /** POSIX, relative to the tree. */
  readonly path: string;
  readonly mode: '644' | '755';
  /** Below `bin/`: its first line may have to be rewritten. */
  readonly isScript: boolean;
}

/**
 * Spreads a wheel's files as an installer does (PEP 427, "Spread"), with the tree itself as site-packages and as prefix:
 * purelib, platlib and data go to the top, scripts to `bin/`, headers to `include/site/pythonX.Y/NAME/`, which is where
 * pip puts them in a virtual environment.
 *
 * > "Move each subtree of distribution-1.0.data/ onto its destination path."
 *
 * @param pythonVersion full version of the target, `3.7.16`
 */
export function destinationOf(wheel: Wheel, entry: WheelEntry, pythonVersion: string): Destination {
  const mode = entry.executable ? '755' : '644';
  const [top = '', key = '', ...rest] = entry.path.split('/');
  if (top !== wheel.directories.data || !isDataKey(key)) return { path: entry.path, mode, isScript: false };
  const prefixes: Readonly<Record<DataKey, string>> = {
    purelib: '',
    platlib: '',
    data: '',
    scripts: 'bin/',
    headers: `include/site/python${pythonVersion.split('.').slice(0, 2).join('.')}/${wheel.fileName.distribution}/`,
  };
  const isScript = key === 'scripts';
  return { path: prefixes[key] + rest.join('/'), mode: isScript ? '755' : mode, isScript };
}
