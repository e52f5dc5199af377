import { type DynamicFacts, readDynamicSection } from './elf-dynamic.ts';
import { ElfPages, type ReadRange, UnreadableElf } from './elf-pages.ts';
import { DYNAMIC, LOAD, type Segment } from './elf-segment.ts';

/** A program or library that a target might load. */
export interface ElfFile extends DynamicFacts {
  readonly kind: 'elf';
  readonly machine: 'x86_64' | 'aarch64';
}

export type ElfReading =
  | ElfFile
  /** For a machine that is no target: `x86 (32-bit)`, `ppc64le`. */
  | { readonly kind: 'other-machine'; readonly machine: string }
  | { readonly kind: 'not-elf' }
  /** Cut short, or its tables lead out of it: no loader would take it either. */
  | { readonly kind: 'not-readable'; readonly reason: string };

const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;
/** Linkers write about ten. */
const MAX_SEGMENTS = 1024;

/** `e_machine` of the ELF specification, for messages. */
const MACHINES: ReadonlyMap<number, string> = new Map([
  [3, 'x86'],
  [8, 'mips'],
  [20, 'ppc'],
  [21, 'ppc64'],
  [22, 's390'],
  [40, 'arm'],
  [62, 'x86_64'],
  [183, 'aarch64'],
  [243, 'riscv'],
  [258, 'loongarch'],
]);

/**
 * Reads what an ELF file (System V ABI; symbol versions as glibc and binutils write them) needs from its surroundings.
 * Reads a few pages of it, at most 4 MiB, and does a bounded number of steps, whatever the file says of itself.
 *
 * @param read fewer bytes than asked for where the file ends; what it throws passes through
 */
export function readElf(read: ReadRange): ElfReading {
  const pages = new ElfPages(read);
  try {
    const ident = pages.upTo(0, HEADER_BYTES);
    if (!ident.subarray(0, MAGIC.length).equals(MAGIC)) return { kind: 'not-elf' };
    return readFile(pages);
  } catch (error) {
    if (error instanceof UnreadableElf) return { kind: 'not-readable', reason: error.message };
    throw error;
  }
}

function readFile(pages: ElfPages): ElfReading {
  const ident = pages.bytes(0, 20);
  const [isWide, isLittle] = [ident[4] === 2, ident[5] === 1];
  const number = isLittle ? ident.readUInt16LE(18) : ident.readUInt16BE(18);
  const machine = MACHINES.get(number) ?? `machine ${number}`;
  if (!isWide || !isLittle || (machine !== 'x86_64' && machine !== 'aarch64')) {
    return { kind: 'other-machine', machine: describeMachine(machine, isWide, isLittle) };
  }
  const segments = readSegments(pages);
  return { kind: 'elf', machine, ...readDynamicSection(pages, segments) };
}

function describeMachine(machine: string, isWide: boolean, isLittle: boolean): string {
  if (machine === 'ppc64' && isLittle) return 'ppc64le';
  if (machine === 's390' && isWide) return 's390x';
  const isUnusual = machine === 'x86_64' || machine === 'aarch64';
  return isWide ? `${machine}${isUnusual ? ' (big-endian)' : ''}` : `${machine} (32-bit)`;
}

/** Those that are loaded, and the one with the dynamic section. */
function readSegments(pages: ElfPages): Segment[] {
  const header = pages.bytes(0, HEADER_BYTES);
  const count = header.readUInt16LE(56);
  const entryBytes = header.readUInt16LE(54);
  if (count === 0) return [];
  if (entryBytes !== SEGMENT_BYTES) throw new UnreadableElf(`its program headers have ${entryBytes} bytes each`);
  if (count > MAX_SEGMENTS) throw new UnreadableElf(`it has ${count} program headers`);
  const table = pages.bytes(pages.number(header, 32), count * SEGMENT_BYTES);
  return Array.from({ length: count }, (_, index) => table.subarray(index * SEGMENT_BYTES))
    .filter((row) => [LOAD, DYNAMIC].includes(row.readUInt32LE(0)))
    .map((row) => ({
      type: row.readUInt32LE(0),
      offset: pages.number(row, 8),
      address: pages.number(row, 16),
      size: pages.number(row, 32),
    }));
}
