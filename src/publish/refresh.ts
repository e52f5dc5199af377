import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { Store } from '../store/store.ts';

/**
 * Tells whoever cleans up by age that somebody counts on something that was there already. Before the last look at it:
 * what is removed in between is then missed before the commit. Files of another member of a team cannot be refreshed.
 */
export async function refresh(store: Store, path: string): Promise<void> {
  try {
    await store.touch(path);
  } catch (error) {
    if (!(error instanceof HdfsVenvError && error.code === 'STORE_PERMISSION')) throw error;
  }
}
