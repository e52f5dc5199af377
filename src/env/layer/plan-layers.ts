import { ArchiveFile } from '../../wheel/archive-file.ts';
import { readEntry } from '../../wheel/entry-content.ts';
import type { Wheel } from '../../wheel/open-wheel.ts';
import { renderInstalledRecord } from '../build/installed-record.ts';
import { compareUtf8 } from '../file-list.ts';
import type { Plan, PlannedFile } from '../plan/plan.ts';
import { rewriteShebang } from '../unpack/shebang.ts';
import type { UnpackedFile } from '../unpack/unpack.ts';
import type { LayerFile } from './layer.ts';
import type { LayerRequest } from './write-layer.ts';

/** A plan, and the opened wheels that it is of. */
export interface PlannedWheels {
  readonly wheels: readonly Wheel[];
  readonly plan: Plan;
}

/**
 * Which files stand in which layer: those of a wheel in its own, as they are in the environment, and what two wheels bring in
 * the winner's only.
 *
 * @param python full version of the target
 * @param described size and sha256 of every file of the environment, by path
 * @returns by name of the package; what no wheel brings comes last
 * @throws HdfsVenvError the codes of `readEntry`
 */
export async function planLayers(
  { wheels, plan }: PlannedWheels,
  python: string,
  described: ReadonlyMap<string, UnpackedFile>,
): Promise<LayerRequest[]> {
  const requests: LayerRequest[] = [];
  for (const wheel of wheels.toSorted((left, right) => compareUtf8(left.name, right.name))) {
    const label = labelOf(`${wheel.name}-${wheel.version}`);
    requests.push({ label, wheel: wheel.path, files: await filesOf(wheel, plan, python, described) });
  }
  if (plan.added.size > 0) {
    const files = [...plan.added].map(([path, content]): LayerFile => ({ path, mode: '644', content }));
    requests.push({ label: 'added', wheel: undefined, files });
  }
  return requests;
}

/** The wheel's own files in the plan, in order of their paths. */
async function filesOf(
  wheel: Wheel,
  plan: Plan,
  python: string,
  described: ReadonlyMap<string, UnpackedFile>,
): Promise<LayerFile[]> {
  const recordPath = `${wheel.directories.distInfo}/RECORD`;
  const record = renderInstalledRecord(wheel, python, described);
  const own = [...plan.files.values()].filter((file) => file.wheel === wheel);
  const files: LayerFile[] = [];
  for (const file of own.sort((left, right) => compareUtf8(left.path, right.path))) {
    const generated = file.path === recordPath ? record : file.isScript ? await readScript(file) : undefined;
    files.push({ path: file.path, mode: file.mode, content: generated ?? file.entry });
  }
  return files;
}

/** A script whose first line was rewritten; undefined for one that stayed as it was. */
async function readScript({ wheel, entry }: PlannedFile): Promise<Buffer | undefined> {
  const archive = new ArchiveFile(wheel.path);
  try {
    const chunks: Buffer[] = [];
    await readEntry(archive, entry, (chunk) => chunks.push(chunk));
    const bytes = Buffer.concat(chunks);
    const rewritten = rewriteShebang(bytes);
    return rewritten === bytes ? undefined : rewritten;
  } finally {
    archive.close();
  }
}

/** Spark's addFile and all stores take these characters in a name. */
function labelOf(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._+-]/g, '_');
}
