import { ArchiveFile } from './archive-file.ts';
import { readWholeEntry, WHOLE_BYTES } from './entry-content.ts';
import type { Wheel } from './open-wheel.ts';

/**
 * The text of a small file of a wheel. Opens the wheel again, and blocks.
 *
 * @param path in the archive
 * @returns undefined when there is no such file, or when it is too large for a text that somebody reads
 * @throws HdfsVenvError `WHEEL_NOT_READABLE` and the codes of `readEntry`
 */
export function readWheelText(wheel: Wheel, path: string): string | undefined {
  const entry = wheel.entries.find((one) => one.path === path);
  if (entry === undefined || entry.size > WHOLE_BYTES || entry.compressedSize > WHOLE_BYTES) return undefined;
  const file = new ArchiveFile(wheel.path);
  try {
    const compressed = file.read(entry.dataOffset, entry.compressedSize);
    return readWholeEntry(file.name, entry, compressed).data.toString('utf8');
  } finally {
    file.close();
  }
}
