import { type Rules, STRICT } from '../../wheel/rules.ts';
import type { Wheel } from '../../wheel/open-wheel.ts';
import { quoteName } from '../../wheel/wheel-error.ts';
import { normaliseName } from '../../wheel/wheel-name.ts';
import { conflictError } from '../env-error.ts';
import { compareUtf8 } from '../file-list.ts';
import { namespaceFiles } from './namespace-files.ts';
import { type Claim, settle } from './settle.ts';
import { destinationOf } from './spread.ts';
import { checkTopLevel } from './top-level.ts';
import { parentsOf, topLevelOf } from '../tree-path.ts';
import { findTwins, type Twins } from './twin-names.ts';

/** One file of the environment and where its bytes come from. */
export type PlannedFile = Claim;

export interface Plan {
  /** By path. */
  readonly files: ReadonlyMap<string, PlannedFile>;
  /** Files that no wheel brings, yet the tree needs: content by path, in directories that `files` has anyway. */
  readonly added: ReadonlyMap<string, Buffer>;
  /** Names that HDFS tells apart, and some disks do not. */
  readonly twins: readonly Twins[];
  /** Lines for the user about what is odd and stops nothing. */
  readonly notes: readonly string[];
}

/**
 * Lays out all wheels in one tree. Two wheels may bring one path when its bytes are equal, when both only declare a
 * namespace package, or when the user allowed one of them to win. The order of the wheels makes no difference.
 *
 * @param pythonVersion full version of the target
 * @throws HdfsVenvError `ENV_DUPLICATE_DISTRIBUTION`, `ENV_DIST_INFO`, `ENV_FILE_AND_DIRECTORY` (all conflict); the codes of `settle`,
 * `checkTopLevel`, `readWheelText`
 */
export async function planTree(wheels: readonly Wheel[], pythonVersion: string, rules: Rules = STRICT): Promise<Plan> {
  const { allowances } = rules;
  const sorted = [...wheels].sort((left, right) => compareUtf8(left.name, right.name));
  requireDistinctDistributions(sorted);
  const claims = collectClaims(sorted, pythonVersion);
  for (const claim of [...claims.values()].flat()) requireOwnDistInfo(claim);
  const files = new Map<string, PlannedFile>();
  const bringers = new Map<string, readonly Claim[]>();
  for (const [path, some] of claims) {
    const { file, equal } = await settle(some, allowances);
    files.set(path, file);
    bringers.set(path, equal);
  }
  requireNoFileIsDirectory(files);
  const added = namespaceFiles(sorted, files.keys(), pythonVersion);
  const notes = checkTopLevel({ claims: bringers, added: added.keys(), pythonVersion, allowances });
  return { files, added, twins: findTwins([...files.keys(), ...added.keys()]), notes };
}

/** @returns by path, those of one path in the order of the wheels */
function collectClaims(wheels: readonly Wheel[], pythonVersion: string): Map<string, [Claim, ...Claim[]]> {
  const claims = new Map<string, [Claim, ...Claim[]]>();
  for (const wheel of wheels) {
    for (const entry of wheel.entries) {
      const claim = { wheel, entry, ...destinationOf(wheel, entry, pythonVersion) };
      const others = claims.get(claim.path);
      if (others === undefined) claims.set(claim.path, [claim]);
      else others.push(claim);
    }
  }
  return claims;
}

function requireDistinctDistributions(sorted: readonly Wheel[]): void {
  for (const [index, wheel] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next?.name !== wheel.name) continue;
    throw conflictError(
      'ENV_DUPLICATE_DISTRIBUTION',
      `${wheel.fileName.fileName} and ${next.fileName.fileName} are the same distribution`,
      ['Leave one of them out.'],
    );
  }
}

/**
 * A dist-info directory says what is installed: it belongs to one wheel, which brings it as a whole and not by `.data`, where
 * nobody has compared it with the wheel's name. Python finds it whatever its case.
 */
function requireOwnDistInfo({ wheel, entry, path }: Claim): void {
  const top = topLevelOf(path);
  const [, name, kind] = /^(.*?)(?:-.*)?\.(dist|egg)-info$/i.exec(top) ?? [];
  if (name === undefined || (top === wheel.directories.distInfo && entry.path === path)) return;
  // what setuptools leaves beside the sources gets into wheels by mistake; it says nothing new of its own package
  if (kind?.toLowerCase() === 'egg' && normaliseName(name) === wheel.name) return;
  throw conflictError(
    'ENV_DIST_INFO',
    `${wheel.fileName.fileName} brings ${quoteName(path)} as ${quoteName(entry.path)}; metadata of a distribution comes in the wheel of that distribution, in ${quoteName(wheel.directories.distInfo)}`,
    ['Leave the package out, and tell its authors.'],
  );
}

function requireNoFileIsDirectory(files: ReadonlyMap<string, PlannedFile>): void {
  for (const file of files.values()) {
    for (const parent of parentsOf(file.path)) {
      const other = files.get(parent);
      if (other === undefined) continue;
      const names = [other, file].map(({ wheel }) => wheel.fileName.fileName);
      const is = `${quoteName(parent)} is a file in ${names[0]} and a directory in ${names[1]}`;
      throw conflictError('ENV_FILE_AND_DIRECTORY', other.wheel === file.wheel ? `${is} as well` : is);
    }
  }
}
