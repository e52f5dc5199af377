import { setTimeout as sleep } from 'node:timers/promises';
import { type HdfsCluster, startHdfs } from '../../test/support/hadoop/cluster.ts';
import { encodePath } from '../../src/store/webhdfs/encode-path.ts';
import { USER } from './environment.ts';

/**
 * Blocks as large as Hadoop's own default, since the clusters of the tests have small ones. What is deleted is deleted at
 * once: usually a NameNode tells its DataNodes to delete a thousand blocks every three seconds.
 */
const CONFIGURATION = {
  'dfs.blocksize': String(128 * 2 ** 20),
  'dfs.block.invalidate.limit': '1000000',
  'dfs.namenode.invalidate.work.pct.per.iteration': '1.0f',
};
/** What the JVMs of the tests save on: Java's own choice of collector, and both of its compilers. */
export const JAVA_OPTIONS = ['-XX:-UseSerialGC', '-XX:TieredStopAtLevel=4'];
const HEAP = '-Xmx1g';
const SETTLED_MILLISECONDS = 900_000;

/**
 * A NameNode and two DataNodes that answer WebHDFS from `threads` threads each: `default` is 2 per core, 64 what a node
 * with 32 cores has. These block while a file is closed, so on a small machine they are the limit. All run as Hadoop's own
 * scripts start them, `hdfs dfs` too, but with a heap of 1 GiB.
 * @throws Error when `threads` is neither
 */
export function startBenchHdfs(threads: string): Promise<HdfsCluster> {
  if (threads !== 'default' && !/^[1-9]\d*$/.test(threads))
    throw new Error(`--event-loop-threads takes numbers and "default", not ${threads}`);
  const dataNodeJavaOptions = threads === 'default' ? [] : [`-Dio.netty.eventLoopThreads=${threads}`];
  return startHdfs({ javaOptions: [...JAVA_OPTIONS, HEAP], dataNodeJavaOptions, configuration: CONFIGURATION });
}

/** Where our command line publishes to. @param path absolute */
export function addressOf(cluster: HdfsCluster, path: string): string {
  return `webhdfs://localhost:${cluster.nameNodeHttpPort}${path}`;
}

export interface Content {
  readonly files: number;
  readonly bytes: number;
}

/** What HDFS holds below `path`, as the NameNode counts it. */
export async function contentOf(cluster: HdfsCluster, path: string): Promise<Content> {
  const answer = await ask(cluster, path, 'GET', 'GETCONTENTSUMMARY');
  const { ContentSummary: found }: { ContentSummary: { fileCount: number; length: number } } = JSON.parse(answer);
  return { files: found.fileCount, bytes: found.length };
}

/** The text of a small file. */
export function readFrom(cluster: HdfsCluster, path: string): Promise<string> {
  return ask(cluster, path, 'GET', 'OPEN');
}

/**
 * Deletes `path` with all below it, and waits until no DataNode holds more blocks than before: what one run left would
 * burden the next.
 * @param blocks of all DataNodes, before there was anything: see `blocksOf`
 * @throws Error after a quarter of an hour
 */
export async function removeAndSettle(cluster: HdfsCluster, path: string, blocks: number): Promise<void> {
  await ask(cluster, path, 'DELETE', 'DELETE', { recursive: 'true' });
  const deadline = Date.now() + SETTLED_MILLISECONDS;
  for (let held = await blocksOf(cluster); held > blocks; held = await blocksOf(cluster)) {
    if (Date.now() > deadline)
      throw new Error(`DataNodes hold ${held} blocks after ${path} was deleted, not ${blocks}`);
    await sleep(500);
  }
}

/** Replicas on the disks of all DataNodes. */
export async function blocksOf(cluster: HdfsCluster): Promise<number> {
  const { LiveNodes } = await bean(cluster.webhdfsUrl, 'NameNode', 'NameNodeInfo');
  const nodes: Record<string, { infoAddr: string }> = JSON.parse(String(LiveNodes));
  const held = await Promise.all(
    Object.values(nodes).map(async ({ infoAddr }) => {
      const { VolumeInfo } = await bean(`http://${infoAddr}`, 'DataNode', 'DataNodeInfo');
      const volumes: Record<string, { numBlocks: number }> = JSON.parse(String(VolumeInfo));
      return sum(Object.values(volumes).map(({ numBlocks }) => numBlocks));
    }),
  );
  return sum(held);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

type Bean = Readonly<Record<string, unknown>>;

async function bean(base: string, service: string, name: string): Promise<Bean> {
  const query = `Hadoop:service=${service},name=${name}`;
  const response = await fetch(`${base}/jmx?qry=${query}`, { signal: AbortSignal.timeout(30_000) });
  const { beans }: { beans: Bean[] } = JSON.parse(await response.text());
  const [first] = beans;
  if (first === undefined) throw new Error(`${base} has no ${query}`);
  return first;
}

async function ask(
  cluster: HdfsCluster,
  path: string,
  method: string,
  op: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const query = new URLSearchParams({ op, 'user.name': USER, ...more }).toString();
  const response = await fetch(`${cluster.webhdfsUrl}/webhdfs/v1${encodePath(path)}?${query}`, { method });
  const text = await response.text();
  if (!response.ok) throw new Error(`${op} of ${path}: ${response.status} ${text}`);
  return text;
}
