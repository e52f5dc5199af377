import { randomBytes } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentDigest } from '../../digest/content-digest.ts';
import { sha256OfFile } from '../../digest/sha256-of-file.ts';
import { makeDirectory } from '../../errors/make-directory.ts';
import type { LayerFacts } from '../manifest.ts';

/** An archive on the local disk. */
export interface LocalLayer extends LayerFacts {
  readonly path: string;
}

/**
 * Archives in `<cacheDirectory>/layers`, each named after its sha256. Only a manifest says which ones belong to an
 * environment: the cache keeps bytes, and is believed nothing else.
 */
export class LayerCache {
  readonly #place: string;

  constructor(cacheDirectory: string) {
    this.#place = join(cacheDirectory, 'layers');
  }

  /** The archives of these facts, each with every byte; undefined when one is not. */
  async find(layers: readonly LayerFacts[]): Promise<LocalLayer[] | undefined> {
    const found = layers.map((layer) => ({ ...layer, path: this.#pathOf(layer) }));
    for (const { path, sha256 } of found) {
      const actual = await sha256OfFile(path).catch(() => undefined);
      if (actual !== sha256) return undefined;
    }
    return found;
  }

  /** Where a new archive can be written. @throws errors of the file system as they come */
  newPath(): string {
    makeDirectory(this.#place);
    return join(this.#place, `new-${process.pid}-${randomBytes(6).toString('hex')}`);
  }

  /**
   * Gives an archive its name, in place of equal bytes that builds at the same time have written.
   *
   * @param written at `newPath()`
   * @throws errors of the file system as they come
   */
  async keep(label: string, written: string, digest: ContentDigest): Promise<LocalLayer> {
    const path = this.#pathOf(digest);
    await rename(written, path);
    return { label, ...digest, path };
  }

  #pathOf({ sha256 }: Pick<ContentDigest, 'sha256'>): string {
    return join(this.#place, `${sha256}.tar.gz`);
  }
}
