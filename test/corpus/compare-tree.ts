import type { TreeFile } from './oracle.ts';

export type Tree = Readonly<Record<string, TreeFile>>;

/** What decides where the two trees may differ. */
export interface TreeFacts {
  readonly distInfo: string;
  /** Paths in the tree of what the wheel has in `.data/scripts`. */
  readonly ownScripts: ReadonlySet<string>;
  /** Names in entry_points.txt for which an installer makes programs. */
  readonly entryPoints: readonly string[];
  /** `__init__.py` that a build adds for Python 2 to find parts of a namespace. */
  readonly namespaceFiles: ReadonlySet<string>;
  /** The interpreter that pip runs on. */
  readonly python: string;
  /** `3.11`, of that interpreter. */
  readonly pythonVersion: string;
}

/** Differences that are meant, each looked for where it belongs and nowhere else. */
export const MEANT = {
  installer: 'pip leaves its name in INSTALLER',
  record: 'pip writes RECORD anew; that ours is true of the tree is a comparison of its own',
  recordMode: 'pip makes its RECORD no program, as some archives do with all they hold',
  program: 'pip makes a program for an entry point, with an interpreter of this machine',
  firstLine: "pip puts its own interpreter into a script's first line, we /usr/bin/env",
  namespace: 'for Python 2, a build adds __init__.py to a namespace package',
} as const;

export interface Difference {
  readonly path: string;
  readonly problem: string;
  /** Undefined when it is not meant. */
  readonly meant: keyof typeof MEANT | undefined;
}

/** Compares the tree of a build with the one that pip lays out from the same wheel: paths, bytes, x bits. */
export function treeDifferences(ours: Tree, pips: Tree, facts: TreeFacts): Difference[] {
  const paths = new Set([...Object.keys(ours), ...Object.keys(pips)]);
  return [...paths].flatMap((path) => {
    const [our, their] = [ours[path], pips[path]];
    const only = our === undefined || their === undefined ? meantAsOnlyOne(path, our, facts) : undefined;
    if (our === undefined) return { path, problem: "only in pip's tree", meant: only };
    if (their === undefined) return { path, problem: 'only in our tree', meant: only };
    return [...byteDifferences(path, our, their, facts), ...modeDifferences(path, our, their, facts)];
  });
}

function meantAsOnlyOne(path: string, ours: TreeFile | undefined, facts: TreeFacts): Difference['meant'] {
  if (ours === undefined) {
    if (path === `${facts.distInfo}/INSTALLER`) return 'installer';
    return programsOf(facts).has(path) ? 'program' : undefined;
  }
  return facts.namespaceFiles.has(path) ? 'namespace' : undefined;
}

/** pip names its own program, and that of old setuptools, after the version of the Python that it runs on. */
function programsOf({ entryPoints, pythonVersion }: TreeFacts): Set<string> {
  const versioned = new Map([
    ['pip', ['pip', `pip${pythonVersion.split('.')[0]}`, `pip${pythonVersion}`]],
    ['easy_install', ['easy_install', `easy_install-${pythonVersion}`]],
  ]);
  return new Set(entryPoints.flatMap((name) => (versioned.get(name) ?? [name]).map((one) => `bin/${one}`)));
}

function byteDifferences(path: string, ours: TreeFile, pips: TreeFile, facts: TreeFacts): Difference[] {
  if (ours.sha256 === pips.sha256) return [];
  const problem = `other bytes, sha256 ${ours.sha256} in ours and ${pips.sha256} in pip's`;
  return [{ path, problem, meant: meantAsOtherBytes(path, ours, pips, facts) }];
}

function meantAsOtherBytes(path: string, ours: TreeFile, pips: TreeFile, facts: TreeFacts): Difference['meant'] {
  if (path === `${facts.distInfo}/INSTALLER`) return 'installer';
  if (path === `${facts.distInfo}/RECORD`) return 'record';
  if (!facts.ownScripts.has(path)) return undefined;
  const haveOwnFirstLines = ours.firstLine === '#!/usr/bin/env python\n' && pips.firstLine === `#!${facts.python}\n`;
  return haveOwnFirstLines && ours.rest === pips.rest ? 'firstLine' : undefined;
}

function modeDifferences(path: string, ours: TreeFile, pips: TreeFile, { distInfo }: TreeFacts): Difference[] {
  if (ours.executable === pips.executable) return [];
  const problem = ours.executable ? 'executable in our tree only' : "executable in pip's tree only";
  return [{ path, problem, meant: ours.executable && path === `${distInfo}/RECORD` ? 'recordMode' : undefined }];
}

/**
 * Whether a RECORD is true of the tree it lies in: every file named, nothing else, every hash right. What a build adds for
 * Python 2 is no wheel's, and so in no RECORD.
 *
 * @param record `sha256=…` by path
 */
export function recordDifferences(
  tree: Tree,
  record: Readonly<Record<string, string>>,
  { distInfo, namespaceFiles }: Pick<TreeFacts, 'distInfo' | 'namespaceFiles'>,
): Difference[] {
  const isUnhashed = (path: string): boolean => /^RECORD(?:\.jws|\.p7s)?$/.test(path.slice(distInfo.length + 1));
  const differences: Difference[] = [];
  const add = (path: string, problem: string): unknown => differences.push({ path, problem, meant: undefined });
  for (const [path, { sha256 }] of Object.entries(tree)) {
    if (namespaceFiles.has(path)) continue;
    const said = record[path];
    if (said === undefined) add(path, 'RECORD does not name it');
    else if (!isUnhashed(path) && !isHash(said, sha256)) add(path, `RECORD says "${said}", its sha256 is ${sha256}`);
  }
  for (const path of Object.keys(record)) {
    if (!Object.hasOwn(tree, path)) add(path, 'RECORD names it, and it is not there');
  }
  return differences;
}

/** A stronger hash than sha256 is none that the tree was asked for; it has been compared when the wheel was read. */
function isHash(said: string, sha256: string): boolean {
  const [algorithm = '', digest = ''] = said.split(/=(.*)/s);
  if (algorithm === 'sha384' || algorithm === 'sha512') return true;
  return algorithm === 'sha256' && Buffer.from(digest, 'base64url').toString('hex') === sha256;
}
