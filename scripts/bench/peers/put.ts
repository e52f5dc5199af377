import { statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { HdfsCluster } from '../../../test/support/hadoop/cluster.ts';
import { scratchDirectory } from '../../../test/support/scratch.ts';
import { sizeOf, USER } from '../environment.ts';
import type { Peer } from './peer.ts';

/** Hadoop's own client over its own protocol, the start of its JVM included. @param options of `hdfs dfs -put` */
export function put(...options: readonly string[]): Peer {
  return {
    send: async ({ hdfs, directory }, destination) => {
      const tree = join(directory, 'venv');
      await putOn(hdfs, [...options, tree, destination]);
      return { path: destination, ...sizeOf(tree) };
    },
  };
}

/** What is done by hand for `spark-submit --archives`: everything in one file, packed every time. */
export const tarAndPut: Peer = {
  send: async ({ hdfs, directory }, destination) => {
    const scratch = scratchDirectory('bench-tar');
    try {
      const archive = join(scratch.path, 'environment.tar.gz');
      await execa('tar', ['-I', 'gzip -6', '-cf', archive, '-C', join(directory, 'venv'), '.'], { timeout: 600_000 });
      await putOn(hdfs, [archive, destination]);
      return { path: destination, files: 1, bytes: statSync(archive).size };
    } finally {
      scratch.remove();
    }
  },
};

async function putOn(hdfs: HdfsCluster, args: readonly string[]): Promise<void> {
  const sent = await hdfs.fsShell(['-put', ...args], { user: USER, timeout: 3_600_000 });
  if (sent.exitCode !== 0) throw new Error(`hdfs dfs -put: exit code ${sent.exitCode}\n${sent.stderr.slice(-2000)}`);
}
