import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Content, PutOptions } from '../store.ts';
import { unlessMissing } from './local-errors.ts';

/**
 * Writes a file with exactly this mode and returns when its bytes are on the disk.
 *
 * What was there is removed first, never written into: readers keep what they opened, and a name that a crash left
 * beside a committed one (link without unlink) cannot change what was committed.
 *
 * @param place in a directory that exists
 * @param signal heard before every chunk
 * @throws STORE_CONTENT_SIZE when the content has another size than it says, the signal's reason, and errors of the
 * operating system
 */
export async function writeFile(
  place: string,
  content: Content,
  options: PutOptions,
  signal?: AbortSignal,
): Promise<void> {
  await unlessMissing(() => unlink(place), undefined);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const file = await open(place, flags, options.mode);
  try {
    let size = 0;
    for await (const chunk of content.open()) {
      signal?.throwIfAborted();
      await file.writeFile(chunk);
      size += chunk.byteLength;
      options.onProgress?.(chunk.byteLength);
    }
    if (size !== content.size) throw contentSize(place, content.size, size);
    // the umask took its part of the mode at open
    await file.chmod(options.mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The source of an upload changed while it was read. */
function contentSize(place: string, expected: number, found: number): HdfsVenvError {
  return new HdfsVenvError({
    code: 'STORE_CONTENT_SIZE',
    exit: 'integrity',
    message: `Cannot write ${place}: its source gave ${found} bytes instead of ${expected}.`,
    hints: ['The local file changed while it was read. Build again.'],
  });
}
