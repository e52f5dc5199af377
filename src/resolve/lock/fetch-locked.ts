import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { explainFailure } from '../failure/explain-failure.ts';
import { unreadWheelError } from '../failure/unread-wheel.ts';
import { findLocalFile, localDirectories } from '../pip/local-files.ts';
import { runDownload } from '../run-download.ts';
import { sha256OfFile } from '../../digest/sha256-of-file.ts';
import { cachedWheel, keepWheel, wheelPath } from '../wheel-cache.ts';
import { type LockContext, withCredentials, writeAccess } from './access.ts';
import type { LockedPackage } from './locked-package.ts';
import { isLockedBuild, rebuildLocked } from './rebuild-locked.ts';

/** Wheels that are hashed at once: the disk is read while another one is digested. */
const READERS = 4;

export interface FetchOptions extends LockContext {
  /** For messages. */
  readonly lockName: string;
}

/**
 * Gets exactly the files of a lock: from the cache, else from directories of `--find-links`, else from where the lock says that they are. Every byte is hashed, of
 * cached files, too; one that the disk has damaged is got again.
 *
 * @returns absolute paths in the cache
 * @throws HdfsVenvError `RESOLVE_HASH` (integrity) when a file is not the one of the lock; `RESOLVE_LOCK_FILE` (usage) when a local one is
 * gone, or `--no-index` rules the network out; the codes of `unreadWheelError`, `explainFailure` and `rebuildLocked`
 */
export async function fetchLocked(packages: readonly LockedPackage[], options: FetchOptions): Promise<string[]> {
  const { cacheDirectory, scratch } = options;
  const limit = pLimit(READERS);
  const cached = await limit.map(packages, ({ sha256, fileName }) => cachedWheel(sha256, fileName, cacheDirectory));
  const missing = packages.filter((_, index) => cached[index] === undefined);
  const toGet = missing.length === 0 ? '' : `, ${missing.length} of them to get`;
  options.onEvent({
    type: 'notice',
    text: `${options.lockName} fits: ${packages.length} package${packages.length === 1 ? '' : 's'}${toGet}`,
  });
  const destination = join(scratch, 'locked');
  await mkdir(destination);
  const remote: LockedPackage[] = [];
  for (const locked of missing.filter(({ url, source }) => url !== null && source === null)) {
    const local = await findLocalFile(locked, options);
    if (local === undefined) remote.push(locked);
    else await copyLocal(local, join(destination, locked.fileName));
  }
  if (remote.length > 0 && options.index.noIndex) throw notAmongLocal(remote, options);
  if (remote.length > 0) await download(remote, destination, options);
  const builds = missing.filter(isLockedBuild);
  if (builds.length > 0) await rebuildLocked(builds, destination, options);
  for (const { fileName, path } of missing) if (path !== null) await copyLocal(path, join(destination, fileName));
  for (const locked of missing) await keepExpected(locked, destination, cacheDirectory);
  return packages.map(({ sha256, fileName }) => wheelPath(sha256, fileName, cacheDirectory));
}

async function download(packages: readonly LockedPackage[], destination: string, options: FetchOptions): Promise<void> {
  const { outcome } = await runDownload(
    {
      destination,
      files: [await writeAccess(options)],
      // pip itself compares the digest, and the closure was proven when the lock was made
      withDependencies: false,
      requirements: packages.map(
        ({ name, url, sha256 }) => `${name} @ ${withCredentials(url ?? '', options)}#sha256=${sha256}`,
      ),
    },
    options,
  );
  if (outcome.report.status !== 0) throw unreadWheelError(outcome, options.rules) ?? explainFailure(outcome);
}

function notAmongLocal(packages: readonly LockedPackage[], { lockName, ...places }: FetchOptions): HdfsVenvError {
  const directories = localDirectories(places);
  const where = directories.length === 0 ? 'there is no --find-links' : `not in ${directories.join(', ')}`;
  return new HdfsVenvError({
    code: 'RESOLVE_LOCK_FILE',
    exit: 'usage',
    message: `Cannot get ${packages.map(({ fileName }) => fileName).join(', ')} of ${lockName}: ${where}, and --no-index rules the network out`,
    hints: ['Put exactly these files into a directory of --find-links, or leave --no-index out.'],
  });
}

async function copyLocal(path: string, destination: string): Promise<void> {
  await copyFile(path, destination).catch((cause: unknown) => {
    throw new HdfsVenvError({
      code: 'RESOLVE_LOCK_FILE',
      exit: 'usage',
      message: `Cannot get ${path}, which the lock names: ${cause instanceof Error ? cause.message : ''}`,
      hints: ['Put the file there, or renew the lock with `hdfs-venv lock`.'],
      cause,
    });
  });
}

async function keepExpected(locked: LockedPackage, directory: string, cacheDirectory: string): Promise<void> {
  const { fileName, sha256, url, path } = locked;
  const actual = await sha256OfFile(join(directory, fileName));
  if (actual !== sha256) {
    throw new HdfsVenvError({
      code: 'RESOLVE_HASH',
      exit: 'integrity',
      message: `Cannot trust ${path ?? url ?? fileName}: the lock says sha256 ${sha256}, it has ${actual}`,
      hints: ['Somebody replaced the file. If that was meant, renew the lock with `hdfs-venv lock`.'],
    });
  }
  await keepWheel(directory, fileName, cacheDirectory);
}
