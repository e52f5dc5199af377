import { afterAll, beforeAll, describe } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { openWebHdfsStore } from '../../src/store/webhdfs/webhdfs-store.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { describeStoreContract } from './store-contract.ts';

/** The newest line, and one that drops `createparent=false` and redirects by Jetty 6; others by HDFS_VENV_TEST_HADOOP. */
const VERSIONS = (process.env['HDFS_VENV_TEST_HADOOP'] ?? '3.4.3,2.7.7').split(',');

describe.each(VERSIONS)('WebHDFS of Hadoop %s', (version) => {
  let cluster: HdfsCluster;
  beforeAll(async () => {
    cluster = await startHdfs({ version });
  });
  afterAll(() => cluster?.stop());

  const openAs =
    (user: string) =>
    (path: string): Store =>
      openWebHdfsStore({
        nameNodes: [{ host: 'localhost', port: cluster.nameNodeHttpPort }],
        path: `/user/alice/${path}`,
        user,
      });

  describeStoreContract(`WebHDFS ${version}`, () =>
    Promise.resolve({ open: openAs('alice'), openAsStranger: openAs('bob'), blockBytes: 8 << 20 }),
  );
});
