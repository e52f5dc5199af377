import { sha256OfFile } from '../digest/sha256-of-file.ts';
import type { Package } from './manifest.ts';
import { wheelsPath } from './manifest-path.ts';

/** The path of a wheel that the build has kept, with all its bytes; undefined when it has not. */
export async function keptWheel(
  directory: string,
  { wheel, sha256 }: Pick<Package, 'wheel' | 'sha256'>,
): Promise<string | undefined> {
  const path = wheelsPath(directory, wheel);
  const actual = await sha256OfFile(path).catch(() => undefined);
  return actual === sha256 ? path : undefined;
}
