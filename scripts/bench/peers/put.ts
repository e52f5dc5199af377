import { join } from 'node:path';
import { sizeOf, USER } from '../environment.ts';
import type { Peer } from './peer.ts';

/** Hadoop's own client over its own protocol, the start of its JVM included. @param options of `hdfs dfs -put` */
export function put(...options: readonly string[]): Peer {
  return {
    send: async ({ hdfs, directory }, destination) => {
      const tree = join(directory, 'venv');
      const sent = await hdfs.fsShell(['-put', ...options, tree, destination], { user: USER, timeout: 3_600_000 });
      if (sent.exitCode !== 0)
        throw new Error(`hdfs dfs -put: exit code ${sent.exitCode}\n${sent.stderr.slice(-2000)}`);
      return { path: destination, ...sizeOf(tree) };
    },
  };
}
