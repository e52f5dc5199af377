import { availableParallelism } from 'node:os';
import { ArchiveFile } from '../../wheel/archive-file.ts';
import { readEntry } from '../../wheel/entry-content.ts';
import { openWheel, type Wheel } from '../../wheel/open-wheel.ts';
import { compareUtf8 } from '../file-list.ts';
import { renderInstalledRecord } from '../build/installed-record.ts';
import type { FileEntry, Manifest } from '../manifest.ts';
import { type Plan, type PlannedFile, planTree } from '../plan/plan.ts';
import { rulesOf } from '../rules-of.ts';
import { rewriteShebang } from '../unpack/shebang.ts';
import { MAX_WORKERS, WorkerPool } from '../workers/worker-pool.ts';
import type { LayerRequest, LocalLayer } from './layer-cache.ts';
import { readKnownLayers, writeKnownLayers } from './known-layers.ts';
import { answerKeep, type KeepRequest } from './layer-request.ts';
import type { LayerFile } from './layer.ts';

export interface LayerOptions {
  readonly manifest: Manifest;
  /** Paths of all wheels of the manifest, each compared with the sha256 that it gives; called when a layer has to be made. */
  readonly findWheels: () => Promise<readonly string[]>;
  /** Keeps layers for the next time. */
  readonly cacheDirectory: string;
  /** Threads; one per core by default (8 at most), 0 for none besides the caller's. */
  readonly workers?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The compiled worker: the same file seen from `src/env/layer/` and from `dist/env/layer/`, because Node runs no TypeScript. */
const WORKER = new URL('../../../dist/env/layer/layer-worker.js', import.meta.url);

/**
 * Makes one archive of the files of each wheel, as they are in the environment; unpacked over each other they are the
 * environment, byte for byte. What two wheels bring stands in the winner's layer only; what no wheel brings has a layer of
 * its own. Equal wheels in equal company give equal bytes, and a layer that was made before is taken from the cache; no
 * wheel is opened when that is true of all.
 *
 * @returns by name of the package; what no wheel brings comes last
 * @throws HdfsVenvError the codes of `openWheel`, `planTree`, `answerKeep`; the signal's reason; what `findWheels` throws
 */
export async function makeLayers(options: LayerOptions): Promise<LocalLayer[]> {
  const { manifest, cacheDirectory, signal } = options;
  const known = await readKnownLayers(manifest, cacheDirectory);
  if (known !== undefined) return known;
  const workers = options.workers ?? Math.min(availableParallelism(), MAX_WORKERS);
  const pool = new WorkerPool<KeepRequest, LocalLayer>({ workers, script: WORKER, here: answerKeep });
  try {
    const requests = await layerRequests(manifest, await options.findWheels());
    const made = new Map<string, LocalLayer>();
    await pool.run({
      requests: requests.toSorted(largestFirst).map((layer) => ({ layer, cacheDirectory })),
      onResult: (layer) => made.set(layer.label, layer),
      signal,
    });
    const layers = requests.flatMap(({ label }) => made.get(label) ?? []);
    await writeKnownLayers(manifest, layers, cacheDirectory);
    return layers;
  } finally {
    await pool.close();
  }
}

/** A large one that starts last would be waited for alone. */
function largestFirst(left: LayerRequest, right: LayerRequest): number {
  return bytesOf(right) - bytesOf(left);
}

function bytesOf({ files }: LayerRequest): number {
  return files.reduce(
    (sum, { content }) => sum + (content instanceof Uint8Array ? content.length : content.compressedSize),
    0,
  );
}

async function layerRequests(manifest: Manifest, paths: readonly string[]): Promise<LayerRequest[]> {
  const python = manifest.target.python;
  const rules = rulesOf(manifest);
  const wheels = paths.map((path) => openWheel(path, rules));
  const plan = await planTree(wheels, python, rules);
  const entries = new Map(manifest.files.map((file) => [file.path, file]));
  const requests: LayerRequest[] = [];
  for (const wheel of wheels.toSorted((left, right) => compareUtf8(left.name, right.name))) {
    const { sha256 = '' } = manifest.packages.find(({ name }) => name === wheel.name) ?? {};
    const label = labelOf(`${wheel.name}-${wheel.version}`);
    requests.push({ label, origin: sha256, wheel: wheel.path, files: await filesOf(wheel, plan, python, entries) });
  }
  if (plan.added.size > 0) {
    const files = [...plan.added].map(([path, content]): LayerFile => ({ path, mode: '644', content }));
    requests.push({ label: 'added', origin: '', wheel: undefined, files });
  }
  return requests;
}

/** The wheel's own files in the plan, in order of their paths. */
async function filesOf(
  wheel: Wheel,
  plan: Plan,
  python: string,
  entries: ReadonlyMap<string, FileEntry>,
): Promise<LayerFile[]> {
  const recordPath = `${wheel.directories.distInfo}/RECORD`;
  const record = renderInstalledRecord(wheel, python, entries);
  const own = [...plan.files.values()].filter((file) => file.wheel === wheel);
  const files: LayerFile[] = [];
  for (const file of own.sort((left, right) => compareUtf8(left.path, right.path))) {
    const generated = file.path === recordPath ? record : file.isScript ? await readScript(file) : undefined;
    files.push({ path: file.path, mode: file.mode, content: generated ?? file.entry });
  }
  return files;
}

/** A script whose first line was rewritten; undefined for one that stayed as it was. */
async function readScript({ wheel, entry }: PlannedFile): Promise<Buffer | undefined> {
  const archive = new ArchiveFile(wheel.path);
  try {
    const chunks: Buffer[] = [];
    await readEntry(archive, entry, (chunk) => chunks.push(chunk));
    const bytes = Buffer.concat(chunks);
    const rewritten = rewriteShebang(bytes);
    return rewritten === bytes ? undefined : rewritten;
  } finally {
    archive.close();
  }
}

/** Spark's addFile and all stores take these characters in a name. */
function labelOf(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._+-]/g, '_');
}
