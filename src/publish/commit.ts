import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { Store } from '../store/store.ts';
import { bytesContent } from './content.ts';
import { incomingPath, releasePath } from './layout.ts';
import type { Release } from './release.ts';
import { type NumberedRelease, readCurrentRelease, readReleases, releaseNumbers } from './releases.ts';
import { bytesUpload, uploadVerified } from './upload.ts';

export type CommitResult =
  | { readonly kind: 'committed'; readonly current: NumberedRelease }
  /** Another publisher committed the same content meanwhile; its release is as good as ours. */
  | { readonly kind: 'same-content'; readonly current: NumberedRelease };

/**
 * The one moment at which anything becomes visible: the release file is renamed to the next free number. A rename of a
 * file onto an existing one fails on every server, so of two publishers one gets the number and the other reads again.
 *
 * @param isAsGood tells whether another release that is current now makes this one superfluous.
 * @throws PUBLISH_ATTEMPT_FENCED when another publisher took this attempt for dead (see `adoptDeadAttempt`).
 */
export async function commitRelease(
  store: Store,
  attempt: string,
  release: Release,
  isAsGood: (other: Release) => boolean,
): Promise<CommitResult> {
  const staged = incomingPath(attempt, 'release.json');
  const bytes = Buffer.from(`${JSON.stringify(release, undefined, 1)}\n`);
  await uploadVerified(store, bytesUpload(staged, bytes, bytesContent(bytes)));
  for (;;) {
    const current = await readCurrentRelease(store);
    if (current?.release.published.attempt === attempt) return { kind: 'committed', current };
    if (current !== undefined && isAsGood(current.release)) return { kind: 'same-content', current };
    const number = (current?.number ?? 0) + 1;
    const result = await store.renameFile(staged, releasePath(number));
    if (result === 'renamed') return { kind: 'committed', current: { number, release } };
    if (result === 'missing') return { kind: 'committed', current: await findOwnCommit(store, attempt) };
  }
}

/** The staged file is gone: either an earlier rename worked and its answer was lost, or the attempt was fenced. */
async function findOwnCommit(store: Store, attempt: string): Promise<NumberedRelease> {
  const releases = await readReleases(store, await releaseNumbers(store));
  const own = releases.find(({ release }) => release.published.attempt === attempt);
  if (own !== undefined) return own;
  throw new HdfsVenvError({
    code: 'PUBLISH_ATTEMPT_FENCED',
    exit: 'conflict',
    message: `Cannot publish to ${store.address}: another publisher took over what attempt ${attempt} had uploaded, because it had been silent for too long.`,
    hints: ['Nothing was published by this run. See what is current (hdfs-venv releases ADDRESS), then publish again.'],
  });
}
