import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContentDigester } from '../../src/digest/content-digest.ts';
import type { Content, Store } from '../../src/store/store.ts';
import { openWebHdfsStore } from '../../src/store/webhdfs/webhdfs-store.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { describeStoreContract } from './store-contract.ts';

/** The newest line, and one that drops `createparent=false` and redirects by Jetty 6; others by HDFS_VENV_TEST_HADOOP. */
const VERSIONS = (process.env['HDFS_VENV_TEST_HADOOP'] ?? '3.4.3,2.7.7').split(',');

const zeros = (size: number): Content => ({
  size,
  async *open() {
    for (let left = size; left > 0; left -= 2 ** 20) yield Buffer.alloc(Math.min(left, 2 ** 20));
  },
});

describe.each(VERSIONS)('WebHDFS of Hadoop %s', (version) => {
  let cluster: HdfsCluster;
  beforeAll(async () => {
    // one more than the cluster makes replicas of its own accord
    cluster = await startHdfs({ version, dataNodes: 3 });
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

  it('makes as many replicas as it is told, and knows how many there can be', async () => {
    const store = openAs('alice')('replicas');
    await store.makeDirectory('', 0o755);
    expect(await store.countReplicas('probe', 10)).toBe(cluster.dataNodes.length);
    expect(await store.list('')).toEqual([]);
    await store.put('one', zeros(1), { mode: 0o644, replication: 1 });
    expect(await replicationOf('replicas/one')).toBe(1);
    await expect(store.put('most', zeros(1), { mode: 0o644, replication: 600 })).rejects.toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringMatching(/replication.*600.*512/),
    });
    await store.close();
  });

  it('makes one block of a large file, whose checksum does not depend on the block size of the cluster', async () => {
    const store = openAs('alice')('large');
    await store.makeDirectory('', 0o755);
    const size = 2 ** 26 + 1000;
    await store.put('file', zeros(size), { mode: 0o644 });
    const digester = new ContentDigester();
    for await (const chunk of zeros(size).open()) digester.update(chunk);
    expect(await store.checksum('file')).toMatchObject({ chunksPerBlock: 0, hex: digester.finish().hdfsChecksum });
    await store.close();
  });

  it('sets the time of a directory', async () => {
    const store = openAs('alice')('times');
    await store.makeDirectory('', 0o755);
    await store.makeDirectory('tree', 0o755);
    const before = (await store.stat('tree'))?.modifiedAt ?? Infinity;
    // the clock counts whole seconds
    await sleep(1100);
    await store.touch('tree');
    expect((await store.stat('tree'))?.modifiedAt).toBeGreaterThan(before);
    await store.close();
  });

  const replicationOf = async (path: string): Promise<number> => {
    const query = 'op=GETFILESTATUS&user.name=alice';
    const response = await fetch(`${cluster.webhdfsUrl}/webhdfs/v1/user/alice/${path}?${query}`);
    const answer: { FileStatus: { replication: number } } = JSON.parse(await response.text());
    return answer.FileStatus.replication;
  };

  describeStoreContract(`WebHDFS ${version}`, () =>
    Promise.resolve({ open: openAs('alice'), openAsStranger: openAs('bob'), blockBytes: 8 << 20 }),
  );
});
