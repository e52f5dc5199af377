import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Content, Store } from '../../src/store/store.ts';
import { openWebHdfsStore } from '../../src/store/webhdfs/webhdfs-store.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';

const FILE = { mode: 0o644 };

const bytesOf = (size: number): Content => ({
  size,
  async *open() {
    for (let at = 0; at < size; at += 65_536) yield Buffer.alloc(Math.min(65_536, size - at), at);
  },
});

/** What only a real cluster does: its own limits and the loss of its daemons. */
describe('WebHDFS of Hadoop 3.4.3 in trouble', () => {
  let cluster: HdfsCluster;
  let store: Store;
  let notes: string[];
  let directories = 0;

  beforeAll(async () => {
    cluster = await startHdfs({ dataNodes: 2 });
  });
  afterAll(() => cluster?.stop());
  beforeEach(async () => {
    directories += 1;
    notes = [];
    store = openWebHdfsStore({
      nameNodes: [{ host: 'localhost', port: cluster.nameNodeHttpPort }],
      path: `/user/alice/trouble-${directories}`,
      user: 'alice',
      onWait: (note) => notes.push(note),
    });
    await store.makeDirectory('', 0o755);
  });
  afterEach(() => store.close());

  const admin = async (...args: string[]): Promise<void> => {
    const { exitCode, stderr } = await cluster.dfsAdmin(args);
    if (exitCode !== 0) throw new Error(stderr);
  };

  it('says how large a quota is and what is needed', async () => {
    const directory = `/user/alice/trouble-${directories}`;
    await admin('-setQuota', '3', directory);
    await store.put('one', bytesOf(1), FILE);
    await store.put('two', bytesOf(1), FILE);
    const quota = { code: 'STORE_QUOTA', exit: 'conflict' };
    await expect(store.put('three', bytesOf(1), FILE)).rejects.toMatchObject({
      ...quota,
      message: expect.stringContaining(`the quota of ${directory} is 3 files and directories; this needs 4`),
    });
    await expect(store.makeDirectory('three', 0o755)).rejects.toMatchObject(quota);

    await admin('-clrQuota', directory);
    await admin('-setSpaceQuota', '20m', directory);
    await expect(store.put('large', bytesOf(30 << 20), FILE)).rejects.toMatchObject({
      ...quota,
      message: expect.stringMatching(new RegExp(`the quota of ${directory} is 20971520 bytes.*needs \\d+`)),
    });
  });

  it('waits until the NameNode leaves safe mode', async () => {
    await admin('-safemode', 'enter');
    const writes = Promise.all([store.makeDirectory('directory', 0o755), store.put('file', bytesOf(5), FILE)]);
    await expect.poll(() => notes.join(), { timeout: 60_000 }).toContain('is in safe mode');
    await admin('-safemode', 'leave');
    await writes;
    expect(await store.stat('file')).toMatchObject({ size: 5 });
    expect(await store.stat('directory')).toMatchObject({ type: 'directory' });
  });

  it('goes on with the other DataNode when one dies, and with the NameNode when it comes back', async () => {
    const [first] = cluster.dataNodes;
    if (first === undefined) throw new Error('no DataNode');
    const names = Array.from({ length: 60 }, (_, index) => `file-${index}`);
    const uploads = names.map((name, index) => store.put(name, bytesOf(index === 0 ? 12 << 20 : 100_000), FILE));
    const all = Promise.all(uploads);
    await Promise.race([all, uploads[7]]);
    process.kill(first.pid, 'SIGKILL');
    await Promise.race([all, uploads[17]]);
    await cluster.nameNode.stop();
    cluster.nameNode.start();
    await all;
    const listed = (await store.list('')) ?? [];
    expect(listed).toHaveLength(60);
    expect(
      listed
        .map(({ size }) => size)
        .toSorted((a, b) => b - a)
        .slice(0, 2),
    ).toEqual([12 << 20, 100_000]);
    await first.stop();
    first.start();
    await first.waitUntilReady();
  });
});
