import { incomingPath } from '../layout.ts';
import type { LayoutContext } from './layouts.ts';

/** Every executor reads every archive at the same moment: as many replicas as Hadoop makes of a MapReduce job's own files. */
const MOST_REPLICAS = 10;
/** What HDFS makes of any file unless it is configured otherwise; a cluster with no more machines goes by its own rule. */
const USUAL_REPLICAS = 3;

/**
 * How many replicas an archive gets: what the user said, else as many as the cluster has DataNodes, at most ten.
 * More than there are DataNodes would count as under-replicated for ever.
 *
 * @returns undefined to leave it to the store
 */
export async function archiveReplication(
  { store, replication }: Pick<LayoutContext, 'store' | 'replication'>,
  attempt: string,
): Promise<number | undefined> {
  if (replication !== undefined) return replication;
  try {
    const replicas = await store.countReplicas(incomingPath(attempt, 'replicas'), MOST_REPLICAS);
    return replicas !== undefined && replicas > USUAL_REPLICAS ? replicas : undefined;
  } catch {
    // Nothing depends on it; what is wrong with the store shows at the uploads.
    return undefined;
  }
}
