import { z } from 'zod';
import { checkLockSchema, lockFormatError, parseLockToml } from './lock-format.ts';

/** The major version of the format that is read; minor ones only add keys. */
const MAJOR_VERSION = '1';

const locationSchema = {
  url: z.string().optional(),
  /** As written: relative to the lock's own directory. */
  path: z.string().optional(),
};

/** Algorithm in lower case, as in `hashlib`, to hexadecimal digest. */
const hashesSchema = z
  .record(z.string(), z.string())
  .transform((hashes) =>
    Object.fromEntries(Object.entries(hashes).map(([name, digest]) => [name.toLowerCase(), digest])),
  );

const fileSchema = z.object({
  ...locationSchema,
  size: z.number().optional(),
  'upload-time': z.date().optional(),
  hashes: hashesSchema.default({}),
});

const namedFileSchema = fileSchema.extend({ name: z.string().optional() });

const packageSchema = z.object({
  name: z.string(),
  version: z.string().optional(),
  marker: z.string().optional(),
  'requires-python': z.string().optional(),
  /** For information only: what gets installed is decided by the markers alone. */
  dependencies: z.array(z.record(z.string(), z.unknown())).default([]),
  vcs: z
    .object({
      type: z.string(),
      ...locationSchema,
      'requested-revision': z.string().optional(),
      'commit-id': z.string(),
      subdirectory: z.string().optional(),
    })
    .optional(),
  directory: z
    .object({ path: z.string(), editable: z.boolean().default(false), subdirectory: z.string().optional() })
    .optional(),
  archive: fileSchema.extend({ subdirectory: z.string().optional() }).optional(),
  index: z.string().optional(),
  sdist: namedFileSchema.optional(),
  wheels: z.array(namedFileSchema).default([]),
  'attestation-identities': z.array(z.looseObject({ kind: z.string() })).default([]),
  tool: z.record(z.string(), z.unknown()).optional(),
});

const pylockSchema = z.object({
  'lock-version': z.string(),
  environments: z.array(z.string()).default([]),
  'requires-python': z.string().optional(),
  extras: z.array(z.string()).default([]),
  'dependency-groups': z.array(z.string()).default([]),
  'default-groups': z.array(z.string()).default([]),
  'created-by': z.string(),
  packages: z.array(packageSchema),
  /** Whatever the tools keep for themselves. */
  tool: z.record(z.string(), z.unknown()).default({}),
});

/** A lock file of PEP 751, keys as in the file. */
export type Pylock = z.output<typeof pylockSchema>;
export type PylockPackage = Pylock['packages'][number];

/**
 * Reads `pylock.toml` (PEP 751, packaging.python.org: pylock.toml specification), lock-version 1.x.
 *
 * @param name of the file, for messages
 * @throws HdfsVenvError `RESOLVE_LOCK_FORMAT` (usage) when it is no TOML, of another version, or misses what the format asks for
 */
export function parsePylock(text: string, name: string): Pylock {
  const document = parseLockToml(text, name);
  const version = document['lock-version'];
  // before all else: nothing can be said about the shape of another version
  if (typeof version !== 'string' || !/^\d+\.\d+$/.test(version) || version.split('.')[0] !== MAJOR_VERSION) {
    throw lockFormatError(
      name,
      `expected lock-version "${MAJOR_VERSION}.0" (PEP 751), got ${JSON.stringify(version) ?? 'none'}`,
    );
  }
  const lock = checkLockSchema(pylockSchema, document, name);
  for (const one of lock.packages) refuseTwoSources(one, name);
  return lock;
}

/** `vcs`, `directory` and `archive` each exclude all others; `sdist` and `wheels` go together. */
function refuseTwoSources(one: PylockPackage, name: string): void {
  const sources = [
    ...(['vcs', 'directory', 'archive'] as const).filter((key) => one[key] !== undefined),
    ...(one.wheels.length > 0 || one.sdist !== undefined ? ['wheels or sdist'] : []),
  ];
  if (sources.length > 1) {
    throw lockFormatError(name, `${one.name} has more than one source: ${sources.join(', ')}`);
  }
}
