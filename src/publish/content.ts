import type { Content } from '../store/store.ts';

/** Bytes in memory as content to put. */
export function bytesContent(bytes: Uint8Array): Content {
  return {
    size: bytes.byteLength,
    open: async function* open() {
      yield bytes;
    },
  };
}

/** Reads a small file whole. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
