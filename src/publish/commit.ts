import type { Store } from '../store/store.ts';
import { attemptFenced, requireNotFenced } from './attempt.ts';
import { bytesContent } from './content.ts';
import { incomingPath, releasePath } from './layout.ts';
import type { Release } from './release.ts';
import { type NumberedRelease, readCommitState, readReleases, releaseNumbers } from './releases.ts';
import { bytesUpload, uploadVerified } from './upload.ts';

export type CommitResult =
  | { readonly kind: 'committed'; readonly current: NumberedRelease }
  /** Another publisher committed the same content meanwhile; its release is as good as ours. */
  | { readonly kind: 'same-content'; readonly current: NumberedRelease };

export interface CommitOptions {
  readonly store: Store;
  readonly attempt: string;
  readonly release: Release;
  /** Whether another release that is current now makes this one superfluous. */
  readonly isAsGood: (other: Release) => boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * The one moment at which anything becomes visible: the release file is renamed to the next free number. A rename of a
 * file onto an existing one fails on every server, so of two publishers one gets the number and the other reads again.
 *
 * A server that makes missing parents (before Hadoop 2.8) lets a fenced attempt stage its release file again; so the
 * announcement, which nobody makes again, is looked for after the staging. A fence that comes later takes the file along.
 *
 * @throws PUBLISH_ATTEMPT_FENCED when another publisher took this attempt for dead (see `adoptDeadAttempt`).
 */
export async function commitRelease(options: CommitOptions): Promise<CommitResult> {
  const { store, attempt, release, isAsGood, signal } = options;
  const staged = incomingPath(attempt, 'release.json');
  const bytes = Buffer.from(`${JSON.stringify(release, undefined, 1)}\n`);
  await uploadVerified(store, bytesUpload(staged, bytes, bytesContent(bytes)));
  await requireNotFenced(store, attempt);
  for (;;) {
    signal?.throwIfAborted();
    const { current, next: number } = await readCommitState(store);
    if (current?.release.published.attempt === attempt) return { kind: 'committed', current };
    if (current !== undefined && isAsGood(current.release)) return { kind: 'same-content', current };
    const result = await store.renameFile(staged, releasePath(number));
    if (result === 'renamed') return { kind: 'committed', current: { number, release } };
    if (result === 'missing') return { kind: 'committed', current: await findOwnCommit(options) };
  }
}

/** The staged file is gone: either an earlier rename worked and its answer was lost, or the attempt was fenced. */
async function findOwnCommit({ store, attempt }: CommitOptions): Promise<NumberedRelease> {
  for (const { number, release } of await readReleases(store, await releaseNumbers(store))) {
    if (release?.published.attempt === attempt) return { number, release };
  }
  throw attemptFenced(store, attempt);
}
