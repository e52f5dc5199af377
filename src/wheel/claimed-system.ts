import { type PlatformTag, readPlatformTag } from '../target/platform-tag.ts';
import type { Machine } from '../target/machine.ts';

/** The system that platform tags stand for, as far as they say. */
export interface ClaimedSystem {
  /** Undefined for `any`, and for machines that are no target. */
  readonly machine: Machine | undefined;
  /** 17 stands for glibc 2.17; undefined when no tag says it, as `linux_x86_64`. */
  readonly glibc: number | undefined;
  readonly isMusl: boolean;
}

/**
 * @param tags platform tags: of a target, or of a wheel
 * @param choose of several glibc versions, the newest that a target runs (`Math.max`) or the oldest that a wheel claims to
 * run on (`Math.min`)
 */
export function claimedSystem(tags: readonly string[], choose: (...values: number[]) => number): ClaimedSystem {
  const read = tags.map(readPlatformTag).filter((tag) => tag !== undefined);
  const versions = read.flatMap(({ library }) => (library?.name === 'glibc' ? library.minor : []));
  return {
    machine: read[0]?.machine,
    glibc: versions.length === 0 ? undefined : choose(...versions),
    isMusl: read.some(isMusl),
  };
}

function isMusl({ library }: PlatformTag): boolean {
  return library?.name === 'musl';
}
