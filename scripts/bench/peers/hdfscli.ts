import { join, posix } from 'node:path';
import { execa } from 'execa';
import { hostPython, pipInstalled } from '../../../test/support/python.ts';
import { sizeOf, USER } from '../environment.ts';
import type { Peer } from './peer.ts';

export const HDFSCLI = '2.7.3';

const UPLOAD = `
import sys
from hdfs import InsecureClient
url, user, destination, tree, threads = sys.argv[1:]
InsecureClient(url, user=user).upload(destination, tree, n_threads=int(threads))
`;

/** PyPI's `hdfs`, its start included; nothing is compared. @param threads its own default is 1 */
export function hdfsCli(threads: number): Peer {
  return {
    prepare: async () => {
      await pipInstalled('hdfs', HDFSCLI);
    },
    send: async ({ hdfs, directory }, destination) => {
      const tree = join(directory, 'venv');
      const path = posix.join(destination, 'venv');
      const args = ['-W', 'ignore', '-c', UPLOAD, hdfs.webhdfsUrl, USER, path, tree, String(threads)];
      const env = { PYTHONPATH: await pipInstalled('hdfs', HDFSCLI) };
      await execa(hostPython(), args, { env, timeout: 3_600_000 });
      return { path, ...sizeOf(tree) };
    },
  };
}
