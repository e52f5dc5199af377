import { findMachine, type Machine } from './machine.ts';

/** The C library that a system's programs are linked with, of which only the second half of the version ever changes. */
export interface CLibrary {
  readonly name: 'glibc' | 'musl';
  /** 17 stands for glibc 2.17, 2 for musl 1.2. */
  readonly minor: number;
}

export const LIBRARY_MAJOR: Readonly<Record<CLibrary['name'], number>> = { glibc: 2, musl: 1 };

/** One platform tag of Linux, read. */
export interface PlatformTag {
  readonly machine: Machine;
  /** null for `linux_x86_64`, which promises nothing. */
  readonly library: CLibrary | null;
}

/** Names that were in use before PEP 600 put glibc's version into the tag. */
const LEGACY_NAMES: ReadonlyMap<number, string> = new Map([
  [17, 'manylinux2014'],
  [12, 'manylinux2010'],
  [5, 'manylinux1'],
]);

/** The oldest glibc that a policy exists for: nothing older was ever built for aarch64 than 2.17. */
export const OLDEST_GLIBC: Readonly<Record<Machine, number>> = { x86_64: 5, aarch64: 17 };

/** Reads `manylinux_2_17_x86_64`, `manylinux2014_aarch64`, `musllinux_1_2_x86_64`, `linux_x86_64`; undefined for all else. */
export function readPlatformTag(tag: string): PlatformTag | undefined {
  const [, family = '', version, end = ''] =
    /^(linux|musllinux_1|manylinux_2|manylinux(?:1|2010|2014))(?:_(\d{1,2}))?_(x86_64|aarch64)$/.exec(tag) ?? [];
  const machine = findMachine(end);
  if (machine === undefined) return undefined;
  const legacy = [...LEGACY_NAMES].find(([, name]) => name === family)?.[0];
  const isVersioned = family === 'musllinux_1' || family === 'manylinux_2';
  if (isVersioned !== (version !== undefined)) return undefined;
  if (family === 'linux') return { machine, library: null };
  if (family === 'musllinux_1') return { machine, library: { name: 'musl', minor: Number(version) } };
  const minor = legacy ?? Number(version);
  return minor < OLDEST_GLIBC[machine] ? undefined : { machine, library: { name: 'glibc', minor } };
}

/**
 * Every platform tag that such a system runs, most specific first, in the order of `packaging.tags`: PEP 600 for glibc with
 * the aliases of PEPs 513, 571 and 599, PEP 656 for musl, `linux_*` at the end.
 */
export function platformTags({ machine, library }: PlatformTag): string[] {
  const plain = `linux_${machine}`;
  if (library === null) return [plain];
  if (library.name === 'musl') return [...downFrom(library.minor, 0).map((v) => `musllinux_1_${v}_${machine}`), plain];
  const tags = downFrom(library.minor, OLDEST_GLIBC[machine]).flatMap((version) => {
    const legacy = LEGACY_NAMES.get(version);
    return [`manylinux_2_${version}_${machine}`, ...(legacy === undefined ? [] : [`${legacy}_${machine}`])];
  });
  return [...tags, plain];
}

function downFrom(first: number, last: number): number[] {
  return Array.from({ length: first - last + 1 }, (_, index) => first - index);
}
