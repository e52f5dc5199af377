import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Read at once. A build that trusts its lock hashes every wheel, and handing over pieces of 64 KiB takes longer than that. */
const CHUNK_BYTES = 2 ** 20;

/** 64 hexadecimal digits. @throws errors of the file system as they come */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), hash);
  return hash.digest('hex');
}
