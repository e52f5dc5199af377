import { z } from 'zod';
import { environmentFields } from '../env/manifest.ts';
import { bootstrapPath, isAttemptAt, isLayerPath, listPath, TREES } from './layout.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const commonFields = {
  schemaVersion: z.literal(1),
  /** The environment's digest: sha256 of the file list. */
  digest: sha256,
  list: z.strictObject({ path: z.string(), sha256, size: z.int() }),
  bootstrap: z.strictObject({ path: z.string(), sha256 }),
  /** Of the environment, whatever the layout. */
  fileCount: z.int(),
  byteCount: z.int(),
  ...environmentFields,
  published: z.strictObject({
    /** ISO 8601, UTC, by the store's clock. */
    at: z.string(),
    by: z.string(),
    tool: z.string(),
    /** The attempt that committed it: tells one's own commit from a stranger's when an answer was lost. */
    attempt: z.string(),
  }),
};

export const layerSchema = z.strictObject({
  /** `layers/pandas-2.2.3-0123456789ab.tar.gz` */
  path: z.string(),
  sha256,
  /** Bytes of the archive. */
  size: z.int().positive(),
  /** As in the manifest, of the archive: lets anybody compare it without reading it. */
  hdfsChecksum: z.string().regex(/^[0-9a-f]{32}$/),
});
export type Layer = z.infer<typeof layerSchema>;

const treeFields = {
  layout: z.literal('tree'),
  /** `trees/<digest12>-<attempt>` */
  tree: z.string().regex(/^trees\/[0-9a-f]{12}-[0-9A-Za-z]+$/),
};
const tarFields = {
  layout: z.literal('tar'),
  /** Unpacked over each other in any order they are the environment; no two hold the same file. */
  layers: z.array(layerSchema).nonempty(),
};

/**
 * `releases/000007.json`: small, immutable, read by every job. Its number is its name. Paths are relative to the
 * environment's directory, so that a copied or renamed environment works unchanged.
 */
export const releaseSchema = z
  .discriminatedUnion('layout', [
    z.strictObject({ ...commonFields, ...treeFields }),
    z.strictObject({ ...commonFields, ...tarFields }),
  ])
  .refine(isConsistent, 'its paths and digests contradict each other');

export type Release = z.infer<typeof releaseSchema>;
export type TreeRelease = Extract<Release, { layout: 'tree' }>;
export type TarRelease = Extract<Release, { layout: 'tar' }>;

/** What a release says of where its files are. */
export type Placement = Pick<TreeRelease, 'layout' | 'tree'> | Pick<TarRelease, 'layout' | 'layers'>;

type Named = { digest: string; list: { path: string; sha256: string }; bootstrap: { path: string; sha256: string } } & (
  | { layout: 'tree'; tree: string }
  | { layout: 'tar'; layers: readonly Layer[] }
);

/** Every name in a release follows from a digest in it. */
function isConsistent(release: Named): boolean {
  const { digest, list, bootstrap } = release;
  const isPlaced =
    release.layout === 'tree'
      ? isAttemptAt(release.tree.slice(`${TREES}/`.length), digest)
      : release.layers.every(({ path, sha256: own }) => isLayerPath(path, own)) &&
        new Set(release.layers.map(({ path }) => path)).size === release.layers.length;
  return (
    isPlaced &&
    list.sha256 === digest &&
    list.path === listPath(digest) &&
    bootstrap.path === bootstrapPath(bootstrap.sha256)
  );
}
