import { resolve } from 'node:path';
import { z } from 'zod';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { normaliseName } from '../../wheel/wheel-name.ts';
import type { LockedPackage } from './locked-package.ts';
import type { Pylock } from './pylock.ts';

/** Of a package that was built from its source: the wheel that came of it. */
const builtSchema = z.object({
  'hdfs-venv': z.object({
    built: z.object({ name: z.string(), size: z.number(), sha256: z.string(), tools: z.array(z.string()).default([]) }),
  }),
});

/**
 * Reads the packages of a lock of ours, as `renderPylock` has written them.
 *
 * @param directory absolute, where the lock lies: paths of local files count from it
 * @throws HdfsVenvError `RESOLVE_LOCK_FORMAT` (usage) when an entry was edited into something else
 */
export function packagesOfLock(lock: Pylock, directory: string, lockName: string): LockedPackage[] {
  return lock.packages.map((entry) => {
    const built = builtSchema.safeParse(entry.tool).data?.['hdfs-venv'].built;
    const file = built === undefined ? entry.wheels[0] : entry.sdist;
    const sha256 = file?.hashes['sha256'];
    const fileName = file?.name;
    if (file === undefined || sha256 === undefined || fileName === undefined || entry.version === undefined) {
      throw new HdfsVenvError({
        code: 'RESOLVE_LOCK_FORMAT',
        exit: 'usage',
        message: `Cannot read ${lockName}: ${entry.name} has no wheel with name, version and sha256`,
        hints: ['Make it anew: `hdfs-venv lock`.'],
      });
    }
    const source = {
      fileName,
      sha256,
      url: file.url ?? null,
      path: file.path === undefined ? null : resolve(directory, file.path),
    };
    return {
      name: normaliseName(entry.name),
      version: entry.version,
      index: entry.index ?? null,
      requiresPython: entry['requires-python'] ?? null,
      dependencies: entry.dependencies.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
      ...(built === undefined
        ? { ...source, size: file.size ?? 0, source: null }
        : {
            fileName: built.name,
            sha256: built.sha256,
            size: built.size,
            url: null,
            path: null,
            source: { ...source, tools: built.tools },
          }),
    };
  });
}
