import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
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
export const tar: Peer = {
  prepare: async ({ tarDirectory }) => {
    const elsewhere = scratchDirectory('bench-layers');
    try {
      await publish(tarDirectory, 'tar', pathToFileURL(join(elsewhere.path, 'environment')).href);
    } finally {
      elsewhere.remove();
    }
  },
  send: sendArchives,
};

export const tarCold: Peer = {
  prepare: async () => {
    rmSync(join(benchCache(), 'layers'), { recursive: true, force: true });
  },
  send: sendArchives,
};

async function sendArchives({ hdfs, tarDirectory }: Job, destination: string): ReturnType<Peer['send']> {
  const { release } = await publish(tarDirectory, 'tar', addressOf(hdfs, destination));
  const file = `${destination}/releases/${String(release).padStart(6, '0')}.json`;
  const { layers }: { layers: { size: number }[] } = JSON.parse(await readFrom(hdfs, file));
  return {
    path: `${destination}/layers`,
    files: layers.length,
    bytes: layers.reduce((sum, { size }) => sum + size, 0),
  };
}
