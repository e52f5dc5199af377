import { glibcOfTags, machineOfTags, type Origin, originOf } from '../../wheel/system-libraries.ts';
import type { ElfFile, ElfReading } from '../../wheel/elf.ts';

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

/** A file that needs a newer glibc than there is, or than its wheel's tag admits. Versions: 17 stands for 2.17. */
export interface GlibcNeed extends Place {
  readonly needs: number;
  readonly has: number;
}

/** A file for another machine. */
export interface MachineNeed extends Place {
  readonly machine: string;
  readonly expected: string;
}

export interface NativeReport {
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
  const brought = new Set(files.flatMap(namesOf));
  const needs = new Map<string, { library: string; origin: Exclude<Origin, 'system'>; neededBy: Place[] }>();
  const glibc: GlibcNeed[] = [];
  const machines: MachineNeed[] = [];
  const unreadable: (Place & { reason: string })[] = [];
  for (const { package: name, path, tags, elf } of files) {
    const place = { package: name, path };
    const expected = machineOfTags(target ?? tags);
    if (elf.kind === 'not-readable') {
      unreadable.push({ ...place, reason: elf.reason });
    } else if (expected !== undefined && elf.machine !== expected) {
      machines.push({ ...place, machine: elf.machine, expected });
    } else if (elf.kind === 'elf') {
      const has = target === undefined ? glibcOfTags(tags, Math.min) : glibcOfTags(target, Math.max);
      if (has !== undefined && elf.glibc !== undefined && !isEnough(elf, has)) {
        glibc.push({ ...place, needs: elf.glibc, has });
      }
      const system = { glibc: has, isMusl: tags.some((tag) => tag.startsWith('musllinux')) };
      for (const library of elf.needed) {
        if (brought.has(library)) continue;
        const origin = originOf(library, system);
        if (origin === 'system') continue;
        const need = needs.get(library) ?? { library, origin, neededBy: [] };
        need.neededBy.push(place);
        needs.set(library, need);
      }
    }
  }
  return { libraries: [...needs.values()], glibc, machines, unreadable };
}

/** Under which names others may need it: that of the file and the one inside, wherever in the set it lies. */
function namesOf({ path, elf }: NativeFile): string[] {
  const soname = elf.kind === 'elf' ? elf.soname : undefined;
  return [path.slice(path.lastIndexOf('/') + 1), ...(soname === undefined ? [] : [soname])];
}

/** On aarch64 glibc 2.17 has a few symbols that are marked 2.18, and the policy for it admits them. */
function isEnough(elf: ElfFile, has: number): boolean {
  return (elf.glibc ?? 0) <= (elf.machine === 'aarch64' && has === 17 ? 18 : has);
}
