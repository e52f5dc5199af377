import { formatCsvRow } from '../../wheel/csv.ts';
import { isExemptFromRecord } from '../../wheel/record.ts';
import type { Wheel } from '../../wheel/open-wheel.ts';
import { destinationOf } from '../plan/spread.ts';
import type { UnpackedFile } from '../unpack/unpack.ts';

/**
 * RECORD as an installer leaves it: true of the tree. Undefined when the wheel's own is still true, so that most wheels
 * keep theirs byte by byte. It differs where files of `.data` moved, where a script's first line was rewritten, and where
 * another wheel's file stands, and where a check of RECORD itself was switched off.
 *
 * @param unpacked by path in the tree
 */
export function renderInstalledRecord(
  wheel: Wheel,
  pythonVersion: string,
  unpacked: ReadonlyMap<string, UnpackedFile>,
): Buffer | undefined {
  let isTrue = ![...wheel.allowed].some((code) => code.startsWith('WHEEL_RECORD_'));
  const rows = new Map<string, string[]>();
  for (const entry of wheel.entries) {
    const { path } = destinationOf(wheel, entry, pythonVersion);
    if (path !== entry.path) isTrue = false;
    if (isExemptFromRecord(wheel.directories.distInfo, entry.path)) {
      rows.set(path, [path, '', '']);
      continue;
    }
    const { sha256 = '', size = 0 } = unpacked.get(path) ?? {};
    if (entry.size !== size || (entry.recordHash?.algorithm === 'sha256' && entry.recordHash.hex !== sha256))
      isTrue = false;
    rows.set(path, [path, `sha256=${Buffer.from(sha256, 'hex').toString('base64url')}`, String(size)]);
  }
  return isTrue ? undefined : Buffer.from([...rows.values()].map(formatCsvRow).join(''));
}
