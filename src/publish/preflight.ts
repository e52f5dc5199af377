import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { Store } from '../store/store.ts';
import { OWN_NAMES } from './layout.ts';
import { readCurrentRelease } from './releases.ts';

/**
 * Refuses to publish into something that is not an environment: a file, a directory that holds other things, or one that
 * everybody may write to. Empty and missing directories are fine, and so is what an interrupted first attempt left.
 * Nothing is ever deleted here.
 *
 * @throws PUBLISH_NOT_A_DIRECTORY, PUBLISH_DIRECTORY_NOT_OURS, PUBLISH_SHARED_WRITABLE
 */
export async function refuseForeignDirectory(store: Store): Promise<void> {
  const root = await store.stat('');
  if (root === undefined) return;
  if (root.type === 'file') {
    throw new HdfsVenvError({
      code: 'PUBLISH_NOT_A_DIRECTORY',
      exit: 'conflict',
      message: `Cannot publish to ${store.address}: a file of ${root.size} bytes stands there, and an environment is a directory.`,
      hints: ['Choose another address.'],
    });
  }
  if ((root.mode & 0o002) !== 0) {
    throw new HdfsVenvError({
      code: 'PUBLISH_SHARED_WRITABLE',
      exit: 'permission',
      message: `Cannot publish to ${store.address}: everybody may write there (mode ${root.mode.toString(8)}), so anybody could change what jobs import, and every job would refuse it.`,
      hints: ['Take that right away (hdfs dfs -chmod o-w PATH), or choose another directory.'],
    });
  }
  const foreign = ((await store.list('')) ?? []).map((entry) => entry.name).filter((name) => !OWN_NAMES.has(name));
  if (foreign.length === 0) return;
  if ((await readCurrentRelease(store)) !== undefined) return;
  const shown = foreign.slice(0, 5).join(', ');
  throw new HdfsVenvError({
    code: 'PUBLISH_DIRECTORY_NOT_OURS',
    exit: 'conflict',
    message: `Cannot publish to ${store.address}: the directory holds something else (${shown}${foreign.length > 5 ? ', …' : ''}) and no release.`,
    hints: [`Choose a directory of the environment's own, for example ${store.address}/my-env`],
  });
}
