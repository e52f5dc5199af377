import { readFileSync } from 'node:fs';
import { parseCsv } from '../../wheel/csv.ts';
import { normaliseName } from '../../wheel/wheel-name.ts';
import { openEntry } from '../entry.ts';
import type { FileEntry, Manifest } from '../manifest.ts';
import { treePath } from '../manifest-path.ts';
import { topLevelOf } from '../tree-path.ts';
import { type Distribution, type DistributionFile, MAX_TEXT_BYTES } from './distribution.ts';
import { readElfFile } from './read-elf-file.ts';

/** What a build's directory holds, by distribution. */
export interface BuiltDistributions {
  readonly distributions: readonly Distribution[];
  /** Files that no distribution brings, because the build added them. */
  readonly added: readonly string[];
}

/**
 * Looks at what a build made. Which file is whose is read from the RECORDs, which a build leaves true of the tree.
 *
 * @throws HdfsVenvError `ENV_FILE_MISSING` when the tree is not the one of the manifest any more; errors of the file
 * system as they come
 */
export function builtDistributions(directory: string, manifest: Manifest): BuiltDistributions {
  const files = new Map(manifest.files.map((file) => [file.path, file]));
  const records = manifest.files.filter(({ path }) => /^[^/]+\.dist-info\/RECORD$/.test(path));
  const owned = new Set<string>();
  const distributions = manifest.packages.map((one) => {
    const record = records.find(({ path }) => distributionName(topLevelOf(path)) === one.name);
    const own = record === undefined ? [] : recordedFiles(readText(directory, record.path) ?? '', files);
    for (const { path } of own) owned.add(path);
    const distInfo = topLevelOf(record?.path ?? '');
    return toDistribution(directory, { ...one, distInfo, files: own });
  });
  const isAdded = ({ path }: FileEntry): boolean => !owned.has(path) && path.endsWith('/__init__.py');
  return { distributions, added: manifest.files.filter(isAdded).map(({ path }) => path) };
}

/** `ruamel.yaml-0.17.dist-info` → `ruamel-yaml` */
function distributionName(distInfo: string): string {
  return normaliseName(distInfo.slice(0, distInfo.lastIndexOf('-', distInfo.length - '.dist-info'.length)));
}

function recordedFiles(record: string, files: ReadonlyMap<string, FileEntry>): DistributionFile[] {
  const entries = (parseCsv(record) ?? []).flatMap(([path = '']) => files.get(path) ?? []);
  return entries.map(({ path, size, mode }) => ({ path, size, executable: mode === '755' }));
}

function toDistribution(directory: string, facts: Omit<Distribution, 'readText' | 'readElf'>): Distribution {
  return {
    ...facts,
    readText: (path) => readText(directory, path),
    readElf(path) {
      openEntry(directory, path);
      return Promise.resolve(readElfFile(treePath(directory, path)));
    },
  };
}

/** As it is now; a RECORD grows with its package. */
function readText(directory: string, path: string): string | undefined {
  const isTooLarge = openEntry(directory, path).size > MAX_TEXT_BYTES && !path.endsWith('/RECORD');
  return isTooLarge ? undefined : readFileSync(treePath(directory, path), 'utf8');
}
