import * as fc from 'fast-check';

/** Where things are in a valid archive: what a mutation can aim at. */
interface Layout {
  readonly directoryOffset: number;
  /** The central directory's end. */
  readonly directoryEnd: number;
  /** Offsets of each entry's two headers, in the directory's order. */
  readonly entries: readonly { readonly local: number; readonly central: number; readonly localLength: number }[];
}

/** A number of a header: where it is in the local header, in the central one, and its bytes. */
const FIELDS = [
  { local: 4, central: 6, bytes: 2 },
  { local: 6, central: 8, bytes: 2 },
  { local: 8, central: 10, bytes: 2 },
  { local: 10, central: 12, bytes: 4 },
  { local: 14, central: 16, bytes: 4 },
  { local: 18, central: 20, bytes: 4 },
  { local: 22, central: 24, bytes: 4 },
  { local: 26, central: 28, bytes: 2 },
  { local: 28, central: 30, bytes: 2 },
  { local: undefined, central: 4, bytes: 2 },
  { local: undefined, central: 32, bytes: 2 },
  { local: undefined, central: 34, bytes: 2 },
  { local: undefined, central: 36, bytes: 2 },
  { local: undefined, central: 38, bytes: 4 },
  { local: undefined, central: 42, bytes: 4 },
] as const;

/** Numbers of the records behind the directory, counted from the archive's end: offset and bytes. */
const END_FIELDS = [
  [18, 2],
  [16, 2],
  [14, 2],
  [12, 2],
  [10, 4],
  [6, 4],
  [2, 2],
  // with ZIP64: the locator, and its record
  [26, 4],
  [34, 8],
  [38, 4],
  [90, 8],
  [50, 8],
  [58, 8],
  [66, 8],
  [74, 8],
] as const;

type Mutation = (archive: Buffer) => Buffer;

/** Reads the layout by the end record at the very end; only for archives that are known to be valid. */
function layoutOf(archive: Buffer): Layout {
  const end = archive.length - 22;
  const isZip64 = archive.readUInt16LE(end + 10) === 0xffff;
  const directoryOffset = isZip64 ? Number(archive.readBigUInt64LE(end - 20 - 8)) : archive.readUInt32LE(end + 16);
  const directoryEnd = isZip64 ? end - 76 : end;
  const entries: { local: number; central: number; localLength: number }[] = [];
  for (let at = directoryOffset; at < directoryEnd;) {
    const [name, extra, comment] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field));
    const small = archive.readUInt32LE(at + 42);
    const local = small === 0xffffffff ? Number(archive.readBigUInt64LE(at + 46 + name! + 4 + 16)) : small;
    entries.push({ local, central: at, localLength: 0 });
    at += 46 + name! + extra! + comment!;
  }
  const starts = [...entries.map(({ local }) => local), directoryOffset].sort((left, right) => left - right);
  return {
    directoryOffset,
    directoryEnd,
    entries: entries.map((entry) => ({
      ...entry,
      localLength: starts.find((start) => start > entry.local)! - entry.local,
    })),
  };
}

function readNumber(archive: Buffer, at: number, bytes: number): bigint {
  return bytes === 8 ? archive.readBigUInt64LE(at) : BigInt(archive.readUIntLE(at, bytes));
}

function writeNumber(archive: Buffer, at: number, bytes: number, value: bigint): void {
  const cut = BigInt.asUintN(8 * bytes, value);
  if (bytes === 8) archive.writeBigUInt64LE(cut, at);
  else archive.writeUIntLE(Number(cut), at, bytes);
}

/** What a number becomes: ends of its range, its neighbours, one bit, anything. */
const change: fc.Arbitrary<(before: bigint, bytes: number) => bigint> = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, 8n, 20n, 64n, 0xffffn).map((value) => () => value),
  fc.constantFrom(0n, 1n, 2n).map((less) => (_before: bigint, bytes: number) => (1n << BigInt(8 * bytes)) - 1n - less),
  fc.constantFrom(-2n, -1n, 1n, 2n, 22n, 46n).map((more) => (before: bigint) => before + more),
  fc.nat(63).map((bit) => (before: bigint, bytes: number) => before ^ (1n << BigInt(bit % (8 * bytes)))),
  fc.bigInt(0n, 2n ** 64n - 1n).map((value) => () => value),
);

function copyOf(archive: Buffer, edit: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(archive);
  edit(copy);
  return copy;
}

/** Puts bytes in place of others; with `repair`, offsets are made right again, so that only the range itself is odd. */
function splice(archive: Buffer, at: number, removed: number, inserted: Buffer, repair: boolean): Buffer {
  const changed = Buffer.concat([archive.subarray(0, at), inserted, archive.subarray(at + removed)]);
  const end = changed.length - 22;
  const more = inserted.length - removed;
  const { directoryOffset, directoryEnd, entries } = layoutOf(archive);
  if (!repair || archive.readUInt16LE(archive.length - 12) === 0xffff || at + removed > directoryEnd) return changed;
  if (at >= directoryOffset) {
    changed.writeUInt32LE(Math.max(0, directoryEnd - directoryOffset + more), end + 12);
    return changed;
  }
  if (at + removed > directoryOffset) return changed;
  changed.writeUInt32LE(directoryOffset + more, end + 16);
  for (const { local, central } of entries) {
    const isMoved = local >= at && local > 0 && changed.readUInt32LE(central + more + 42) === local;
    if (isMoved) changed.writeUInt32LE(Math.max(0, local + more), central + more + 42);
  }
  return changed;
}

