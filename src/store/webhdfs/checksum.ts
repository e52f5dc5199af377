import { dirname } from 'node:path/posix';
import { z } from 'zod';
import { SINGLE_BLOCK } from '../../digest/hdfs-checksum.ts';
import type { FileChecksum } from '../store.ts';
import type { DataAnswer, FirstStep, Operation, WebHdfsClient } from './client.ts';
import { Failure } from './failure.ts';
import { readText } from './http.ts';
import { getStatus } from './questions.ts';
import { redirectFor } from './redirect.ts';
import { failureOfTransport } from './transport-failure.ts';

const checksumAnswer = z.object({
  FileChecksum: z.object({ algorithm: z.string(), bytes: z.string().regex(/^[0-9a-f]+$/i), length: z.number() }),
});

/** `MD5-of-0MD5-of-512CRC32C`: CRCs per block (0 for a single block), bytes per CRC, kind of CRC. */
const ALGORITHM = /^MD5-of-(\d+)MD5-of-(\d+)(CRC32C?)$/;

/** What the server says of a file's bytes, and what cannot be compared with a local computation. */
export class Checksums {
  readonly #client: WebHdfsClient;
  /** Directory → whether its files are encrypted or erasure-coded, which they inherit when they are made. */
  readonly #opaque = new Map<string, Promise<boolean>>();
  /** Path → how its last upload reached a DataNode. */
  readonly #uploads = new Map<string, FirstStep>();

  constructor(client: WebHdfsClient) {
    this.#client = client;
  }

  /** To be told of every finished upload of bytes, so that the DataNode that has them is asked without a detour. */
  uploaded(path: string, step: FirstStep): void {
    if (step.redirect.isDataNode) this.#uploads.set(path, step);
  }

  /** @param path on HDFS, absolute */
  async get(path: string): Promise<FileChecksum | undefined> {
    return this.#client.retries().run(async () => {
      if (await this.#isOpaque(dirname(path))) return undefined;
      const again = await this.#askAgain(path);
      return again === undefined ? readChecksum(await this.#client.readData(checksumOf(path))) : again.checksum;
    });
  }

  /**
   * The DataNode that took the file has a replica and the address of the NameNode: its own redirect serves once more, which
   * saves the NameNode one of two requests a file. Whatever goes wrong with that, the documented way is left.
   * @returns `undefined` when there is no such way, or it leads nowhere
   */
  async #askAgain(path: string): Promise<{ readonly checksum: FileChecksum | undefined } | undefined> {
    const upload = this.#uploads.get(path);
    if (upload === undefined) return undefined;
    this.#uploads.delete(path);
    try {
      const operation = checksumOf(path);
      const step = { ...upload, redirect: redirectFor(operation.op, upload.redirect) };
      return { checksum: await readChecksum(await this.#client.sendToDataNode(operation, step, 200)) };
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  #isOpaque(directory: string): Promise<boolean> {
    let known = this.#opaque.get(directory);
    if (known === undefined) {
      known = getStatus(this.#client, directory).then((status) => status?.encBit === true || status?.ecBit === true);
      this.#opaque.set(directory, known);
      known.catch(() => this.#opaque.delete(directory));
    }
    return known;
  }
}

async function readChecksum({ body, endpoint }: DataAnswer): Promise<FileChecksum | undefined> {
  try {
    return parseChecksum(await readText(body));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw failureOfTransport(error, 'DataNode', endpoint);
    const server = endpoint.host;
    const reason = 'its checksum is not JSON';
    throw new Failure({ action: 'resend', source: 'DataNode', server, reason, cause: error });
  }
}

function checksumOf(path: string): Operation {
  return { method: 'GET', op: 'GETFILECHECKSUM', path };
}

/**
 * Reads the answer to GETFILECHECKSUM: the bytes are bytesPerCRC (4), crcPerBlock (8) and the MD5 (16), big-endian.
 * @throws SyntaxError when it is not JSON
 * @returns `undefined` for what is not Hadoop's MD5 of MD5s of CRCs, such as COMPOSITE-CRC
 */
export function parseChecksum(body: string): FileChecksum | undefined {
  const parsed = checksumAnswer.safeParse(JSON.parse(body));
  const match = parsed.success ? ALGORITHM.exec(parsed.data.FileChecksum.algorithm) : null;
  if (!parsed.success || match === null) return undefined;
  const bytes = Buffer.from(parsed.data.FileChecksum.bytes, 'hex');
  if (bytes.length < 28) return undefined;
  const hex = bytes.subarray(12, 28).toString('hex');
  const chunkBytes = bytes.readUInt32BE(0);
  // An empty file has no chunks to tell about, and its checksum is the same whatever their size.
  if (chunkBytes === 0) return { kind: 'md5-of-md5-of-crc', ...SINGLE_BLOCK, hex };
  const chunksPerBlock = Number(bytes.readBigUInt64BE(4));
  const crc = match[3] === 'CRC32C' ? 'CRC32C' : 'CRC32';
  return { kind: 'md5-of-md5-of-crc', crc, chunkBytes, chunksPerBlock, hex };
}
