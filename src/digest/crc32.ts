/** The two CRCs that HDFS keeps for its chunks. Both are reflected, start at all ones and end inverted. */
export type CrcKind = 'CRC32' | 'CRC32C';

/** Reversed polynomials: ISO 3309 (zip, gzip) and Castagnoli (RFC 3720, appendix B.4). */
const POLYNOMIALS = { CRC32: 0xedb88320, CRC32C: 0x82f63b78 } as const;

/** Extends the CRC `before` (0 at the start) by the bytes `start`..`end` of the view. A signed 32-bit integer. */
export type Crc = (bytes: DataView, start: number, end: number, before: number) => number;

const made = new Map<CrcKind, Crc>();

/** The function for one kind; its tables are made once. */
export function crcFunction(kind: CrcKind): Crc {
  let crc = made.get(kind);
  if (crc === undefined) {
    crc = makeCrc(POLYNOMIALS[kind]);
    made.set(kind, crc);
  }
  return crc;
}

/**
 * Slicing-by-8 (Kounavis and Berry, 2005): table k is table 0 advanced by k zero bytes, so that eight bytes cost eight
 * look-ups that do not wait for each other. An index is always below 256; `?? 0` is for the compiler and costs nothing.
 */
function makeCrc(polynomial: number): Crc {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = makeTables(polynomial);
  return (bytes, start, end, before) => {
    let crc = ~before;
    let at = start;
    for (; at + 8 <= end; at += 8) {
      const low = crc ^ bytes.getInt32(at, true);
      const high = bytes.getInt32(at + 4, true);
      crc =
        (t7[low & 255] ?? 0) ^
        (t6[(low >>> 8) & 255] ?? 0) ^
        (t5[(low >>> 16) & 255] ?? 0) ^
        (t4[low >>> 24] ?? 0) ^
        (t3[high & 255] ?? 0) ^
        (t2[(high >>> 8) & 255] ?? 0) ^
        (t1[(high >>> 16) & 255] ?? 0) ^
        (t0[high >>> 24] ?? 0);
    }
    for (; at < end; at += 1) crc = (t0[(crc ^ bytes.getUint8(at)) & 255] ?? 0) ^ (crc >>> 8);
    return ~crc;
  };
}

type Table = Int32Array;

function makeTables(polynomial: number): [Table, Table, Table, Table, Table, Table, Table, Table] {
  const t0 = new Int32Array(256).map((_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
  const advance = (table: Table): Table => table.map((crc) => (t0[crc & 255] ?? 0) ^ (crc >>> 8));
  const t1 = advance(t0);
  const t2 = advance(t1);
  const t3 = advance(t2);
  const t4 = advance(t3);
  const t5 = advance(t4);
  const t6 = advance(t5);
  return [t0, t1, t2, t3, t4, t5, t6, advance(t6)];
}
