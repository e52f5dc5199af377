import { parentsOf } from '../tree-path.ts';

/** Two names in one directory that some disk takes for one. */
export interface Twins {
  /** POSIX, relative to the tree; empty for the top. */
  readonly parent: string;
  readonly names: readonly [string, string];
}

/**
 * What a name becomes on the disk that tells the fewest names apart: how accents are composed (HFS+, APFS), upper and
 * lower case by the full mappings of Unicode (`ß` is `SS`, `ſ` is `s`; D145 of its standard; APFS, ext4 with casefold, NTFS in part), and characters
 * that are not shown (HFS+, ext4) make no difference. No single disk folds all of this.
 */
export function foldName(name: string): string {
  if (/^[\x20-\x7E]*$/.test(name)) return name.toUpperCase();
  const shown = name.normalize('NFD').replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
  // There is a capital ß that only lower case leads to the small one, and from there to SS.
  return shown.toLowerCase().toUpperCase().normalize('NFD');
}

/**
 * Finds names of files and directories that are one on some disk. Only names of one directory are compared: what lies below
 * two directories of that kind cannot be kept apart either.
 *
 * @param paths of all files; all of them are kept apart by HDFS
 * @returns in the order of the paths, each name with the first one that it meets
 */
export function findTwins(paths: Iterable<string>): Twins[] {
  const seen = new Set<string>();
  const firstByFolded = new Map<string, string>();
  const twins: Twins[] = [];
  const add = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const slash = path.lastIndexOf('/');
    const [parent, name] = [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
    const key = `${parent}/${foldName(name)}`;
    const first = firstByFolded.get(key);
    if (first === undefined) firstByFolded.set(key, name);
    else twins.push({ parent, names: [first, name] });
  };
  for (const path of paths) {
    for (const parent of parentsOf(path)) add(parent);
    add(path);
  }
  return twins;
}

/** How the two differ, as far as a reader can see it. Continues "X and Y …". */
export function differenceOf([left, right]: Twins['names']): string {
  if (left.normalize('NFC') === right.normalize('NFC')) return 'differ only in how accents are composed';
  return left.toUpperCase() === right.toUpperCase() ? 'differ only in case' : 'look alike';
}
