import { sha256OfFile } from '../../digest/sha256-of-file.ts';
import type { Wheel } from '../../wheel/open-wheel.ts';
import { STRICT } from '../../wheel/rules.ts';
import type { BuildOptions } from './build-options.ts';
import { compareUtf8, digestOfFileList } from '../file-list.ts';
import type { FileEntry, LayerFacts, Manifest, Package } from '../manifest.ts';
import type { BuildFacts } from './reuse.ts';
import { topLevelOf } from '../tree-path.ts';
import type { UnpackedFile } from '../unpack/unpack.ts';

type BuildInputs = Pick<BuildOptions, 'tool' | 'layout' | 'target' | 'inputs' | 'provided' | 'rules'>;

/** What is known before anything is unpacked. Wheels are read once more, for their sha256. */
export async function describeBuild(
  wheels: readonly Wheel[],
  { tool, layout = 'tree', target, inputs, provided, rules = STRICT }: BuildInputs,
): Promise<BuildFacts> {
  const packages: Package[] = [];
  for (const wheel of [...wheels].sort((left, right) => compareUtf8(left.name, right.name))) {
    const { name, version, fileName, metadata } = wheel;
    packages.push({
      name,
      version,
      wheel: fileName.fileName,
      sha256: await sha256OfFile(wheel.path),
      licence: metadata.licence,
    });
  }
  return {
    tool,
    layout,
    target: { python: target.python, abi: target.abi, platforms: [...target.platforms], profile: target.profile },
    inputs: { requirements: [...inputs.requirements], digest: inputs.digest },
    packages,
    provided: provided.map(({ name, version, requirements }) => ({ name, version, requirements: [...requirements] })),
    allowed: rules.allowances.list.filter((one) => wheels.some(({ name }) => name === one.package)),
  };
}

/** The manifest of what was unpacked: files and top-level entries in order of UTF-8 bytes. */
export function describeEnvironment(
  planned: ReadonlyMap<string, { readonly mode: FileEntry['mode'] }>,
  unpacked: ReadonlyMap<string, UnpackedFile>,
  facts: BuildFacts,
  layers: readonly LayerFacts[] = [],
): Manifest {
  const files = [...unpacked.values()]
    .sort((left, right) => compareUtf8(left.path, right.path))
    .map(({ path, size, sha256, hdfsChecksum }): FileEntry => {
      return { path, size, sha256, mode: planned.get(path)?.mode ?? '644', hdfsChecksum };
    });
  const topLevel = new Map<string, 'file' | 'directory'>();
  for (const { path } of files) topLevel.set(topLevelOf(path), path.includes('/') ? 'directory' : 'file');
  return {
    schemaVersion: 1,
    tool: facts.tool,
    layout: facts.layout,
    layers: layers.map(({ label, size, sha256, hdfsChecksum }) => ({ label, size, sha256, hdfsChecksum })),
    digest: digestOfFileList(files),
    target: facts.target,
    inputs: facts.inputs,
    packages: facts.packages,
    provided: facts.provided,
    allowed: facts.allowed,
    topLevel: [...topLevel]
      .map(([name, type]) => ({ name, type }))
      .sort((left, right) => compareUtf8(left.name, right.name)),
    files,
  };
}
