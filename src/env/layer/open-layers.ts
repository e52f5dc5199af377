import { createReadStream } from 'node:fs';
import type { ContentDigest } from '../../digest/content-digest.ts';
import type { EntryContent } from '../entry.ts';
import { type LayerOptions, makeLayers } from './make-layers.ts';

/** An archive whose bytes can be read, as often as they are needed. */
export interface OpenLayer extends ContentDigest {
  readonly label: string;
  readonly content: EntryContent;
}

const READ_BYTES = 2 ** 20;

/** The layers of an environment, made or from the cache. */
export async function openLayers(options: LayerOptions): Promise<OpenLayer[]> {
  const layers = await makeLayers(options);
  return layers.map(({ path, ...layer }) => ({
    ...layer,
    content: { size: layer.size, open: () => createReadStream(path, { highWaterMark: READ_BYTES }) },
  }));
}
