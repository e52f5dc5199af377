import type { Content, Store } from '../../store/store.ts';
import type { ExpectedContent } from '../compare.ts';
import type { OnProgress } from '../progress.ts';
import type { Placement, Release } from '../release.ts';

/** Readable by everybody who may read the parent directory; writable by the owner. */
export const DIRECTORY_MODE = 0o755;

/** What every layout works with. */
export interface LayoutContext {
  readonly store: Store;
  /** Of the environment. */
  readonly digest: string;
  /** Uploads and questions at once; no more than the store takes. */
  readonly concurrency: number;
  /** Of every file that is uploaded for the environment; undefined: what the layout and the store think best. */
  readonly replication: number | undefined;
  readonly onProgress: OnProgress | undefined;
  readonly onNote: ((note: string) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** An archive that can be uploaded. */
export interface LayerSource extends ExpectedContent {
  /** `pandas-2.2.3`: what its name on the store begins with. */
  readonly label: string;
  readonly content: Content;
}

export interface UploadCounts {
  readonly uploadedFiles: number;
  readonly uploadedBytes: number;
  /** What the store held already, compared by length and checksum. */
  readonly keptFiles: number;
}

export interface Examination {
  /** Where this content lies already, each of its files compared; undefined when it has to be uploaded. */
  readonly whole: Placement | undefined;
  /** Whether a release of this content is known to be no longer what was published. */
  readonly isDamaged: (release: Release) => boolean;
}

/** How the files of an environment lie on a store, and how they get there. */
export interface Layout {
  /** Directories below the environment's that it needs. */
  readonly directories: readonly string[];
  /** Looks for this content under releases that can be read; newest last. */
  examine(releases: readonly Release[]): Promise<Examination>;
  /** Brings what is missing to the store, and compares it. No reader looks where it lies, or no release names it yet. */
  upload(attempt: string): Promise<UploadCounts>;
  /** Gives what was uploaded the names that a release uses. */
  place(attempt: string): Promise<Placement>;
  /** Tells whoever cleans up that somebody counts on it again. Before `requirePlaced`. */
  refresh(placement: Placement): Promise<void>;
  /**
   * Names and lengths, listed once more right before the commit.
   * @throws PUBLISH_TREE_CHANGED when somebody else wrote or removed there
   */
  requirePlaced(placement: Placement): Promise<void>;
  /** Removes what was placed, when no release will ever name it. */
  discard(placement: Placement): Promise<void>;
}

/** Whether two releases say the same of where their files are. */
export function isSamePlacement(one: Placement, other: Placement): boolean {
  if (one.layout === 'tree') return other.layout === 'tree' && one.tree === other.tree;
  if (other.layout !== 'tar') return false;
  const paths = new Set(one.layers.map(({ path, sha256 }) => `${path} ${sha256}`));
  return paths.size === other.layers.length && other.layers.every(({ path, sha256 }) => paths.has(`${path} ${sha256}`));
}