const at = (length: number, part: number): number => Math.min(length - 1, Math.floor(part * length));
const part = fc.double({ min: 0, max: 1, noNaN: true });
const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((one) => Buffer.from(one));

/** Mutations that need a valid archive to aim at. */
const aimed: fc.Arbitrary<Mutation> = fc.oneof(
  // one number of one header, or the same number of both
  fc.tuple(part, fc.constantFrom(...FIELDS), fc.constantFrom('local', 'central', 'both'), change).map(
    ([which, field, header, apply]): Mutation =>
      (archive) =>
        copyOf(archive, (copy) => {
          const { entries } = layoutOf(archive);
          const entry = entries[at(entries.length, which)]!;
          const places = [
            ...(header === 'central' || field.local === undefined ? [] : [entry.local + field.local]),
            ...(header === 'local' && field.local !== undefined ? [] : [entry.central + field.central]),
          ];
          const value = apply(readNumber(archive, places[0]!, field.bytes), field.bytes);
          for (const place of places) writeNumber(copy, place, field.bytes, value);
        }),
  ),
  // a number of the end records
  fc.tuple(fc.constantFrom(...END_FIELDS), change).map(
    ([[fromEnd, width], apply]): Mutation =>
      (archive) =>
        copyOf(archive, (copy) => {
          const place = archive.length - fromEnd;
          if (place >= 0) writeNumber(copy, place, width, apply(readNumber(archive, place, width), width));
        }),
  ),
  // a character of a name, in both headers
  fc.tuple(part, part, fc.constantFrom(...Buffer.from('/.\\:;a~ \0\n\x7f\xff', 'latin1'))).map(
    ([which, where, byte]): Mutation =>
      (archive) =>
        copyOf(archive, (copy) => {
          const { entries } = layoutOf(archive);
          const { local, central } = entries[at(entries.length, which)]!;
          const place = at(archive.readUInt16LE(central + 28), where);
          copy[local + 30 + place] = byte;
          copy[central + 46 + place] = byte;
        }),
  ),
  // two headers of the directory in each other's place; two entries' data in each other's place
  fc.tuple(part, part, fc.boolean()).map(([one, other, isCentral]): Mutation => (archive) => {
    const { entries, directoryEnd } = layoutOf(archive);
    const [first, second] = [entries[at(entries.length, one)]!, entries[at(entries.length, other)]!].sort(
      (left, right) => left.central - right.central,
    );
    if (first === second) return archive;
    const start = (entry: typeof first): number => (isCentral ? entry!.central : entry!.local);
    const length = (entry: typeof first): number => {
      const next = entries.find(({ central }) => central > entry!.central)?.central ?? directoryEnd;
      return isCentral ? next - entry!.central : entry!.localLength;
    };
    const [a, b] = start(first) < start(second) ? [first, second] : [second, first];
    return Buffer.concat([
      archive.subarray(0, start(a)),
      archive.subarray(start(b), start(b) + length(b)),
      archive.subarray(start(a) + length(a), start(b)),
      archive.subarray(start(a), start(a) + length(a)),
      archive.subarray(start(b) + length(b)),
    ]);
  }),
  // ranges that come, go, or come twice
  fc.tuple(part, bytes, fc.boolean()).map(
    ([where, inserted, repair]): Mutation =>
      (archive) =>
        splice(archive, at(archive.length, where), 0, inserted, repair),
  ),
  fc
    .tuple(part, fc.integer({ min: 1, max: 80 }), fc.boolean())
    .map(([where, length, repair]): Mutation => (archive) => {
      const start = at(archive.length, where);
      return splice(archive, start, Math.min(length, archive.length - start), Buffer.alloc(0), repair);
    }),
  fc
    .tuple(part, part, fc.integer({ min: 1, max: 200 }), fc.boolean())
    .map(([from, to, length, repair]): Mutation => (archive) => {
      const start = at(archive.length, from);
      return splice(archive, at(archive.length, to), 0, archive.subarray(start, start + length), repair);
    }),
);

/** Mutations of any bytes. */
const blind: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(part, fc.integer({ min: 1, max: 255 })).map(
    ([where, bits]): Mutation =>
      (archive) =>
        copyOf(archive, (copy) => {
          const place = at(archive.length, where);
          copy[place] = copy[place]! ^ bits;
        }),
  ),
  fc.tuple(part, bytes).map(
    ([where, other]): Mutation =>
      (archive) =>
        copyOf(archive, (copy) => other.copy(copy, at(archive.length, where))),
  ),
);

/** One mutation, or two. The second may find an archive that cannot be aimed at any more. */
export function mutation(): fc.Arbitrary<Mutation> {
  const one = fc.oneof({ weight: 3, arbitrary: aimed }, { weight: 1, arbitrary: blind });
  return fc.oneof(
    { weight: 3, arbitrary: one },
    {
      weight: 2,
      arbitrary: fc.tuple(one, one).map(([first, second]): Mutation => (archive) => {
        const changed = first(archive);
        try {
          return second(changed);
        } catch {
          return changed;
        }
      }),
    },
  );
}
