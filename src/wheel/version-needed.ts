import { quoteName, wheelError } from './wheel-error.ts';

/** 6.3, the newest version that Python's `zipfile` reads (APPNOTE 4.4.3.2). */
const NEWEST_VERSION = 63;

/**
 * Looks at "version needed to extract" of a header. Its upper byte is reserved, and ignored by every reader.
 *
 * @throws HdfsVenvError `WHEEL_ZIP_VERSION`
 */
export function requireKnownVersion(wheel: string, entry: string, needed: number): void {
  const version = needed & 0xff;
  if (version <= NEWEST_VERSION) return;
  const problem = `entry ${quoteName(entry)} needs version ${version} of the format, the newest is ${NEWEST_VERSION}`;
  throw wheelError(wheel, 'WHEEL_ZIP_VERSION', problem);
}
