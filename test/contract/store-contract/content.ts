import { expect } from 'vitest';
import { ContentDigester } from '../../../src/digest/content-digest.ts';
import { HdfsChecksum } from '../../../src/digest/hdfs-checksum.ts';
import type { Content, Store } from '../../../src/store/store.ts';

export const FILE_MODE = { mode: 0o644 };

/** A file's content, handed over in chunks of `chunkBytes` bytes. */
export function contentOf(bytes: Uint8Array, chunkBytes = 64 * 1024): Content {
  return {
    size: bytes.byteLength,
    async *open() {
      for (let at = 0; at < bytes.byteLength; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  };
}

export const text = (value: string): Content => contentOf(Buffer.from(value));

export async function readAll(store: Store, path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(path)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Bytes that no compression or repetition makes equal by accident. */
export function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = 2_463_534_242;
  for (let at = 0; at < size; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
  return bytes;
}

/** The store's checksum, of whichever kind, is that of these bytes. */
export async function expectEqualChecksum(store: Store, path: string, bytes: Uint8Array): Promise<void> {
  const checksum = await store.checksum(path);
  if (checksum === undefined) throw new Error(`${path} has no checksum`);
  if (checksum.kind === 'sha256') {
    const digester = new ContentDigester();
    digester.update(bytes);
    expect(checksum.hex).toBe(digester.finish().sha256);
  } else {
    const own = new HdfsChecksum(checksum);
    own.update(bytes);
    expect(checksum.hex).toBe(own.finish());
  }
}
