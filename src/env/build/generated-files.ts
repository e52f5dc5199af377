import { writeFileSync } from 'node:fs';
import { ContentDigester } from '../../digest/content-digest.ts';
import type { Wheel } from '../../wheel/open-wheel.ts';
import { renderInstalledRecord } from './installed-record.ts';
import { localPath } from '../local-path.ts';
import type { Plan } from '../plan/plan.ts';
import type { UnpackedFile } from '../unpack/unpack.ts';

/**
 * Writes what no wheel brings as it stands: the files that the plan adds, and every RECORD that is not true of the tree.
 *
 * @param tree on the local disk; all wheels are unpacked in it. Undefined to describe these files and write none
 * @param unpacked by path; receives what is written
 */
export function writeGenerated(
  tree: string | undefined,
  { plan, wheels, pythonVersion }: { plan: Plan; wheels: readonly Wheel[]; pythonVersion: string },
  unpacked: Map<string, UnpackedFile>,
): void {
  const write = (path: string, bytes: Buffer): void => {
    if (tree !== undefined) writeFileSync(localPath(tree, path), bytes);
    const digester = new ContentDigester();
    digester.update(bytes);
    unpacked.set(path, { path, ...digester.finish() });
  };
  for (const [path, bytes] of plan.added) write(path, bytes);
  for (const wheel of wheels) {
    const record = renderInstalledRecord(wheel, pythonVersion, unpacked);
    if (record !== undefined) write(`${wheel.directories.distInfo}/RECORD`, record);
  }
}
