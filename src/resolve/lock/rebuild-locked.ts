import { pathToFileURL } from 'node:url';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { failureOf } from '../failure/all-blocked.ts';
import type { PipReport } from '../pip/pip-report.ts';
import { runDownload } from '../run-download.ts';
import { type LockContext, withCredentials, writeAccess } from './access.ts';
import type { LockedPackage, LockedSource } from './locked-package.ts';

/** A package of a lock that was built from its source. */
export type LockedBuild = LockedPackage & { readonly source: LockedSource };

export function isLockedBuild(locked: LockedPackage): locked is LockedBuild {
  return locked.source !== null;
}

/**
 * Builds the wheels of a lock again: of exactly the sources that it names, with the build requirements that it names. A wheel that this cache has
 * kept is not built. Every wheel is, byte for byte, the one of the lock.
 *
 * @param destination where the wheels are put
 * @throws HdfsVenvError `RESOLVE_BUILD_DIFFERS` (integrity) when what is built differs from the lock's wheel; `RESOLVE_HASH` (integrity) for
 * another source than the lock's; the codes of `failureOf`
 */
export async function rebuildLocked(
  packages: readonly LockedBuild[],
  destination: string,
  context: LockContext,
): Promise<void> {
  const { request, outcome } = await runDownload(
    {
      destination,
      files: [await writeAccess(context)],
      // the closure was proven when the lock was made
      withDependencies: false,
      requirements: packages.map(({ name, source }) => {
        return `${name} @ ${addressOf(source, context)}#sha256=${source.sha256}`;
      }),
      build: packages.map(({ name }) => name),
      tools: Object.fromEntries(packages.map(({ name, source }) => [name, source.tools])),
    },
    context,
  );
  if (outcome.report.status !== 0) throw await failureOf(outcome, request, context.target, { rules: context.rules });
  for (const locked of packages) checkSame(locked, outcome.report);
}

function addressOf({ url, path }: LockedSource, context: LockContext): string {
  return path === null ? withCredentials(url ?? '', context) : pathToFileURL(path).href;
}

function checkSame(locked: LockedBuild, { built }: PipReport): void {
  const again = built.find(({ name }) => name === locked.name);
  if (again?.wheel.file === locked.fileName && again.wheel.sha256 === locked.sha256) return;
  const wanted = `${locked.fileName} with sha256 ${locked.sha256}`;
  throw new HdfsVenvError({
    code: 'RESOLVE_BUILD_DIFFERS',
    exit: 'integrity',
    message: `Cannot build ${locked.source.fileName} again as it was locked: expected ${wanted}, got ${again?.wheel.file} with ${again?.wheel.sha256}`,
    hints: [
      `Its build depends on this machine or on Python ${again?.python}: renew the lock with \`hdfs-venv lock\`, or put the wheel itself into it by giving the .whl file as an argument.`,
    ],
  });
}
