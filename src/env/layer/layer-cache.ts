import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ContentDigest, ContentDigester } from '../../digest/content-digest.ts';
import { sha256OfFile } from '../../digest/sha256-of-file.ts';
import { ArchiveFile, type ByteRanges } from '../../wheel/archive-file.ts';
import { type LayerFile, layerBytes } from './layer.ts';

/** Raised when the bytes of a layer change for the same files. */
export const FORMAT = 1;
const WRITE_BYTES = 2 ** 20;
const READ_BYTES = 2 ** 18;

/** An archive on the local disk. */
export interface LocalLayer extends ContentDigest {
  /** `pandas-2.2.3` */
  readonly label: string;
  readonly path: string;
}

export interface LayerRequest {
  readonly label: string;
  /** Path of the wheel; undefined when no file is copied from one. */
  readonly wheel: string | undefined;
  /** sha256 of the wheel. */
  readonly origin: string;
  /** In the order of their paths' UTF-8 bytes. */
  readonly files: readonly LayerFile[];
}

/** What is written down of an archive in the cache. */
export const knownLayerSchema = z.strictObject({
  size: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  hdfsChecksum: z.string().regex(/^[0-9a-f]{32}$/),
});

/**
 * The layer of these files: from `<cacheDirectory>/layers`, else made there. An archive is named after its sha256; `KEY.json`
 * says which one belongs to these files of this wheel. Both get their names whole, by a rename that replaces equal bytes,
 * so builds that run at once share them.
 */
export async function keepLayer(request: LayerRequest, cacheDirectory: string): Promise<LocalLayer> {
  const { label } = request;
  const place = join(cacheDirectory, 'layers');
  const index = join(place, `${keyOf(request)}.json`);
  const known = await readKnown(place, index);
  if (known !== undefined) return { label, path: archivePath(place, known), ...known };
  await mkdir(place, { recursive: true });
  const digest = await writeWhole(
    place,
    (fresh) => writeLayer(request, fresh),
    (made) => archivePath(place, made),
  );
  await writeWhole(
    place,
    (fresh) => writeFile(fresh, JSON.stringify(digest)),
    () => index,
  );
  return { label, path: archivePath(place, digest), ...digest };
}

/**
 * Writes a file of the cache, which gets its name when it is whole, in place of an older one.
 *
 * @param write to the path that it is given
 * @param pathOf of what was written, in `place`
 */
export async function writeWhole<T>(
  place: string,
  write: (fresh: string) => T | Promise<T>,
  pathOf: (written: T) => string,
): Promise<T> {
  const fresh = join(place, `new-${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    const written = await write(fresh);
    await rename(fresh, pathOf(written));
    return written;
  } finally {
    await rm(fresh, { force: true });
  }
}

/** @param place the directory of all layers */
export function archivePath(place: string, { sha256 }: ContentDigest): string {
  return join(place, `${sha256}.tar.gz`);
}

function keyOf({ origin, files }: LayerRequest): string {
  const parts = files.map(({ path, mode, content }) =>
    content instanceof Uint8Array ? [path, mode, createHash('sha256').update(content).digest('hex')] : [path, mode],
  );
  return createHash('sha256')
    .update(JSON.stringify([FORMAT, origin, parts]))
    .digest('hex');
}

/** What was written down of a layer whose archive has every byte that it should have. */
async function readKnown(place: string, index: string): Promise<ContentDigest | undefined> {
  try {
    const known = knownLayerSchema.parse(JSON.parse(await readFile(index, 'utf8')));
    return (await isArchiveWhole({ ...known, path: archivePath(place, known) })) ? known : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an archive still has its bytes. @throws errors of the file system as they come */
export async function isArchiveWhole({ path, sha256 }: Pick<LocalLayer, 'path' | 'sha256'>): Promise<boolean> {
  return (await sha256OfFile(path)) === sha256;
}

function writeLayer({ wheel, files }: LayerRequest, path: string): ContentDigest {
  const archive = wheel === undefined ? undefined : new ArchiveFile(wheel);
  const descriptor = openSync(path, 'wx');
  const digester = new ContentDigester();
  const held = Buffer.allocUnsafe(WRITE_BYTES);
  let heldBytes = 0;
  const write = (bytes: Buffer): void => {
    digester.update(bytes);
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  };
  const flush = (): void => {
    write(held.subarray(0, heldBytes));
    heldBytes = 0;
  };
  try {
    for (const chunk of layerBytes(archive === undefined ? NO_WHEEL : new ReadAhead(archive), files)) {
      if (heldBytes + chunk.length > WRITE_BYTES) flush();
      if (chunk.length > WRITE_BYTES) write(chunk);
      else heldBytes += chunk.copy(held, heldBytes);
    }
    flush();
    return digester.finish();
  } finally {
    closeSync(descriptor);
    archive?.close();
  }
}

/** Files that stand side by side in a layer mostly do so in the wheel, too: one read gets many small ones. */
class ReadAhead implements ByteRanges {
  readonly name: string;
  readonly #archive: ArchiveFile;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(archive: ArchiveFile) {
    this.#archive = archive;
    this.name = archive.name;
  }

  read(start: number, length: number): Buffer {
    const at = start - this.#start;
    if (at >= 0 && at + length <= this.#window.length) return this.#window.subarray(at, at + length);
    const ahead = Math.min(READ_BYTES, this.#archive.size - start);
    if (length >= ahead) return this.#archive.read(start, length);
    this.#window = this.#archive.read(start, ahead);
    this.#start = start;
    return this.#window.subarray(0, length);
  }
}

const NO_WHEEL: ByteRanges = {
  name: '',
  read: () => {
    throw new TypeError('no file of this layer lies in a wheel');
  },
};
