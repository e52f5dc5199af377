import { mkdirSync } from 'node:fs';
import { copyFile, link, realpath } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { type Limits, limitFlag } from '../../wheel/limits.ts';
import { openWheel, type Wheel } from '../../wheel/open-wheel.ts';
import { type Rules, STRICT } from '../../wheel/rules.ts';
import { BuildDirectory } from './build-directory.ts';
import type { BuildOptions } from './build-options.ts';
import { conflictError } from '../env-error.ts';
import { checkDiskNames } from '../plan/disk-names.ts';
import { describeBuild, describeEnvironment } from './describe-environment.ts';
import { compareUtf8 } from '../file-list.ts';
import { writeGenerated } from './generated-files.ts';
import { makeLayers } from '../layer/make-layers.ts';
import { type PlannedWheels, planLayers } from '../layer/plan-layers.ts';
import { localPath } from '../local-path.ts';
import type { LayerFacts, Manifest } from '../manifest.ts';
import { type Plan, planTree } from '../plan/plan.ts';
import { noteNeeds } from '../report/report-built.ts';
import { isStillWhole } from './reuse.ts';
import { explainWriteError } from '../system-error.ts';
import { parentsOf } from '../tree-path.ts';
import type { UnpackedFile } from '../unpack/unpack.ts';
import { answerUnpack, type UnpackRequest } from '../unpack/unpack-request.ts';
import { makeTasks } from '../unpack/unpack-tasks.ts';
import { MAX_WORKERS, WorkerPool } from '../workers/worker-pool.ts';

/** What a file takes on disk besides its bytes, roughly: half a block and its inode. */
const OVERHEAD_BYTES = 4096;

/** What a file takes in the manifest, roughly: 230 bytes and its path. */
const MANIFEST_ENTRY_BYTES = 400;

/** The compiled worker: the same file seen from `src/env/` and from `dist/env/`, because Node runs no TypeScript. */
const WORKER = new URL('../../../dist/env/unpack/unpack-worker.js', import.meta.url);

type UnpackPool = WorkerPool<UnpackRequest, readonly UnpackedFile[]>;

/**
 * Unpacks wheels into `DIR/venv` and describes the result in `DIR/manifest.json`. Every byte is compared with the wheel's
 * own CRC and RECORD on the way. Whatever stops it, DIR never holds a manifest without the tree that it describes, and is
 * always one that can be built in again.
 * Does nothing when DIR already holds this environment.
 *
 * @throws HdfsVenvError the codes of `openWheel`, `planTree`, `BuildDirectory`, `checkDiskNames`,
 * `explainWriteError`; `ENV_LIMIT_TOTAL` (conflict); the signal's reason; the codes of `makeLayers`
 */
export async function buildEnvironment(options: BuildOptions): Promise<Manifest> {
  const directory = resolve(options.directory);
  const workers = options.workers ?? Math.min(availableParallelism(), MAX_WORKERS);
  const pool: UnpackPool = new WorkerPool({ workers, script: WORKER, here: answerUnpack });
  try {
    const place = await BuildDirectory.claim(directory);
    try {
      return await buildIn(place, pool, options);
    } finally {
      await pool.close();
      place.release();
    }
  } catch (error) {
    throw explainWriteError(error, directory);
  } finally {
    await pool.close();
  }
}

