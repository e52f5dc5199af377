import { constants, deflateRawSync } from 'node:zlib';
import { makeZip, type ZipEntry } from '../zip-maker.ts';
import { FILES, type HostileWheel, withEntry, withMore } from './hostile-wheel.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** A part of a deflate stream that ends at a byte, so that it can be repeated. */
const BLOCK = deflateRawSync(Buffer.alloc(MIB), { finishFlush: constants.Z_FULL_FLUSH });

/** A deflate stream of zeros, about a thousand times as many as it has bytes. */
function zeros(mebibytes: number): Buffer {
  return Buffer.concat([...Array.from({ length: mebibytes }, () => BLOCK), deflateRawSync(Buffer.alloc(0))]);
}

/** `count` entries of the same data. */
function repeated(count: number, compressed: Buffer, size: number): ZipEntry[] {
  return Array.from({ length: count }, (_, index) => declared(`risk/bomb${index}`, compressed, size));
}

function emptyFiles(count: number): ZipEntry[] {
  return Array.from({ length: count }, (_, index) => ({ name: `e/${index}`, data: Buffer.alloc(0), method: 0 }));
}

/** An entry whose headers say this size, whatever its data are. */
function declared(name: string, compressed: Buffer, size: number): ZipEntry {
  const sizes = size < 0xffffffff ? {} : { zip64: true };
  return { name, data: Buffer.alloc(0), compressed, local: { size }, central: { size }, ...sizes };
}

/** Each entry's data begin with a stored block that holds the next entry's local header, so that all share one kernel. */
function quotedOverlap(count: number): ZipEntry[] {
  const kernel = makeZip([declared('risk/kernel', zeros(1), MIB)]);
  const header = 30 + 'risk/kernel'.length;
  const quote = Buffer.alloc(5);
  quote.writeUInt16LE(header, 1);
  quote.writeUInt16LE(~header & 0xffff, 3);
  const kernelBytes = kernel.readUInt32LE(18);
  const quoting = Array.from({ length: count }, (_, index): ZipEntry => {
    const behind = count - index;
    const compressedSize = behind * (quote.length + header) + kernelBytes;
    const sizes = { compressedSize, size: MIB + behind * header };
    return {
      name: `risk/bomb${`${index}`.padStart(2, '0')}`,
      data: Buffer.alloc(0),
      compressed: quote,
      local: sizes,
      central: sizes,
    };
  });
  return [...quoting, declared('risk/kernel', zeros(1), MIB)];
}

export const bombs: readonly HostileWheel[] = [
  {
    code: 'WHEEL_ZIP_SIZE',
    what: '4 GiB declared for 120 bytes',
    wheel: withMore(declared('risk/bomb', Buffer.alloc(120, 1), 0xfffffffe)),
  },
  {
    code: 'WHEEL_ZIP_SIZE',
    what: '4 GiB declared for 120 bytes, with ZIP64',
    wheel: withMore(declared('risk/bomb', Buffer.alloc(120, 1), 4 * GIB)),
  },
  {
    code: 'WHEEL_LIMIT_RATIO',
    what: '10 MiB that become 10 GiB in a thousand entries',
    wheel: withMore(...repeated(1024, zeros(10), 10 * MIB)),
  },
  {
    code: 'WHEEL_LIMIT_FILE_BYTES',
    what: '10 MiB that become 10 GiB in one entry',
    wheel: withMore(declared('risk/bomb', zeros(10 * 1024), 10 * GIB)),
  },
  {
    code: 'WHEEL_LIMIT_RATIO',
    what: '5 MiB that become 5 GiB in one entry',
    wheel: withMore(declared('risk/bomb', zeros(5 * 1024), 5 * GIB)),
  },
  {
    code: 'WHEEL_LIMIT_TOTAL_BYTES',
    what: '35 GiB in five files',
    wheel: withMore(...repeated(5, zeros(7 * 1024), 7 * GIB)),
  },
  {
    code: 'WHEEL_ZIP_ENTRY_SIZE',
    what: '1 MiB that become 1 GiB, and headers that say 10 MiB',
    refusedWhen: 'read',
    wheel: {
      files: { ...FILES, 'risk/bomb': Buffer.alloc(10 * MIB) },
      entries: (entries) =>
        entries.map((entry) => (entry.name === 'risk/bomb' ? { ...entry, compressed: zeros(1024) } : entry)),
    },
  },
  {
    code: 'WHEEL_ZIP_ENTRY_SIZE',
    what: '1 MiB that become 1 GiB, and headers that say 1 MiB',
    refusedWhen: 'read',
    wheel: {
      files: { ...FILES, 'risk/bomb': Buffer.alloc(MIB) },
      entries: (entries) =>
        entries.map((entry) => (entry.name === 'risk/bomb' ? { ...entry, compressed: zeros(1024) } : entry)),
    },
  },
  {
    code: 'WHEEL_ZIP_OVERLAP',
    what: 'overlapping entries with the same data',
    wheel: withEntry((entry) => ({ ...entry, only: 'central', central: { offset: 0 } })),
  },
  {
    code: 'WHEEL_ZIP_OVERLAP',
    what: 'overlapping entries, one reaching into the next',
    wheel: withEntry((entry) => ({ ...entry, local: { compressedSize: 400 }, central: { compressedSize: 400 } })),
  },
  {
    code: 'WHEEL_ZIP_OVERLAP',
    what: 'overlapping entries that quote the headers of the next',
    wheel: withMore(...quotedOverlap(20)),
  },
  {
    code: 'WHEEL_LIMIT_ENTRIES',
    what: 'a million empty files by the end record',
    wheel: { files: FILES, zip: { end: { entries: 1_000_000 } } },
  },
  {
    code: 'WHEEL_LIMIT_ENTRIES',
    what: 'more empty files than the limit',
    wheel: withMore(...emptyFiles(100_000)),
  },
  {
    code: 'WHEEL_ZIP_COUNT',
    what: 'a hundred thousand empty files that the end record does not count',
    wheel: {
      ...withMore(...emptyFiles(100_000)),
      zip: { end: { entries: 10 } },
    },
  },
  {
    code: 'WHEEL_LIMIT_DIST_INFO',
    what: 'METADATA of 9 MiB',
    wheel: { distInfo: { METADATA: `Name: risk\nVersion: 1.0\n\n${' '.repeat(9 * MIB)}` } },
  },
];
