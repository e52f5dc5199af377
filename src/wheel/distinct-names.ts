import { quoteName, wheelError } from './wheel-error.ts';
import type { WheelRules } from './wheel-rules.ts';

/**
 * Refuses names that are one on some disk: equal ones, those that differ only in how accents are composed, and a file
 * that is also a directory.
 *
 * @param names of all entries; those of directories end in `/`
 * @throws HdfsVenvError `WHEEL_ZIP_DUPLICATE`, `WHEEL_NAME_TWINS`, `WHEEL_NAME_CLASH`
 */
export function requireDistinctNames(rules: WheelRules, names: readonly string[]): void {
  const paths = new Map<string, string>();
  const composed = new Map<string, string>();
  for (const name of names) {
    const path = name.replace(/\/$/, '');
    const same = paths.get(path);
    if (same === name) throw wheelError(rules.wheel, 'WHEEL_ZIP_DUPLICATE', `entry ${quoteName(name)} comes twice`);
    if (same !== undefined) {
      throw wheelError(rules.wheel, 'WHEEL_NAME_CLASH', `entry ${quoteName(path)} is a file and a directory`);
    }
    const twin = composed.get(path.normalize('NFC'));
    if (twin !== undefined) {
      const problem = `entries ${quoteName(twin)} and ${quoteName(name)} look the same and differ in bytes`;
      rules.complain('WHEEL_NAME_TWINS', problem);
    }
    paths.set(path, name);
    composed.set(path.normalize('NFC'), name);
  }
  const checked = new Set<string>();
  for (const name of names) {
    // From the inside out: what stands above a directory that another name has, too, was looked at with that one.
    for (let slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
      const directory = name.slice(0, slash);
      if (checked.has(directory)) break;
      checked.add(directory);
      const other = paths.get(directory) ?? composed.get(directory.normalize('NFC'));
      if (other === undefined || other.endsWith('/')) continue;
      const problem = `entry ${quoteName(other)} is a file and the directory of ${quoteName(name)}`;
      throw wheelError(rules.wheel, 'WHEEL_NAME_CLASH', problem);
    }
  }
}