async function buildIn(place: BuildDirectory, pool: UnpackPool, options: BuildOptions): Promise<Manifest> {
  const { signal, rules = STRICT } = options;
  const wheels: Wheel[] = [];
  for (const path of byFileName(options.wheels)) {
    signal?.throwIfAborted();
    wheels.push(openWheel(resolve(path), rules));
  }
  reportIdleAllowances(wheels, rules, options.onNote);
  const plan = await planTree(wheels, options.target.python, rules);
  for (const note of plan.notes) options.onNote?.(note);
  const totals = requireTotalWithinLimits(plan, rules.limits);
  const known = place.existing === undefined ? undefined : await describeBuild(wheels, options);
  if (
    known !== undefined &&
    place.existing !== undefined &&
    (await isStillWhole(place.directory, place.existing, known, signal))
  ) {
    place.putBootstrap(options);
    options.onReused?.();
    await noteNeeds(place.existing, wheels, options);
    return place.existing;
  }

  const tree = options.layout === 'tar' ? undefined : place.tree;
  const otherBytes = totals.totalFiles * MANIFEST_ENTRY_BYTES + (options.bootstrap?.length ?? 0);
  if (tree === undefined) {
    place.requireSpace(wheels.reduce((sum, { size }) => sum + size, otherBytes));
    await keepWheels(place.wheels, wheels);
  } else {
    checkDiskNames(plan, place, options.onNote);
    place.requireSpace(totals.totalBytes + totals.totalFiles * OVERHEAD_BYTES + otherBytes);
    makeDirectories(tree, plan);
  }
  const [unpacked, facts] = await Promise.all([
    unpack(plan, tree, pool, totals, options),
    known ?? describeBuild(wheels, options),
  ]);
  writeGenerated(tree, { plan, wheels, pythonVersion: options.target.python }, unpacked);
  // before other threads start, for the memory that they hold
  await pool.close();
  const layers = tree === undefined ? await layersOf({ wheels, plan }, unpacked, options) : [];
  const manifest = describeEnvironment(plan.files, unpacked, facts, layers);
  signal?.throwIfAborted();
  place.commit(manifest, options);
  await noteNeeds(manifest, wheels, options);
  return manifest;
}

async function layersOf(
  planned: PlannedWheels,
  unpacked: ReadonlyMap<string, UnpackedFile>,
  { target, layerCache, workers, signal }: BuildOptions,
): Promise<readonly LayerFacts[]> {
  if (layerCache === undefined) return [];
  const requests = await planLayers(planned, target.python, unpacked);
  return makeLayers(requests, { cacheDirectory: layerCache, workers, signal });
}

/** Whatever their order, the same wheel is the first to be refused. */
function byFileName(paths: readonly string[]): string[] {
  return [...paths].sort((left, right) => compareUtf8(basename(left), basename(right)));
}

/** A misspelt package must not look as if its check were switched off. */
function reportIdleAllowances(wheels: readonly Wheel[], { allowances }: Rules, onNote: BuildOptions['onNote']): void {
  for (const { code, package: name } of allowances.list) {
    if (wheels.some((wheel) => wheel.name === name)) continue;
    onNote?.(`--allow ${code}=${name} allows nothing: the environment has no package ${name}.`);
  }
}

function requireTotalWithinLimits(plan: Plan, limits: Limits): { totalFiles: number; totalBytes: number } {
  const totalFiles = plan.files.size;
  let totalBytes = 0;
  for (const { entry } of plan.files.values()) totalBytes += entry.size;
  if (totalFiles <= limits.entries && totalBytes <= limits.totalBytes) return { totalFiles, totalBytes };
  const allowed = `the limits are ${limits.entries} files and ${limits.totalBytes} bytes`;
  throw conflictError(
    'ENV_LIMIT_TOTAL',
    `all wheels together have ${totalFiles} files and ${totalBytes} bytes; ${allowed}`,
    [`To take more: ${limitFlag(totalFiles > limits.entries ? 'entries' : 'totalBytes')}`],
  );
}

/** A link where it can be one: the cache never changes a file that has a name there. */
async function keepWheels(directory: string, wheels: readonly Wheel[]): Promise<void> {
  mkdirSync(directory);
  for (const { path, fileName } of wheels) {
    const kept = localPath(directory, fileName.fileName);
    await link(await realpath(path), kept).catch(() => copyFile(path, kept));
  }
}

function makeDirectories(tree: string, plan: Plan): void {
  const made = new Set<string>();
  for (const path of plan.files.keys()) {
    for (const parent of parentsOf(path)) {
      if (made.has(parent)) continue;
      made.add(parent);
      mkdirSync(localPath(tree, parent));
    }
  }
}

async function unpack(
  plan: Plan,
  tree: string | undefined,
  pool: UnpackPool,
  totals: { totalFiles: number; totalBytes: number },
  { signal, onProgress }: BuildOptions,
): Promise<Map<string, UnpackedFile>> {
  const unpacked = new Map<string, UnpackedFile>();
  let bytes = 0;
  await pool.run({
    requests: makeTasks(plan.files.values()).map((task) => ({ root: tree, task })),
    signal,
    onResult(files) {
      for (const file of files) {
        unpacked.set(file.path, file);
        bytes += plan.files.get(file.path)?.entry.size ?? 0;
      }
      onProgress?.({ files: unpacked.size, bytes, ...totals });
    },
  });
  return unpacked;
}
