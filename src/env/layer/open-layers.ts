import { createReadStream } from 'node:fs';
import type { EntryContent } from '../entry.ts';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { LayerFacts, Manifest } from '../manifest.ts';
import { planTree } from '../plan/plan.ts';
import { rulesOf } from '../rules-of.ts';
import { openWheel } from '../../wheel/open-wheel.ts';
import { LayerCache } from './layer-cache.ts';
import { type LayerOptions, makeLayers } from './make-layers.ts';
import { planLayers } from './plan-layers.ts';
import type { LayerRequest } from './write-layer.ts';

export interface EnvironmentLayers extends LayerOptions {
  readonly manifest: Manifest;
  /** Paths of all wheels of the manifest, each compared with the sha256 that it gives; called when layers have to be made. */
  readonly findWheels: () => Promise<readonly string[]>;
}

/** An archive whose bytes can be read, as often as they are needed. */
export interface OpenLayer extends LayerFacts {
  readonly content: EntryContent;
}

const READ_BYTES = 2 ** 20;

/**
 * The layers of an environment: those that its manifest names, if the cache has them, else made again of the wheels.
 *
 * @throws HdfsVenvError `ENV_LAYERS_DIFFER` (conflict); the codes of `openWheel`, `planTree`, `planLayers`, `makeLayers`; what `findWheels` throws
 */
export async function openLayers(environment: EnvironmentLayers): Promise<OpenLayer[]> {
  const { manifest, cacheDirectory } = environment;
  const kept = manifest.layers.length === 0 ? undefined : await new LayerCache(cacheDirectory).find(manifest.layers);
  const layers = kept ?? (await makeAgain(environment));
  return layers.map(({ path, ...layer }) => ({
    ...layer,
    content: { size: layer.size, open: () => createReadStream(path, { highWaterMark: READ_BYTES }) },
  }));
}

async function makeAgain({ manifest, findWheels, ...options }: EnvironmentLayers): ReturnType<typeof makeLayers> {
  const rules = rulesOf(manifest);
  const wheels = (await findWheels()).map((path) => openWheel(path, rules));
  const { python } = manifest.target;
  const plan = await planTree(wheels, python, rules);
  const files = new Map(manifest.files.map((file) => [file.path, file]));
  const requests = await planLayers({ wheels, plan }, python, files);
  requireSameFiles(manifest, requests);
  return makeLayers(requests, options);
}

/** A version that lays out wheels otherwise than the one that built would publish what no manifest describes. */
function requireSameFiles({ files, tool }: Manifest, requests: readonly LayerRequest[]): void {
  const planned = new Map(requests.flatMap((request) => request.files).map((file) => [file.path, file]));
  const described = new Set(files.map(({ path }) => path));
  const different = files.filter(({ path, size, mode }) => {
    const file = planned.get(path);
    if (file === undefined || file.mode !== mode) return true;
    return (file.content instanceof Uint8Array ? file.content.length : file.content.size) !== size;
  });
  // a RECORD differs because another file does
  const paths = [...different.map(({ path }) => path), ...[...planned.keys()].filter((path) => !described.has(path))];
  const path = paths.find((one) => !one.endsWith('/RECORD')) ?? paths[0];
  if (path === undefined) return;
  throw new HdfsVenvError({
    code: 'ENV_LAYERS_DIFFER',
    exit: 'conflict',
    message: `Cannot make archives: the wheels give another ${path} than the manifest that ${tool} has written`,
    hints: ['Build again with this version, then publish.'],
  });
}
