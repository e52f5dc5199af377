import type { FileEntry, Manifest } from '../env/manifest.ts';
import type { Placement } from './release.ts';

/*
 * Measured from the SparkContext until packages of 6,765 files and 421 MB were imported on two executors, without latency
 * of the network: 34.5 s for the tree, 15.7 s for archives, 6.5 s for no environment at all. docs/decisions/0009.
 */
const TREE_START = (34.5 - 6.5) / 6765;
const TAR_START = (15.7 - 6.5) / 421e6;
/** Questions to the NameNode for one file of a tree: 14,800 for 6,765, by the driver and then by each executor. */
const NAMENODE_QUESTIONS = (2 * 14_800) / 6765;

/** What a file system gives a file at least. */
const DISK_BLOCK = 4096;

/** Bytes on the local disks of the machines that a job runs on. */
export interface JobDisk {
  /** For the driver, and for each executor. */
  readonly perProcess: number;
  /** Once more on every machine with executors, which share what Spark has fetched (spark.files.useFetchCache). */
  readonly perMachine: number;
}

/** What a job needs: the files, and the archives as well, which Spark keeps beside what it unpacks. */
export function diskOfJob(placement: Placement, files: readonly FileEntry[]): JobDisk {
  const unpacked = onDisk(files);
  if (placement.layout === 'tree') return { perProcess: unpacked, perMachine: unpacked };
  const archives = onDisk(placement.layers);
  return { perProcess: unpacked + archives, perMachine: archives };
}

function onDisk(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + Math.ceil(size / DISK_BLOCK) * DISK_BLOCK, 0);
}

/** What `--layout tar` would be for an environment that lies on the store as a tree. */
export interface TarSaving {
  /** Files on the store, and uploads of a first publish. */
  readonly files: number;
  /** The same with archives; of these, a later publish sends those of changed packages. */
  readonly archives: number;
  /** How much sooner a job is ready, without latency of the network; 0 when it is not. */
  readonly startSeconds: number;
  /** What every millisecond of latency between the job's processes and the NameNode adds to that. */
  readonly startSecondsPerMillisecond: number;
}

export function savingOfTar({ files, packages }: Manifest): TarSaving {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return {
    files: files.length,
    archives: packages.length,
    startSeconds: Math.max(0, files.length * TREE_START - bytes * TAR_START),
    startSecondsPerMillisecond: (files.length * NAMENODE_QUESTIONS) / 1000,
  };
}
