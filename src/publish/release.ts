import { z } from 'zod';
import { environmentFields } from '../env/manifest.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * `releases/000007.json`: small, immutable, read by every job. Its number is its name. Paths are relative to the
 * environment's directory, so that a copied or renamed environment works unchanged.
 */
export const releaseSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** The environment's digest: sha256 of the file list. */
  digest: sha256,
  layout: z.literal('tree'),
  /** `trees/<digest12>-<attempt>` */
  tree: z.string().regex(/^trees\/[0-9a-f]{12}-[0-9A-Za-z]+$/),
  list: z.strictObject({ path: z.string().regex(/^lists\/[0-9a-f]{12}\.json$/), sha256, size: z.int() }),
  bootstrap: z.strictObject({ path: z.string().regex(/^bootstrap\/[0-9a-f]{12}\/activate_env\.py$/), sha256 }),
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
});
export type Release = z.infer<typeof releaseSchema>;
