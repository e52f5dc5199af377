import { claimedSystem, type ClaimedSystem } from '../../wheel/claimed-system.ts';
import type { ElfFile, ElfReading } from '../../wheel/elf.ts';
import { type Origin, originOf } from '../../wheel/system-libraries.ts';
import { compareUtf8 } from '../file-list.ts';

/** A file that a loader takes, or would refuse. */
export interface NativeFile {
  /** The distribution's name. */
  readonly package: string;
  readonly path: string;
  /** Platform tags of its wheel. */
  readonly tags: readonly string[];
  readonly elf: Exclude<ElfReading, { kind: 'not-elf' }>;
}

interface Place {
  readonly package: string;
  readonly path: string;
}

/** A library that neither a wheel of the set brings, nor every system has. */
export interface LibraryNeed {
  readonly library: string;
  readonly origin: Exclude<Origin, 'system'>;
  readonly neededBy: readonly Place[];
}

/** A file that needs a newer glibc than there is, or than its wheel's tag admits. */
export interface GlibcNeed extends Place {
  /** `2.34` */
  readonly needs: string;
  /** That of the target; where no target is known, of the oldest system that the wheel's tags name. */
  readonly has: string;
}

/** A file for another machine. */
export interface MachineNeed extends Place {
  readonly machine: string;
  readonly expected: string;
}

export interface NativeReport {
  /** What `glibc` and `machines` are compared with: the target, or each wheel's own tags. */
  readonly comparedWith: 'target' | 'tags';
  readonly libraries: readonly LibraryNeed[];
  readonly glibc: readonly GlibcNeed[];
  readonly machines: readonly MachineNeed[];
  /** No loader takes them: cut short, or damaged before they were packed. */
  readonly unreadable: readonly (Place & { readonly reason: string })[];
}

/**
 * What a set of wheels needs besides itself and Python.
 *
 * @param target platform tags of the target; undefined when it is not known: then each wheel is taken by its own tags
 */
export function reportNative(files: readonly NativeFile[], target: readonly string[] | undefined): NativeReport {
  const machines: MachineNeed[] = [];
  const unreadable: (Place & { reason: string })[] = [];
  const usable: UsableFile[] = [];
  for (const { package: name, path, tags, elf } of files) {
    const place = { package: name, path };
    const claimed = claimedSystem(tags, Math.min);
    const system = target === undefined ? claimed : { ...claimedSystem(target, Math.max), isMusl: claimed.isMusl };
    const { machine: expected } = system;
    if (elf.kind === 'not-readable') unreadable.push({ ...place, reason: elf.reason });
    else if (expected !== undefined && elf.machine !== expected)
      machines.push({ ...place, machine: elf.machine, expected });
    else if (elf.kind === 'elf') usable.push({ ...place, elf, system });
  }
  return {
    comparedWith: target === undefined ? 'tags' : 'target',
    libraries: librariesNeeded(usable),
    glibc: usable.flatMap(glibcNeeded),
    machines,
    unreadable,
  };
}

/** A file that the machine can run. */
interface UsableFile extends Place {
  readonly elf: ElfFile;
  /** What it may expect. */
  readonly system: ClaimedSystem;
}

function librariesNeeded(files: readonly UsableFile[]): LibraryNeed[] {
  const brought = new Set(files.flatMap(namesOf));
  const needs = new Map<string, LibraryNeed & { neededBy: Place[] }>();
  for (const { package: name, path, elf, system } of files) {
    for (const library of elf.needed.filter((one) => !brought.has(one))) {
      const origin = originOf(library, system);
      if (origin === 'system') continue;
      const need = needs.get(library) ?? { library, origin, neededBy: [] };
      need.neededBy.push({ package: name, path });
      needs.set(library, need);
    }
  }
  return [...needs.values()].sort((left, right) => compareUtf8(left.library, right.library));
}

/** Under which names others may need it: that of the file and the one inside, wherever in the set it lies. */
function namesOf({ path, elf }: UsableFile): string[] {
  return [path.slice(path.lastIndexOf('/') + 1), ...(elf.soname === undefined ? [] : [elf.soname])];
}

function glibcNeeded({ package: name, path, elf, system: { glibc } }: UsableFile): GlibcNeed[] {
  if (glibc === undefined || elf.glibc === undefined) return [];
  // On aarch64 glibc 2.17 has a few symbols that are marked 2.18, and the policy for it admits them.
  const newest = elf.machine === 'aarch64' && glibc === 17 ? 18 : glibc;
  if (elf.glibc <= newest) return [];
  return [{ package: name, path, needs: glibcVersion(elf.glibc), has: glibcVersion(glibc) }];
}

/** 17 → `2.17` */
export function glibcVersion(minor: number): string {
  return `2.${minor}`;
}
