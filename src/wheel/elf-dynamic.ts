import { type ElfPages, UnreadableElf } from './elf-pages.ts';
import { DYNAMIC, LOAD, type Segment } from './elf-segment.ts';

/** What the dynamic section says. */
export interface DynamicFacts {
  /** Libraries that must be found, `libgomp.so.1`, in the order of the file (DT_NEEDED). */
  readonly needed: readonly string[];
  /** The name under which others need it (DT_SONAME). */
  readonly soname: string | undefined;
  /** Where it looks for libraries first (DT_RUNPATH, else DT_RPATH): `$ORIGIN/../numpy.libs`. */
  readonly searchPath: readonly string[];
  /** The newest glibc whose symbols it needs: 17 stands for 2.17. Undefined when it needs none. */
  readonly glibc: number | undefined;
}

/** `d_tag` values (System V ABI, and the GNU extensions for symbol versions). */
const TAGS = { end: 0, needed: 1, strings: 5, soname: 14, rpath: 15, runpath: 29, versions: 0x6ffffffe } as const;

const KNOWN_TAGS: ReadonlySet<bigint> = new Set(Object.values(TAGS).map(BigInt));

const ENTRY_BYTES = 16;
/** The largest libraries have about forty entries, and need about fifty versions of ten libraries. */
const MAX_ENTRIES = 4096;
const MAX_STEPS = 4096;
/** A missing version of this kind is only a warning of the loader's (VER_FLG_WEAK). */
const WEAK = 2;

/**
 * Reads names and symbol versions from the dynamic section. A file without one needs nothing.
 *
 * @throws UnreadableElf when a table leads out of the file, or does not end
 */
export function readDynamicSection(pages: ElfPages, segments: readonly Segment[]): DynamicFacts {
  const section = segments.find(({ type }) => type === DYNAMIC);
  if (section === undefined) return { needed: [], soname: undefined, searchPath: [], glibc: undefined };
  const entries = readEntries(pages, section);
  const all = (tag: number): number[] => entries.filter((entry) => entry.tag === tag).map(({ value }) => value);
  const [strings] = all(TAGS.strings);
  const name = (index: number): string => {
    if (strings === undefined) throw new UnreadableElf('its dynamic section has no table of names');
    return pages.string(offsetOf(segments, strings) + index);
  };
  // the loader ignores RPATH where there is a RUNPATH
  const [searchPath] = [...all(TAGS.runpath), ...all(TAGS.rpath)].map(name);
  const [versions] = all(TAGS.versions);
  return {
    needed: all(TAGS.needed).map(name),
    soname: all(TAGS.soname).map(name)[0],
    searchPath: searchPath?.split(':').filter((directory) => directory !== '') ?? [],
    glibc: versions === undefined ? undefined : newestGlibc(pages, offsetOf(segments, versions), name),
  };
}

function readEntries(pages: ElfPages, section: Segment): { tag: number; value: number }[] {
  const entries: { tag: number; value: number }[] = [];
  const count = Math.min(MAX_ENTRIES, Math.floor(section.size / ENTRY_BYTES));
  for (let index = 0; index < count; index++) {
    const entry = pages.bytes(section.offset + index * ENTRY_BYTES, ENTRY_BYTES);
    const tag = entry.readBigUInt64LE(0);
    if (tag === BigInt(TAGS.end)) return entries;
    if (!KNOWN_TAGS.has(tag)) continue;
    entries.push({ tag: Number(tag), value: pages.number(entry, 8) });
  }
  if (section.size >= MAX_ENTRIES * ENTRY_BYTES) throw new UnreadableElf('its dynamic section does not end');
  return entries;
}

/** Where in the file an address of memory is. */
function offsetOf(segments: readonly Segment[], address: number): number {
  const home = segments.find((one) => one.type === LOAD && one.address <= address && address < one.address + one.size);
  if (home === undefined) throw new UnreadableElf(`no segment holds address ${address}, which its tables name`);
  return home.offset + address - home.address;
}

/**
 * Walks the versions that the file needs of each library (`Elf64_Verneed`, `Elf64_Vernaux`: 16 bytes each, chained by
 * offsets that only lead forward).
 */
function newestGlibc(pages: ElfPages, start: number, name: (index: number) => string): number | undefined {
  let newest: number | undefined;
  let steps = 0;
  const row = (at: number): Buffer => {
    steps += 1;
    if (steps > MAX_STEPS) throw new UnreadableElf('its symbol versions do not end');
    return pages.bytes(at, 16);
  };
  for (let at = start, next = -1; next !== 0; at += next) {
    const library = row(at);
    let versionAt = at + library.readUInt32LE(8);
    for (let left = library.readUInt16LE(2); left > 0; left--) {
      const version = row(versionAt);
      const isWeak = (version.readUInt16LE(4) & WEAK) !== 0;
      const glibc = isWeak ? undefined : glibcOf(name(version.readUInt32LE(8)));
      if (glibc !== undefined) newest = Math.max(glibc, newest ?? 0);
      const offset = version.readUInt32LE(12);
      if (offset === 0) break;
      versionAt += offset;
    }
    next = library.readUInt32LE(12);
  }
  return newest;
}

/** `GLIBC_2.17` → 17, `GLIBC_2.2.5` → 2. Relative relocations in short form came with glibc 2.36 and have a name of their own. */
function glibcOf(version: string): number | undefined {
  if (version === 'GLIBC_ABI_DT_RELR') return 36;
  const [, minor] = /^GLIBC_2\.(\d{1,3})(?:\.\d{1,3})?$/.exec(version) ?? [];
  return minor === undefined ? undefined : Number(minor);
}
