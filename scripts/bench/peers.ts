import { createReadStream } from 'node:fs';
import { join, posix } from 'node:path';
import { execa } from 'execa';
import pLimit from 'p-limit';
import WebHDFS from 'webhdfs';
import type { HdfsCluster } from '../../test/support/hadoop/cluster.ts';
import { bareUpload } from './bare-upload.ts';
import { CLI, filesOf, USER } from './environment.ts';

/** Sends `DIR/venv` of the build in `directory` to a place of its own on the cluster. @returns the tree's path there */
export type Peer = (hdfs: HdfsCluster, directory: string, destination: string) => Promise<string>;

/** What a user runs, with its own defaults: length and checksum of every file are compared, the release is committed. */
const hdfsVenv: Peer = async (hdfs, directory, destination) => {
  const address = `webhdfs://localhost:${hdfs.nameNodeHttpPort}${destination}`;
  const args = [CLI, 'publish', directory, address, '--user', USER, '--json'];
  const { stdout } = await execa(process.execPath, args, { timeout: 1_200_000 });
  const result: { readonly tree: string } = JSON.parse(stdout);
  return result.tree.replace(/^hdfs:\/\//, '');
};

const NPM_WEBHDFS_UPLOADS = 16;
const NPM_WEBHDFS_FILE_MILLISECONDS = 120_000;

/** Directories first, then streams, 16 at once; nothing is compared. In this process, so that its start costs nothing. */
const npmWebhdfs: Peer = async (hdfs, directory, destination) => {
  const port = String(hdfs.nameNodeHttpPort);
  const client = WebHDFS.createClient({ user: USER, host: 'localhost', port, path: '/webhdfs/v1' });
  const tree = join(directory, 'venv');
  const files = filesOf(tree);
  const limit = pLimit(NPM_WEBHDFS_UPLOADS);
  const directories = [...new Set(files.map(({ path }) => posix.dirname(posix.join(destination, path))))];
  const leaves = directories.filter((parent) => !directories.some((child) => child.startsWith(`${parent}/`)));
  await limit.map(leaves, (leaf) => makeDirectory(client, leaf));
  await limit.map(files, ({ path }) => uploadFile(client, join(tree, path), posix.join(destination, path)));
  return destination;
};

function makeDirectory(client: WebHDFS, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.mkdir(path, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

function uploadFile(client: WebHDFS, from: string, to: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`npm webhdfs reports nothing for ${to}`));
    }, NPM_WEBHDFS_FILE_MILLISECONDS);
    createReadStream(from)
      .once('error', reject)
      .pipe(client.createWriteStream(to))
      .once('error', reject)
      .once('finish', () => {
        clearTimeout(timer);
        resolve();
      });
  });
}

/** Hadoop's own client over its own protocol, the start of its JVM included. */
const hdfsPut: Peer = async (hdfs, directory, destination) => {
  await hdfs.fsShell(['-mkdir', '-p', destination], { user: USER });
  const put = await hdfs.fsShell(['-put', '-t', '16', join(directory, 'venv'), destination], { user: USER });
  if (put.exitCode !== 0) throw new Error(`hdfs dfs -put: exit code ${put.exitCode}\n${put.stderr.slice(-2000)}`);
  return posix.join(destination, 'venv');
};

export const PEERS: Readonly<Record<string, Peer>> = {
  'hdfs-venv': hdfsVenv,
  'npm-webhdfs': npmWebhdfs,
  'hdfs-put': hdfsPut,
  'bare-upload': bareUpload,
};
