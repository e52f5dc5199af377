/** Longest segment that NTFS takes, in UTF-16 code units; HDFS and Linux count bytes of UTF-8 instead. */
const MAX_UNITS = 255;

/** Devices of MS-DOS, in any directory and with any extension ("Naming Files, Paths, and Namespaces", Win32). */
const DEVICE = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$)(?: *$| *\.)/i;

/**
 * Why Windows cannot hold a file or a directory of this name; undefined when it can. There is no limit for whole paths: Node
 * writes those beyond 260 characters in the form that has none (`\\?\C:\…`).
 *
 * @param segment one name of a path
 * @returns continues "X …"
 */
export function windowsProblem(segment: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- these are the ones
  if (/[<>:"/\\|?*\u0000-\u001F]/.test(segment)) return 'has a character that Windows keeps for itself';
  if (/[. ]$/.test(segment)) return 'ends in a dot or a space, which Windows drops';
  if (DEVICE.test(segment)) return 'is the name of a device on Windows';
  if (segment.length > MAX_UNITS) return `has ${segment.length} characters, Windows takes ${MAX_UNITS}`;
  return undefined;
}
