import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ContentDigest } from '../../digest/content-digest.ts';
import { sha256OfFile } from '../../digest/sha256-of-file.ts';
import type { Manifest } from '../manifest.ts';
import type { LayerRequest } from './write-layer.ts';

/** Raised when the bytes of a layer change for the same files. */
const FORMAT = 1;

/** An archive on the local disk. */
export interface LocalLayer extends ContentDigest {
  /** `pandas-2.2.3` */
  readonly label: string;
  readonly path: string;
}

const layerSchema = z.strictObject({
  label: z.string(),
  size: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  hdfsChecksum: z.string().regex(/^[0-9a-f]{32}$/),
});

/**
 * Layers that were made before, in `<cacheDirectory>/layers`. An archive is named after its sha256; `KEY.json` says which one
 * belongs to these files of this wheel, and `environment-KEY.json` which ones belong to an environment, so that no wheel has
 * to be opened to know them. All get their names whole, by a rename that replaces equal bytes, so builds that run at
 * once share them. What is written down counts only with an archive that has every byte that it should have.
 */
export class LayerCache {
  readonly #place: string;

  constructor(cacheDirectory: string) {
    this.#place = join(cacheDirectory, 'layers');
  }

  /** All layers of an environment, in the order of its packages; undefined when they are not known. */
  findAll(manifest: Manifest): Promise<LocalLayer[] | undefined> {
    return this.#read(this.#environmentIndex(manifest));
  }

  /** @param layers as `findAll` returns them then, each kept */
  async keepAll(manifest: Manifest, layers: readonly LocalLayer[]): Promise<void> {
    // The layers are there: without this note the next time takes longer, and nothing else.
    await this.#write(this.#environmentIndex(manifest), layers).catch(() => undefined);
  }

  /** The layer of these files; undefined when it is not there. */
  async find(request: LayerRequest): Promise<LocalLayer | undefined> {
    return (await this.#read(this.#index(request)))?.[0];
  }

  /** Where a new archive, or any file, can be written. @throws errors of the file system as they come */
  newPath(): string {
    mkdirSync(this.#place, { recursive: true });
    return join(this.#place, `new-${process.pid}-${randomBytes(6).toString('hex')}`);
  }

  /**
   * Gives an archive its name.
   *
   * @param written at `newPath()`
   * @throws errors of the file system as they come
   */
  async keep(request: LayerRequest, written: string, digest: ContentDigest): Promise<LocalLayer> {
    const path = this.#archive(digest);
    await rename(written, path);
    const layer = { label: request.label, ...digest, path };
    await this.#write(this.#index(request), [layer]);
    return layer;
  }

  async #write(index: string, layers: readonly LocalLayer[]): Promise<void> {
    const fresh = this.newPath();
    const known = layers.map(({ label, size, sha256, hdfsChecksum }) => ({ label, size, sha256, hdfsChecksum }));
    try {
      await writeFile(fresh, JSON.stringify(known));
      await rename(fresh, index);
    } finally {
      await rm(fresh, { force: true });
    }
  }

  async #read(index: string): Promise<LocalLayer[] | undefined> {
    try {
      const known = z
        .array(layerSchema)
        .min(1)
        .parse(JSON.parse(await readFile(index, 'utf8')));
      const layers = known.map((layer) => ({ ...layer, path: this.#archive(layer) }));
      for (const { path, sha256 } of layers) if ((await sha256OfFile(path)) !== sha256) return undefined;
      return layers;
    } catch {
      return undefined;
    }
  }

  #archive({ sha256 }: Pick<ContentDigest, 'sha256'>): string {
    return join(this.#place, `${sha256}.tar.gz`);
  }

  #index({ label, origin, files }: LayerRequest): string {
    const parts = files.map(({ path, mode, content }) =>
      content instanceof Uint8Array ? [path, mode, createHash('sha256').update(content).digest('hex')] : [path, mode],
    );
    return join(this.#place, `${keyOf([FORMAT, label, origin, parts])}.json`);
  }

  /** All that decides which file stands in which layer: the wheels, their content in the tree, and who may win a path. */
  #environmentIndex({ digest, packages, target, allowed }: Manifest): string {
    const wheels = packages.map(({ name, version, sha256 }) => [name, version, sha256]);
    return join(this.#place, `environment-${keyOf([FORMAT, digest, target.python, allowed, wheels])}.json`);
  }
}

function keyOf(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
