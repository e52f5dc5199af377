import { quoteName, wheelError } from './wheel-error.ts';

/**
 * Refuses names that are one on some disk: equal ones, those that differ only in how accents are composed, and a file
 * that is also a directory.
 *
 * @param names of all entries; those of directories end in `/`
 * @throws HdfsVenvError `WHEEL_ZIP_DUPLICATE`, `WHEEL_NAME_TWINS`, `WHEEL_NAME_CLASH`
 */
export function requireDistinctNames(wheel: string, names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const path = name.replace(/\/$/, '');
    const composed = path.normalize('NFC');
    const other = seen.get(composed);
    if (other === name) throw wheelError(wheel, 'WHEEL_ZIP_DUPLICATE', `entry ${quoteName(name)} comes twice`);
    if (other?.replace(/\/$/, '') === path) {
      throw wheelError(wheel, 'WHEEL_NAME_CLASH', `entry ${quoteName(path)} is a file and a directory`);
    }
    if (other !== undefined) {
      throw wheelError(
        wheel,
        'WHEEL_NAME_TWINS',
        `entries ${quoteName(other)} and ${quoteName(name)} look the same and differ in bytes`,
      );
    }
    seen.set(composed, name);
  }
  for (const name of names) {
    for (let slash = name.indexOf('/'); slash !== -1; slash = name.indexOf('/', slash + 1)) {
      const parent = seen.get(name.slice(0, slash).normalize('NFC'));
      if (parent === undefined || parent.endsWith('/')) continue;
      throw wheelError(
        wheel,
        'WHEEL_NAME_CLASH',
        `entry ${quoteName(parent)} is a file and the directory of ${quoteName(name)}`,
      );
    }
  }
}
