import { open } from 'node:fs/promises';
import { isErrno } from '../../errors/system-error.ts';

/**
 * Gone means nothing to lose; a directory that may be entered and not listed cannot be opened; the rest is what Windows and
 * some network file systems answer, which order their metadata themselves.
 */
const NOTHING_TO_SYNC = ['ENOENT', 'ENOTDIR', 'EACCES', 'EINVAL', 'EPERM', 'EISDIR', 'EBADF', 'ENOTSUP'];

/**
 * The directories whose entries changed since they were last written to the disk. A file's bytes are safe after its own
 * fsync, its name only after the fsync of its directory; so before a rename commits anything, all that it may refer to is
 * made safe, and a power loss never leaves a release whose files are gone.
 */
export class ChangedDirectories {
  readonly #places = new Set<string>();
  #syncing: Promise<unknown> = Promise.resolve();

  add(place: string): void {
    this.#places.add(place);
  }

  /** Returns when the entries of every directory that was added are on the disk, whoever else is at it. */
  sync(): Promise<void> {
    const mine = this.#syncing.then(() => this.#syncAll());
    this.#syncing = mine.catch(() => undefined);
    return mine;
  }

  async #syncAll(): Promise<void> {
    await Promise.all(
      [...this.#places].map(async (place) => {
        this.#places.delete(place);
        try {
          await syncDirectory(place);
        } catch (error) {
          this.#places.add(place);
          throw error;
        }
      }),
    );
  }
}

async function syncDirectory(place: string): Promise<void> {
  try {
    const directory = await open(place, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    if (!isErrno(error, ...NOTHING_TO_SYNC)) throw error;
  }
}
