import { quoteName, wheelError } from './wheel-error.ts';
import type { WheelRules } from './wheel-rules.ts';

const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;
const SYMLINK = 0o120000;
const SET_ID_OR_STICKY = 0o7000;
const ANY_X_BIT = 0o111;
/** Attributes of DOS, in the lower half. */
const DOS_VOLUME_LABEL = 0x08;
const DOS_DIRECTORY = 0x10;

/**
 * Reads the Unix mode from an entry's external attributes, whatever system the header names, as pip does. What others may
 * do with the file is not asked: every file is published as 644 or 755, and wheels made under umask 0 are ordinary.
 *
 * @param name the entry's, for messages
 * @returns whether the file can be executed
 * @throws HdfsVenvError `WHEEL_MODE_SYMLINK`, `WHEEL_MODE_SPECIAL` (device, FIFO, socket, or unlike its name),
 * `WHEEL_MODE_SETUID`
 */
export function readMode(rules: WheelRules, name: string, externalAttributes: number, isDirectory: boolean): boolean {
  const mode = externalAttributes >>> 16;
  const type = mode & FILE_TYPE;
  if (type === SYMLINK)
    throw wheelError(
      rules.wheel,
      'WHEEL_MODE_SYMLINK',
      `entry ${quoteName(name)} is a symbolic link (mode ${mode.toString(8)})`,
    );
  const expected = isDirectory ? DIRECTORY : REGULAR;
  if (type !== 0 && type !== expected) {
    const said = `entry ${quoteName(name)} has mode ${mode.toString(8)}, expected type ${expected.toString(8)}`;
    throw wheelError(rules.wheel, 'WHEEL_MODE_SPECIAL', said);
  }
  const odd = externalAttributes & (isDirectory ? DOS_VOLUME_LABEL : DOS_VOLUME_LABEL | DOS_DIRECTORY);
  if (odd !== 0) {
    const kind = odd === DOS_DIRECTORY ? 'a directory' : 'a volume label';
    const said = `entry ${quoteName(name)} has DOS attributes 0x${(externalAttributes & 0xff).toString(16)}: ${kind}`;
    throw wheelError(rules.wheel, 'WHEEL_MODE_SPECIAL', `${said}, expected ${isDirectory ? 'a directory' : 'a file'}`);
  }
  if ((mode & SET_ID_OR_STICKY) !== 0 && !isDirectory) {
    rules.complain(
      'WHEEL_MODE_SETUID',
      `entry ${quoteName(name)} has mode ${mode.toString(8)}: set-user-ID, set-group-ID or sticky`,
    );
  }
  // without a type the bits are no Unix mode to pip: protobuf 5.29.6 has 777 for every file
  return type === REGULAR && (mode & ANY_X_BIT) !== 0;
}
