import type { Package } from '../manifest.ts';
import type { ElfReading } from '../../wheel/elf.ts';

/** One distribution whose files can be looked at: in a built tree, or in a wheel. */
export interface Distribution extends Pick<Package, 'name' | 'version' | 'wheel' | 'licence'> {
  /** `risk_app-1.0.dist-info` */
  readonly distInfo: string;
  readonly files: readonly DistributionFile[];
  /** @param path one of `files` @returns undefined when it is too large for a text that somebody reads */
  readText(path: string): string | undefined;
  /** @param path one of `files` */
  readElf(path: string): Promise<ElfReading>;
}

export interface DistributionFile {
  /** In the tree; POSIX. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly executable: boolean;
}

/** Texts that are reported on are a few kilobytes long; a line of a `.pth` may be long, but not like this. */
export const MAX_TEXT_BYTES: number = 2 ** 20;

/** One of dist-info's files; empty when there is none. */
export function readDistInfo(distribution: Distribution, name: string): string {
  const path = `${distribution.distInfo}/${name}`;
  return distribution.files.some((file) => file.path === path) ? (distribution.readText(path) ?? '') : '';
}
