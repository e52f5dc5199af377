import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Manifest } from '../manifest.ts';
import { archivePath, FORMAT, isArchiveWhole, knownLayerSchema, type LocalLayer, writeWhole } from './layer-cache.ts';

const knownSchema = z.array(knownLayerSchema.extend({ label: z.string() })).min(1);

/**
 * The layers of an environment whose layers were made before, without opening a wheel: `<cacheDirectory>/layers/KEY.json`
 * says which archives these are. Undefined when nothing is known, or when an archive does not have its bytes any more.
 */
export async function readKnownLayers(manifest: Manifest, cacheDirectory: string): Promise<LocalLayer[] | undefined> {
  const place = join(cacheDirectory, 'layers');
  try {
    const known = knownSchema.parse(JSON.parse(await readFile(indexPath(place, manifest), 'utf8')));
    const layers = known.map((layer) => ({ ...layer, path: archivePath(place, layer) }));
    for (const layer of layers) if (!(await isArchiveWhole(layer))) return undefined;
    return layers;
  } catch {
    return undefined;
  }
}

/** @param layers all of the environment, in the order of its packages, each in the cache */
export async function writeKnownLayers(
  manifest: Manifest,
  layers: readonly LocalLayer[],
  cacheDirectory: string,
): Promise<void> {
  const place = join(cacheDirectory, 'layers');
  const known = layers.map(({ label, size, sha256, hdfsChecksum }) => ({ label, size, sha256, hdfsChecksum }));
  const write = (fresh: string): Promise<void> => writeFile(fresh, JSON.stringify(known));
  // The layers are there: without this note the next time takes longer, and nothing else.
  await writeWhole(place, write, () => indexPath(place, manifest)).catch(() => undefined);
}

/** All that decides which file stands in which layer: the wheels, their content in the tree, and who may win a path. */
function indexPath(place: string, { digest, packages, target, allowed }: Manifest): string {
  const wheels = packages.map(({ name, version, sha256 }) => [name, version, sha256]);
  const key = createHash('sha256').update(JSON.stringify([FORMAT, digest, target.python, allowed, wheels]));
  return join(place, `environment-${key.digest('hex')}.json`);
}
