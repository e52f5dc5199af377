import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { requireStorePath } from '../store-path.ts';
import { unlessMissing } from './local-errors.ts';

/** Where the paths of a local store are on the disk. Symbolic links inside the root are followed, out of it never. */
export class LocalPaths {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** The place as the user would write it, for messages. */
  shown(path: string): string {
    return join(this.root, path);
  }

  /**
   * The place of an entry, with the links on the way to it resolved, but not the entry itself when it is a link.
   * A path whose parent is missing is returned as it is: whoever uses it meets ENOENT.
   *
   * @throws STORE_NAME_REFUSED, STORE_LINK_REFUSED
   */
  async entry(path: string): Promise<string> {
    requireStorePath(path);
    if (path === '') return this.root;
    const place = this.shown(path);
    const parent = await unlessMissing(() => realpath(dirname(place)), undefined);
    if (parent === undefined) return place;
    await this.#requireInside(parent, path);
    return join(parent, basename(place));
  }

  /** The place of what is behind an entry, the entry's own link resolved too; `undefined` when nothing is there. */
  async target(path: string): Promise<string | undefined> {
    const place = await this.entry(path);
    const target = await unlessMissing(() => realpath(place), undefined);
    if (target !== undefined) await this.#requireInside(target, path);
    return target;
  }

  async #requireInside(place: string, path: string): Promise<void> {
    const root = await realpath(this.root);
    if (place === root || place.startsWith(root.endsWith(sep) ? root : root + sep)) return;
    throw new HdfsVenvError({
      code: 'STORE_LINK_REFUSED',
      exit: 'conflict',
      message: `Cannot use ${this.shown(path)}: a symbolic link leads out of ${this.root}, to ${place}.`,
      hints: ['An environment must be whole in its own directory. Remove the link.'],
    });
  }
}
