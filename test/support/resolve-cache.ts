import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findHostPython } from '../../src/resolve/pip/host-python.ts';
import { NO_INDEX_OPTIONS } from '../../src/resolve/pip/index-options.ts';
import { providePip } from '../../src/resolve/pip/private-pip.ts';
import { parseTarget } from '../../src/target/target.ts';
import { cacheDirectory } from './cache.ts';
import { scratchDirectory } from './scratch.ts';

/**
 * A fresh cache for `resolveWheels` with the pinned pips in it. They come from the package index of this machine once,
 * and from the shared cache ever after; so call this before an environment is stubbed that hides the index.
 */
export async function freshResolveCache(python?: string): Promise<{ readonly path: string; remove(): void }> {
  const shared = cacheDirectory('resolve');
  const host = await findHostPython(python);
  for (const version of ['3.8', '3.7']) {
    const target = parseTarget({ python: version, platform: ['rhel7'] });
    await providePip(target, { python: host, cacheDirectory: shared, index: NO_INDEX_OPTIONS, onEvent: () => {} });
  }
  const scratch = scratchDirectory('resolve');
  symlinkSync(join(shared, 'pip'), join(scratch.path, 'pip'));
  return scratch;
}
