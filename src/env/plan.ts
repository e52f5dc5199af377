import type { Wheel, WheelEntry } from '../wheel/open-wheel.ts';
import { quoteName } from '../wheel/wheel-error.ts';
import { conflictError } from './env-error.ts';
import { compareUtf8 } from './file-list.ts';
import { namespaceFiles } from './namespace-files.ts';
import { type Claim, settle } from './settle.ts';
import { destinationOf } from './spread.ts';
import { parentsOf, topLevelOf } from './tree-path.ts';

/** One file of the environment and where its bytes come from. */
export interface PlannedFile extends Claim {
  readonly mode: '644' | '755';
  readonly isScript: boolean;
}

export interface Plan {
  /** By path. */
  readonly files: ReadonlyMap<string, PlannedFile>;
  /** Files that no wheel brings, yet the tree needs: content by path, in directories that `files` has anyway. */
  readonly added: ReadonlyMap<string, Buffer>;
  /** Names that differ only in case: fine on HDFS, one file on some disks. */
  readonly caseClashes: readonly (readonly [string, string])[];
}

/** `sc.addFile` and the job's own command line carry these names without quoting. */
const TOP_LEVEL_NAME = /^[A-Za-z0-9._+-]+$/;
/** Run by every Python that has them on its path, before the job's own first line. */
const START_UP = /^(?:sitecustomize|usercustomize)(?:\.|$)/;
/** Lies beside the environment's files on driver and executors. */
const BOOTSTRAP = /^activate_env(?:\.|$)/;

/**
 * Lays out all wheels in one tree. Two wheels may bring one path when its bytes are equal, or when both only declare a
 * namespace package.
 *
 * @param pythonVersion full version of the target
 * @throws HdfsVenvError `ENV_DUPLICATE_DISTRIBUTION`, `ENV_CONFLICT`, `ENV_FILE_AND_DIRECTORY`, `ENV_TOP_LEVEL_NAME`,
 * `ENV_START_UP_FILE`, `ENV_RESERVED_NAME` (all conflict); the codes of `readWheelText`
 */
export async function planTree(wheels: readonly Wheel[], pythonVersion: string): Promise<Plan> {
  const sorted = [...wheels].sort((left, right) => compareUtf8(left.name, right.name));
  requireDistinctDistributions(sorted);
  const files = new Map<string, PlannedFile>();
  for (const wheel of sorted) {
    for (const entry of wheel.entries) {
      const file = planFile(wheel, entry, pythonVersion);
      const other = files.get(file.path);
      files.set(file.path, other === undefined ? file : await settleFiles(other, file));
    }
  }
  requireNoFileIsDirectory(files);
  requireUsableTopLevel(files);
  const added = namespaceFiles(sorted, files.keys(), pythonVersion);
  return { files, added, caseClashes: findCaseClashes(files) };
}

function planFile(wheel: Wheel, entry: WheelEntry, pythonVersion: string): PlannedFile {
  return { wheel, entry, ...destinationOf(wheel, entry, pythonVersion) };
}

async function settleFiles(first: PlannedFile, second: PlannedFile): Promise<PlannedFile> {
  const winner = await settle(first, second);
  const mode = first.mode === '755' || second.mode === '755' ? '755' : '644';
  return { ...first, ...winner, mode };
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

function requireNoFileIsDirectory(files: ReadonlyMap<string, PlannedFile>): void {
  for (const file of files.values()) {
    for (const parent of parentsOf(file.path)) {
      const other = files.get(parent);
      if (other === undefined) continue;
      throw conflictError(
        'ENV_FILE_AND_DIRECTORY',
        `${quoteName(parent)} is a file in ${other.wheel.fileName.fileName} and a directory in ${file.wheel.fileName.fileName}`,
      );
    }
  }
}

function requireUsableTopLevel(files: ReadonlyMap<string, PlannedFile>): void {
  for (const { path, wheel } of files.values()) {
    const name = topLevelOf(path);
    const from = `${wheel.fileName.fileName} brings ${quoteName(name)} at the top`;
    if (!TOP_LEVEL_NAME.test(name)) {
      throw conflictError('ENV_TOP_LEVEL_NAME', `${from}; Spark's addFile takes letters, digits and ._+- there`);
    }
    if (START_UP.test(name)) {
      throw conflictError('ENV_START_UP_FILE', `${from}, which would run at the start of every Python that sees it`);
    }
    if (BOOTSTRAP.test(name)) {
      throw conflictError('ENV_RESERVED_NAME', `${from}, which is the name of the environment's own bootstrap`);
    }
  }
}

function findCaseClashes(files: ReadonlyMap<string, PlannedFile>): [string, string][] {
  const byFolded = new Map<string, string>();
  const clashes: [string, string][] = [];
  for (const path of files.keys()) {
    const other = byFolded.get(path.toLowerCase());
    if (other === undefined) byFolded.set(path.toLowerCase(), path);
    else clashes.push([other, path]);
  }
  for (const path of files.keys()) {
    for (const parent of parentsOf(path)) {
      const file = byFolded.get(parent.toLowerCase());
      if (file !== undefined) clashes.push([file, path]);
    }
  }
  return clashes;
}
