import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildEnvironment } from '../../src/env/build/build-environment.ts';
import { NAMESPACE_DECLARATION, parseNamespacePackages } from '../../src/env/plan/namespace-files.ts';
import { ArchiveFile } from '../../src/wheel/archive-file.ts';
import { readEntry } from '../../src/wheel/entry-content.ts';
import { openWheel, type Wheel } from '../../src/wheel/open-wheel.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { type Difference, recordDifferences, treeDifferences, type TreeFacts } from './compare-tree.ts';
import type { Oracle } from './oracle.ts';
import type { CorpusWheel } from './wheels.ts';

/** Every file of the archive as we read it: sha256 by name. @throws HdfsVenvError what `openWheel` and `readEntry` refuse */
export async function readArchive(path: string): Promise<Record<string, string>> {
  const { entries } = openWheel(path);
  const file = new ArchiveFile(path);
  try {
    const found: Record<string, string> = {};
    for (const entry of entries) found[entry.path] = (await readEntry(file, entry, () => {})).sha256;
    return found;
  } finally {
    file.close();
  }
}

/**
 * Lays a wheel out twice, by a build of ours and by pip.
 *
 * @returns the meant differences as well
 * @throws HdfsVenvError what our build refuses; Error what pip refuses
 */
export async function layOutDifferences({ path, python }: CorpusWheel, oracle: Oracle): Promise<Difference[]> {
  const scratch = scratchDirectory('corpus');
  try {
    const [directory, pips] = [join(scratch.path, 'ours'), join(scratch.path, 'pips')];
    const ours = join(directory, 'venv');
    mkdirSync(pips);
    await buildEnvironment({
      wheels: [path],
      directory,
      target: { python, abi: 'none', platforms: ['manylinux_2_28_x86_64'], profile: null },
      inputs: { requirements: [path], digest: '0'.repeat(64) },
      provided: [],
      tool: 'hdfs-venv 0.0.0',
      workers: 0,
    });
    const wheel = openWheel(path);
    const headers = `include/site/python${majorMinor(python)}/${wheel.fileName.distribution}`;
    await oracle.install(path, pips, wheel.fileName.distribution, headers);
    const facts = await factsOf(wheel, { ours, python, oracle });
    const tree = await oracle.tree(ours);
    return [
      ...treeDifferences(tree, await oracle.tree(pips), facts),
      ...recordDifferences(tree, await oracle.record(ours, facts.distInfo), facts),
    ];
  } finally {
    scratch.remove();
  }
}

async function factsOf(
  wheel: Wheel,
  { ours, python, oracle }: { ours: string; python: string; oracle: Oracle },
): Promise<TreeFacts> {
  const { distInfo, data } = wheel.directories;
  const scripts = wheel.entries.filter(({ path }) => path.startsWith(`${data}/scripts/`));
  const inTree = (path: string): string => `bin/${path.slice(`${data}/scripts/`.length)}`;
  return {
    distInfo,
    ownScripts: new Set(scripts.map(({ path }) => inTree(path))),
    entryPoints: await oracle.scripts(ours, distInfo),
    namespaceFiles: new Set(python.startsWith('2.') ? addedFiles(ours, distInfo) : []),
    python: oracle.python,
    pythonVersion: oracle.version,
  };
}

/** What a build may add for Python 2, where it has added just that. */
function addedFiles(tree: string, distInfo: string): string[] {
  const list = join(tree, distInfo, 'namespace_packages.txt');
  const names = existsSync(list) ? parseNamespacePackages(readFileSync(list, 'utf8')) : [];
  return names
    .map((name) => `${name.replaceAll('.', '/')}/__init__.py`)
    .filter((path) => existsSync(join(tree, path)) && readFileSync(join(tree, path)).equals(NAMESPACE_DECLARATION));
}

function majorMinor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
