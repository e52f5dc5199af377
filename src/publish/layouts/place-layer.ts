import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { FileStatus, Store } from '../../store/store.ts';
import { attemptFenced } from '../attempt.ts';
import { compareFile } from '../compare-tree.ts';
import { layerPath, spareLayerPath } from '../layout.ts';
import type { LayerSource } from './layouts.ts';

export interface LayerToPlace {
  readonly store: Store;
  readonly attempt: string;
  /** Where the attempt has uploaded it, compared. */
  readonly staged: string;
  readonly source: LayerSource;
  readonly onNote: ((note: string) => void) | undefined;
}

/**
 * Gives an archive the name that follows from its bytes. Where that name holds other bytes, because somebody edited or
 * damaged what was there, it gets a name of this attempt's own: an older release may name what is there, and jobs that
 * run may be reading it.
 *
 * @returns its path; that of another publisher's equal archive, if that was faster
 * @throws PUBLISH_ATTEMPT_FENCED
 */
export async function placeLayer({ store, attempt, staged, source, onNote }: LayerToPlace): Promise<string> {
  const usual = layerPath(source.label, source.sha256);
  const spare = spareLayerPath(source.label, source.sha256, attempt);
  for (const path of [usual, spare]) {
    const result = await store.renameFile(staged, path);
    if (result === 'renamed' || (await compareFile(store, { ...source, path })) === undefined) return path;
    if (result === 'missing') throw attemptFenced(store, attempt);
    if (path === usual) {
      onNote?.(`${usual} is named after its content but holds other bytes; it stays as it is, and ${spare} is used`);
    }
  }
  throw layerGone(store, spare, source.size, undefined);
}

export function layerGone(store: Store, path: string, size: number, found: FileStatus | undefined): HdfsVenvError {
  const what = found === undefined ? 'is gone' : `has ${found.size} bytes instead of ${size}`;
  return new HdfsVenvError({
    code: 'PUBLISH_TREE_CHANGED',
    exit: 'conflict',
    message: `Cannot publish ${store.address}: the archive ${path} ${what}.`,
    hints: ['Somebody else wrote or removed there. Nothing was published; publish again.'],
  });
}
