export interface ElfOptions {
  /** `e_machine`; 62 is x86_64, 183 aarch64. */
  readonly machine?: number;
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** Versions needed by library: `{ 'libc.so.6': ['GLIBC_2.17'] }`. */
  readonly versions?: Readonly<Record<string, readonly string[]>>;
  /** Those of `versions` that may be missing. */
  readonly weak?: readonly string[];
}

const HEADER = 64;
const SEGMENT = 56;
/** Where the file lies in memory, so that an address is never an offset by chance. */
const BASE = 0x40_0000;

/** The smallest shared library (System V ABI, 64 bits, little-endian) that says these things; it holds no code. */
export function makeElf(options: ElfOptions = {}): Buffer {
  const strings = new StringTable();
  const dynamic: [tag: number, value: number][] = [
    ...(options.needed ?? []).map((name): [number, number] => [1, strings.add(name)]),
    ...named(14, options.soname, strings),
    ...named(15, options.rpath, strings),
    ...named(29, options.runpath, strings),
  ];
  const versions = versionTable(options, strings);
  const stringsAt = HEADER + 2 * SEGMENT;
  const text = strings.bytes();
  const versionsAt = align(stringsAt + text.length);
  const dynamicAt = align(versionsAt + versions.length);
  dynamic.push([5, BASE + stringsAt], [10, text.length]);
  if (versions.length > 0) dynamic.push([0x6ffffffe, BASE + versionsAt], [0x6fffffff, 1]);
  dynamic.push([0, 0]);

  const file = Buffer.alloc(dynamicAt + dynamic.length * 16);
  file.write('\x7fELF', 'latin1');
  file.set([2, 1, 1], 4);
  file.writeUInt16LE(3, 16);
  file.writeUInt16LE(options.machine ?? 62, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(HEADER), 32);
  file.writeUInt16LE(HEADER, 52);
  file.writeUInt16LE(SEGMENT, 54);
  file.writeUInt16LE(2, 56);
  writeSegment(file, HEADER, 1, 0, file.length);
  writeSegment(file, HEADER + SEGMENT, 2, dynamicAt, dynamic.length * 16);
  text.copy(file, stringsAt);
  versions.copy(file, versionsAt);
  for (const [index, [tag, value]] of dynamic.entries()) {
    file.writeBigUInt64LE(BigInt(tag), dynamicAt + index * 16);
    file.writeBigUInt64LE(BigInt(value), dynamicAt + index * 16 + 8);
  }
  return file;
}

class StringTable {
  #text = '\0';

  add(name: string): number {
    const at = Buffer.byteLength(this.#text);
    this.#text += `${name}\0`;
    return at;
  }

  bytes(): Buffer {
    return Buffer.from(this.#text);
  }
}

function named(tag: number, name: string | undefined, strings: StringTable): [number, number][] {
  return name === undefined ? [] : [[tag, strings.add(name)]];
}

function versionTable({ versions = {}, weak = [] }: ElfOptions, strings: StringTable): Buffer {
  const libraries = Object.entries(versions);
  const parts = libraries.map(([library, names], index) => {
    const part = Buffer.alloc(16 * (1 + names.length));
    part.writeUInt16LE(1, 0);
    part.writeUInt16LE(names.length, 2);
    part.writeUInt32LE(strings.add(library), 4);
    part.writeUInt32LE(16, 8);
    part.writeUInt32LE(index === libraries.length - 1 ? 0 : part.length, 12);
    for (const [row, name] of names.entries()) {
      const at = 16 * (1 + row);
      part.writeUInt16LE(weak.includes(name) ? 2 : 0, at + 4);
      part.writeUInt32LE(strings.add(name), at + 8);
      part.writeUInt32LE(row === names.length - 1 ? 0 : 16, at + 12);
    }
    return part;
  });
  return Buffer.concat(parts);
}

function writeSegment(file: Buffer, at: number, type: number, offset: number, size: number): void {
  file.writeUInt32LE(type, at);
  file.writeBigUInt64LE(BigInt(offset), at + 8);
  file.writeBigUInt64LE(BigInt(BASE + offset), at + 16);
  file.writeBigUInt64LE(BigInt(size), at + 32);
  file.writeBigUInt64LE(BigInt(size), at + 40);
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
