/** A Huffman code, its first bit lowest, and its length in bits. */
type Code = readonly [bits: number, length: number];

const SHORTEST_MATCH = 3;
const LONGEST_MATCH = 258;
const END_OF_BLOCK = 256;

/** First length of each length code from 257 on, and how many bits follow it (RFC 1951, 3.2.5). */
const LENGTHS: readonly (readonly [first: number, extra: number])[] = [
  ...Array.from({ length: 8 }, (_, index) => [3 + index, 0] as const),
  ...[1, 2, 3, 4, 5].flatMap((extra) =>
    Array.from({ length: 4 }, (_, index) => [2 ** (extra + 2) + 3 + index * 2 ** extra, extra] as const),
  ),
  [LONGEST_MATCH, 0],
];

/** The fixed Huffman codes (RFC 1951, 3.2.6). */
const CODES: readonly Code[] = Array.from({ length: 288 }, (_, symbol): Code => {
  if (symbol < 144) return [reversed(0x30 + symbol, 8), 8];
  if (symbol < 256) return [reversed(0x190 + symbol - 144, 9), 9];
  if (symbol < 280) return [reversed(symbol - 256, 7), 7];
  return [reversed(0xc0 + symbol - 280, 8), 8];
});

/**
 * Deflates bytes that are mostly runs, like tar's headers, into one block of fixed Huffman codes with matches of distance
 * 1 only. What zlib makes of the same bytes depends on its version and on the processor; this is the same everywhere, and
 * needs no state to be set up, which for half a kilobyte takes zlib longer than the work itself.
 */
export function deflateRuns(bytes: Uint8Array): Buffer {
  // no symbol is longer than 9 bits, besides the block's header and end
  const out = Buffer.alloc(Math.ceil((3 + bytes.length * 9 + 7) / 8));
  let at = 0;
  let held = 0;
  let count = 0;
  const put = (bits: number, length: number): void => {
    held |= bits << count;
    count += length;
    while (count >= 8) {
      out[at++] = held & 0xff;
      held >>>= 8;
      count -= 8;
    }
  };
  const putSymbol = (symbol: number): void => {
    const [bits, length] = CODES[symbol] ?? [0, 0];
    put(bits, length);
  };
  // the last block, fixed codes
  put(0b011, 3);
  for (let start = 0; start < bytes.length;) {
    const byte = bytes[start] ?? 0;
    let end = start + 1;
    while (end < bytes.length && bytes[end] === byte) end++;
    putSymbol(byte);
    let left = end - start - 1;
    while (left >= SHORTEST_MATCH) {
      const length = Math.min(left, LONGEST_MATCH);
      putMatch(length, putSymbol, put);
      left -= length;
    }
    for (; left > 0; left--) putSymbol(byte);
    start = end;
  }
  putSymbol(END_OF_BLOCK);
  if (count > 0) out[at++] = held & 0xff;
  return out.subarray(0, at);
}

/** The previous byte, `length` times more. */
function putMatch(
  length: number,
  putSymbol: (symbol: number) => void,
  put: (bits: number, length: number) => void,
): void {
  const index = LENGTHS.findLastIndex(([first]) => first <= length);
  const [first, extra] = LENGTHS[index] ?? [0, 0];
  putSymbol(257 + index);
  put(length - first, extra);
  // distance 1 is code 0 of five bits
  put(0, 5);
}

function reversed(bits: number, length: number): number {
  let result = 0;
  for (let index = 0; index < length; index++) result |= ((bits >> index) & 1) << (length - 1 - index);
  return result;
}
