import { quoteName, wheelError } from './wheel-error.ts';

/** Each line costs about a microsecond, and somebody waits. METADATA with its description has 3,379 in real wheels. */
const MAX_LINES = 100_000;

/**
 * Decodes a file of dist-info the one way in which every installer does it: UTF-8, no byte order mark (it would be part of
 * the first name), no NUL (readers stop there, or fail).
 *
 * @param path in the archive, for messages
 * @throws HdfsVenvError `WHEEL_DIST_INFO_TEXT`
 */
export function decodeText(wheel: string, path: string, bytes: Buffer): string {
  const text = bytes.toString('utf8');
  const refuse = (problem: string): Error =>
    wheelError(wheel, 'WHEEL_DIST_INFO_TEXT', `${quoteName(path)} ${problem}, expected plain UTF-8`);
  if (text.startsWith('\uFEFF')) throw refuse('begins with a byte order mark');
  if (text.includes('\0')) throw refuse(`has a NUL at character ${text.indexOf('\0')}`);
  if (text.includes('\uFFFD') && !Buffer.from(text).equals(bytes)) throw refuse('is not valid UTF-8');
  return text;
}

/**
 * For files of dist-info that are read line by line, all at once.
 *
 * @param path in the archive, for messages
 * @throws HdfsVenvError `WHEEL_LIMIT_DIST_INFO`
 */
export function requireFewLines(wheel: string, path: string, text: string): void {
  let lines = 1;
  for (const _ of text.matchAll(/\r\n?|\n/g)) {
    lines += 1;
    if (lines <= MAX_LINES) continue;
    const problem = `${quoteName(path)} has more than ${MAX_LINES} lines in its ${text.length} characters`;
    throw wheelError(wheel, 'WHEEL_LIMIT_DIST_INFO', problem);
  }
}
