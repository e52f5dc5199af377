import { z } from 'zod';
import { environmentFields } from '../env/manifest.ts';
import { bootstrapPath, isAttemptAt, listPath, TREES } from './layout.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * `releases/000007.json`: small, immutable, read by every job. Its number is its name. Paths are relative to the
 * environment's directory, so that a copied or renamed environment works unchanged.
 */
export const releaseSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    /** The environment's digest: sha256 of the file list. */
    digest: sha256,
    layout: z.literal('tree'),
    /** `trees/<digest12>-<attempt>` */
    tree: z.string().regex(/^trees\/[0-9a-f]{12}-[0-9A-Za-z]+$/),
    list: z.strictObject({ path: z.string(), sha256, size: z.int() }),
    bootstrap: z.strictObject({ path: z.string(), sha256 }),
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
  })
  .refine(isConsistent, 'its paths and digests contradict each other');
/** Every name in a release follows from a digest in it. */
function isConsistent(release: {
  digest: string;
  tree: string;
  list: { path: string; sha256: string };
  bootstrap: { path: string; sha256: string };
}): boolean {
  const { digest, tree, list, bootstrap } = release;
  return (
    list.sha256 === digest &&
    list.path === listPath(digest) &&
    bootstrap.path === bootstrapPath(bootstrap.sha256) &&
    isAttemptAt(tree.slice(`${TREES}/`.length), digest)
  );
}

export type Release = z.infer<typeof releaseSchema>;
