import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import type { HdfsCluster } from '../../../test/support/hadoop/cluster.ts';
import { scratchDirectory } from '../../../test/support/scratch.ts';
import { benchCache, CLI, sizeOf, USER } from '../environment.ts';
import { addressOf, readFrom } from '../hdfs.ts';
import type { Job, Peer } from './peer.ts';

/** What `publish --json` says. */
export interface Published {
  readonly release: number;
  /** With the layout `tree`: `hdfs:///user/…/trees/…`. */
  readonly tree?: string;
  readonly uploadedFiles: number;
  readonly uploadedBytes: number;
}

/** What a user runs, with its own defaults: length and checksum of every file are compared, the release is committed. */
export async function publish(directory: string, layout: 'tree' | 'tar', address: string): Promise<Published> {
  const args = [CLI, 'publish', directory, address, '--layout', layout, '--user', USER, '--json'];
  const { stdout } = await execa(process.execPath, args, {
    env: { HDFS_VENV_CACHE: benchCache() },
    timeout: 3_600_000,
  });
  const result: Published = JSON.parse(stdout);
  return result;
}

export const tree: Peer = {
  send: async ({ hdfs, directory }, destination) => {
    const published = await publish(directory, 'tree', addressOf(hdfs, destination));
    return { path: (published.tree ?? '').replace(/^hdfs:\/\//, ''), ...sizeOf(join(directory, 'venv')) };
  },
};

/** As after any earlier publish of the same wheels: the archives are in the cache. */
export const tar: Peer = { prepare: ({ tarDirectory }) => cacheLayers(tarDirectory), send: sendArchives };

export const tarCold: Peer = {
  prepare: async () => {
    rmSync(join(benchCache(), 'layers'), { recursive: true, force: true });
  },
  send: sendArchives,
};

/** Leaves the environment's archives in the cache, as any publish does. */
export async function cacheLayers(directory: string): Promise<void> {
  const elsewhere = scratchDirectory('bench-layers');
  try {
    await publish(directory, 'tar', pathToFileURL(join(elsewhere.path, 'environment')).href);
  } finally {
    elsewhere.remove();
  }
}

async function sendArchives({ hdfs, tarDirectory }: Job, destination: string): ReturnType<Peer['send']> {
  const { release } = await publish(tarDirectory, 'tar', addressOf(hdfs, destination));
  const layers = await layersOf(hdfs, destination, release);
  return {
    path: `${destination}/layers`,
    files: layers.length,
    bytes: layers.reduce((sum, { size }) => sum + size, 0),
  };
}

/** The archives that a release names. @param environment its path on the cluster */
export async function layersOf(
  hdfs: HdfsCluster,
  environment: string,
  release: number,
): Promise<readonly { readonly path: string; readonly size: number }[]> {
  const text = await readFrom(hdfs, `${environment}/releases/${String(release).padStart(6, '0')}.json`);
  const { layers }: { layers: { path: string; size: number }[] } = JSON.parse(text);
  return layers;
}
