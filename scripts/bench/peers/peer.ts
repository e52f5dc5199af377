import type { HdfsCluster } from '../../../test/support/hadoop/cluster.ts';
import type { Content } from '../hdfs.ts';

/** What all peers send. */
export interface Job {
  readonly hdfs: HdfsCluster;
  /** The environment as `build` made it, with its tree in `DIR/venv`. */
  readonly directory: string;
  /** The same from `build --layout tar`. */
  readonly tarDirectory: string;
}

/** What a peer says that it has sent; nobody's word is taken for it. */
export interface Sent extends Content {
  /** The place on the cluster that holds these files and no other. */
  readonly path: string;
}

export interface Peer {
  /** What it needs before each run, outside the measured time. */
  readonly prepare?: (job: Job) => Promise<void>;
  /** Sends the environment to a place of its own. */
  readonly send: (job: Job, destination: string) => Promise<Sent>;
}
