import { setTimeout as sleep } from 'node:timers/promises';
import type { HdfsCluster } from '../../test/support/hadoop/cluster.ts';

/** For so long a NameNode tells the same figures again: the period of Hadoop's metrics system. */
const STALE_MILLISECONDS = 10_500;

/** What DataNodes ask all the time, jobs or none. */
const OF_DATA_NODES =
  /^(SendHeartbeat|BlockReport|BlockReceivedAndDeleted|RegisterDatanode|VersionRequest|CacheReport)/;

/**
 * Counts the calls that a NameNode answers to clients by its RPC port.
 * @returns a function that says how many it were since it was called last; it waits until the NameNode tells the newest figures
 * Source: RpcDetailedActivityForPort in Hadoop's Metrics page: one `NAMENumOps` for each method
 */
export async function countCalls(hdfs: HdfsCluster): Promise<() => Promise<number>> {
  const port = new URL(hdfs.nameNodeRpc).port;
  const query = `Hadoop:service=NameNode,name=RpcDetailedActivityForPort${port}`;
  let askedAt = Number.NEGATIVE_INFINITY;
  let before = 0;
  const read = async (): Promise<number> => {
    await sleep(Math.max(0, askedAt + STALE_MILLISECONDS - performance.now()));
    askedAt = performance.now();
    const response = await fetch(`${hdfs.webhdfsUrl}/jmx?qry=${query}`);
    const answer = (await response.json()) as { readonly beans: readonly Readonly<Record<string, unknown>>[] };
    const calls = Object.entries(answer.beans[0] ?? {}).filter(
      ([name]) => name.endsWith('NumOps') && !name.includes('Overall') && !OF_DATA_NODES.test(name),
    );
    if (calls.length === 0) throw new Error(`The NameNode tells no calls of port ${port}`);
    const total = calls.reduce((sum, [, count]) => sum + Number(count), 0);
    const since = total - before;
    before = total;
    return since;
  };
  await read();
  return read;
}
