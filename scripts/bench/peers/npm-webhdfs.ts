import { createReadStream } from 'node:fs';
import { join, posix } from 'node:path';
import pLimit from 'p-limit';
import WebHDFS from 'webhdfs';
import { filesOf, sizeOf, USER } from '../environment.ts';
import type { Peer } from './peer.ts';

const FILE_MILLISECONDS = 120_000;

/**
 * Directories first, then streams; nothing is compared. In this process, so that its start costs nothing.
 * @param uploads how many at once: the library itself has no bound
 */
export const npmWebhdfs = (uploads: number): Peer => ({
  send: async ({ hdfs, directory }, destination) => {
    const port = String(hdfs.nameNodeHttpPort);
    const client = WebHDFS.createClient({ user: USER, host: 'localhost', port, path: '/webhdfs/v1' });
    const tree = join(directory, 'venv');
    const files = filesOf(tree);
    const limit = pLimit(uploads);
    const directories = [...new Set(files.map(({ path }) => posix.dirname(posix.join(destination, path))))];
    const leaves = directories.filter((parent) => !directories.some((child) => child.startsWith(`${parent}/`)));
    await limit.map(leaves, (leaf) => makeDirectory(client, leaf));
    await limit.map(files, ({ path }) => uploadFile(client, join(tree, path), posix.join(destination, path)));
    return { path: destination, ...sizeOf(tree) };
  },
});

function makeDirectory(client: WebHDFS, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.mkdir(path, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

function uploadFile(client: WebHDFS, from: string, to: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`npm webhdfs reports nothing for ${to}`));
    }, FILE_MILLISECONDS);
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
