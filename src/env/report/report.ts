import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EntryPoint, isScript, parseEntryPoints } from '../../wheel/entry-points.ts';
import { parseWheelName } from '../../wheel/wheel-name.ts';
import type { Package } from '../manifest.ts';
import { type Distribution, type DistributionFile, readDistInfo } from './distribution.ts';
import { type NamespaceReport, reportNamespaces } from './namespaces.ts';
import { glibcVersion, type NativeFile, type NativeReport, reportNative } from './native.ts';
import { type PathFile, readPathFile } from './path-files.ts';

export interface PackageReport extends Pick<Package, 'name' | 'version' | 'wheel' | 'licence'> {
  /** `cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64` */
  readonly tags: string;
  readonly fileCount: number;
  readonly byteCount: number;
  /** Programs and libraries in machine code. */
  readonly binaryCount: number;
  /** The newest glibc that one of them needs, `2.17`; null when none does. */
  readonly glibc: string | null;
  /** What pip would write into `bin/`, and a build does not: the first line would name this machine's interpreter. */
  readonly scripts: readonly Omit<EntryPoint, 'group'>[];
  readonly pathFiles: readonly PathFile[];
}

/** What a set of distributions needs, and what of it a Spark job does not get. */
export interface Report extends NativeReport {
  readonly packages: readonly PackageReport[];
  readonly namespaces: readonly NamespaceReport[];
}

export interface ReportOptions {
  readonly distributions: readonly Distribution[];
  /** Files that the build wrote. */
  readonly added: readonly string[];
  /** Platform tags of the target; undefined when it is not known. */
  readonly target: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks at metadata, and at a few pages of each binary. Blocks for one file at a time.
 *
 * @throws HdfsVenvError what `readText` and `readElf` of the distributions throw; the signal's reason
 */
export async function report({ distributions, added, target, signal }: ReportOptions): Promise<Report> {
  const native: NativeFile[] = [];
  const packages: PackageReport[] = [];
  for (const distribution of distributions) {
    const own = await nativeFiles(distribution, signal);
    native.push(...own);
    packages.push(describe(distribution, own));
  }
  return { packages, namespaces: reportNamespaces(distributions, added), ...reportNative(native, target) };
}

function describe(distribution: Distribution, native: readonly NativeFile[]): PackageReport {
  const { name, version, wheel, licence, files } = distribution;
  const { pythonTags, abiTags, platformTags } = parseWheelName(wheel);
  const glibc = native.reduce(
    (newest, { elf }) => Math.max(newest, (elf.kind === 'elf' ? elf.glibc : undefined) ?? -1),
    -1,
  );
  return {
    name,
    version,
    wheel,
    licence,
    tags: [pythonTags, abiTags, platformTags].map((tags) => tags.join('.')).join('-'),
    fileCount: files.length,
    byteCount: files.reduce((sum, { size }) => sum + size, 0),
    binaryCount: native.length,
    glibc: glibc === -1 ? null : glibcVersion(glibc),
    scripts: parseEntryPoints(readDistInfo(distribution, 'entry_points.txt'))
      .filter(isScript)
      .map(({ name: script, target }) => ({ name: script, target })),
    pathFiles: files
      .filter(({ path }) => path.endsWith('.pth') && !path.includes('/'))
      .map(({ path }) => readPathFile(path, distribution.readText(path))),
  };
}

async function nativeFiles(distribution: Distribution, signal: AbortSignal | undefined): Promise<NativeFile[]> {
  const { platformTags } = parseWheelName(distribution.wheel);
  const found: NativeFile[] = [];
  for (const file of distribution.files.filter(mayBeNative)) {
    // a signal is heard only between turns
    await nextTurn();
    signal?.throwIfAborted();
    const elf = await distribution.readElf(file.path);
    if (elf.kind !== 'not-elf') found.push({ package: distribution.name, path: file.path, tags: platformTags, elf });
  }
  return found;
}

/** Libraries by their name, programs by their mode. Looking into every file would open thousands for nothing. */
function mayBeNative({ path, executable }: DistributionFile): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /\.so(?:\.|$)/.test(name) || (executable && !name.includes('.'));
}
