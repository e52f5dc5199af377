import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { WebHdfsClient } from './client.ts';
import { upload } from './upload.ts';

/** The replicas that a DataNode has not reported yet when the file is closed are reported a moment later. Milliseconds. */
const REPORTED_AFTER = 200;

/** The private operation of every version, which Hadoop's own WebHDFS client uses. */
const locatedBlocks = z
  .object({
    LocatedBlocks: z.object({ locatedBlocks: z.array(z.object({ locations: z.array(z.unknown()) })) }),
  })
  .transform(({ LocatedBlocks }) => LocatedBlocks.locatedBlocks.map(({ locations }) => locations.length));

/** What HttpFS has for it, from Hadoop 3 on. */
const blockLocations = z
  .object({ BlockLocations: z.object({ BlockLocation: z.array(z.object({ hosts: z.array(z.unknown()) })) }) })
  .transform(({ BlockLocations }) => BlockLocations.BlockLocation.map(({ hosts }) => hosts.length));

const ONE_BYTE = {
  size: 1,
  open: async function* open(): AsyncIterable<Uint8Array> {
    yield Buffer.alloc(1);
  },
};

/**
 * Writes a file of one byte with that many replicas and asks how many it got: a NameNode places no two on one machine, and
 * never more than there are machines. Needs no other right than to write the file, and no JMX.
 *
 * @param path on HDFS, absolute; left there
 * @returns undefined when the server does not say it in a way that is known
 */
export async function countReplicas(client: WebHdfsClient, path: string, most: number): Promise<number | undefined> {
  await upload(client, path, ONE_BYTE, { mode: 0o644, replication: most });
  const found = await askForReplicas(client, path);
  if (found === undefined || found >= most) return found;
  await sleep(REPORTED_AFTER);
  return askForReplicas(client, path);
}

/** `undefined` when the answer is none that is known. */
async function askForReplicas(client: WebHdfsClient, path: string): Promise<number | undefined> {
  const [op, answer] = client.isNameNode
    ? (['GET_BLOCK_LOCATIONS', locatedBlocks] as const)
    : (['GETFILEBLOCKLOCATIONS', blockLocations] as const);
  const query = { offset: '0', length: '1' };
  const { json } = await client.retries().run(() => client.ask({ method: 'GET', op, path, query }));
  return answer.safeParse(json).data?.[0];
}
