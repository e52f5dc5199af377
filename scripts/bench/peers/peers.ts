import { bareUpload } from './bare-upload.ts';
import { hdfsCli } from './hdfscli.ts';
import { tar, tarCold, tree } from './hdfs-venv.ts';
import { npmWebhdfs } from './npm-webhdfs.ts';
import type { Peer } from './peer.ts';
import { put, tarAndPut } from './put.ts';

export const PEERS = {
  'hdfs-venv': tree,
  'hdfs-venv-tar': tar,
  'hdfs-venv-tar-cold': tarCold,
  'npm-webhdfs-16': npmWebhdfs(16),
  'npm-webhdfs-128': npmWebhdfs(128),
  'hdfscli-16': hdfsCli(16),
  'hdfs-put': put(),
  'hdfs-put-t16': put('-t', '16'),
  'tar-and-put': tarAndPut,
  'bare-upload': bareUpload,
  'hdfscli-1': hdfsCli(1),
} as const satisfies Readonly<Record<string, Peer>>;

/** Those of others that send the tree. */
export const OTHERS = ['npm-webhdfs-16', 'npm-webhdfs-128', 'hdfscli-16', 'hdfs-put', 'hdfs-put-t16'];
