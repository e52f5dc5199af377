import { z } from 'zod';
import { normaliseName } from '../../wheel/wheel-name.ts';
import { checkLockSchema, lockFormatError, parseLockToml } from './lock-format.ts';

/** The version of the format that is read; revisions only add keys (uv, "Lockfile versioning"). */
const VERSION = 1;

const nameSchema = z.string().transform(normaliseName);

/** Where a package comes from: exactly one of these keys, and for some a subdirectory. */
const sourceSchema = z.object({
  registry: z.string().optional(),
  git: z.string().optional(),
  url: z.string().optional(),
  path: z.string().optional(),
  directory: z.string().optional(),
  editable: z.string().optional(),
  virtual: z.string().optional(),
  subdirectory: z.string().optional(),
});

const dependencySchema = z.object({
  name: nameSchema,
  /** With `source` only where there are several packages of that name. */
  version: z.string().optional(),
  source: sourceSchema.optional(),
  extra: z.array(nameSchema).default([]),
  marker: z.string().optional(),
});

const fileSchema = z.object({
  url: z.string().optional(),
  /** Relative to a registry that is a folder. */
  path: z.string().optional(),
  /** Of a wheel that the package's own source is the path of. */
  filename: z.string().optional(),
  /** `sha256:…` */
  hash: z.string().optional(),
  size: z.number().optional(),
});

const byExtraSchema = z
  .record(z.string(), z.array(dependencySchema))
  .transform((byExtra) => new Map(Object.entries(byExtra).map(([extra, list]) => [normaliseName(extra), list])));

const packageSchema = z.object({
  name: nameSchema,
  /** A folder whose version its build system computes has none. */
  version: z.string().optional(),
  source: sourceSchema,
  dependencies: z.array(dependencySchema).default([]),
  'optional-dependencies': byExtraSchema.default(() => new Map()),
  sdist: fileSchema.optional(),
  wheels: z.array(fileSchema).default([]),
  metadata: z.object({ 'provides-extras': z.array(nameSchema).default([]) }).optional(),
});

const uvLockSchema = z.object({
  version: z.number(),
  'requires-python': z.string(),
  /** The environments that were resolved apart from each other; together all that the lock covers. */
  'resolution-markers': z.array(z.string()).default([]),
  /** `tool.uv.environments`: what the lock was limited to. */
  'supported-markers': z.array(z.string()).default([]),
  /** Extras and groups of which each set has at most one switched on. */
  conflicts: z
    .array(z.array(z.object({ package: nameSchema, extra: nameSchema.optional(), group: nameSchema.optional() })))
    .default([]),
  manifest: z.object({ members: z.array(nameSchema).default([]) }).optional(),
  package: z.array(packageSchema).default([]),
});

/** uv's lock, keys as in the file, names normalised. */
export type UvLock = z.output<typeof uvLockSchema>;
export type UvPackage = UvLock['package'][number];
export type UvDependency = UvPackage['dependencies'][number];
export type UvSource = UvPackage['source'];

/**
 * Reads `uv.lock`, version 1 of any revision. Its format is uv's own; this follows `crates/uv-resolver/src/lock/mod.rs`.
 *
 * @param name of the file, for messages
 * @throws HdfsVenvError `RESOLVE_LOCK_FORMAT` (usage) when it is no TOML, of another version, or has another shape
 */
export function parseUvLock(text: string, name: string): UvLock {
  const document = parseLockToml(text, name);
  // before all else: nothing can be said about the shape of another version
  if (document['version'] !== VERSION) {
    const found = document['version'] === undefined ? 'none' : JSON.stringify(document['version']);
    throw lockFormatError(name, `expected version = ${VERSION} of uv's lock, got ${found}`, [
      'Export it with the uv that made it: `uv export --format pylock.toml -o pylock.toml`.',
    ]);
  }
  return checkLockSchema(uvLockSchema, document, name);
}
