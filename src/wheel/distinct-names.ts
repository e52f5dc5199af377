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
  for (const name of names) {
    for (let slash = name.indexOf('/'); slash !== -1; slash = name.indexOf('/', slash + 1)) {
      const prefix = name.slice(0, slash);
      const parent = paths.get(prefix) ?? composed.get(prefix.normalize('NFC'));
      if (parent === undefined || parent.endsWith('/')) continue;
      throw wheelError(
        rules.wheel,
        'WHEEL_NAME_CLASH',
        `entry ${quoteName(parent)} is a file and the directory of ${quoteName(name)}`,
      );
    }
  }
}
