import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One file of an environment. The path is relative, POSIX, and comes from the wheel, never from the local disk. */
export const fileEntrySchema = z.strictObject({
  path: z.string().min(1),
  /** Bytes. */
  size: z.int().nonnegative(),
  sha256,
  /** `644` or `755`, as octal digits. */
  mode: z.enum(['644', '755']),
  /**
   * What HDFS's GETFILECHECKSUM answers for these bytes in one block with CRC32C over chunks of 512 bytes: 32 hexadecimal
   * digits. Lets anybody compare a published file without reading it.
   */
  hdfsChecksum: z.string().regex(/^[0-9a-f]{32}$/),
});
export type FileEntry = z.infer<typeof fileEntrySchema>;

export const targetSchema = z.strictObject({
  /** Full version, `3.7.16`. */
  python: z.string(),
  /** `cp37m`, `cp27mu`, `cp311`. */
  abi: z.string(),
  /** Platform tags, most specific first. */
  platforms: z.array(z.string()),
  /** The name of the profile the tags come from (`rhel7`), null when tags were given. */
  profile: z.string().nullable(),
});

export const packageSchema = z.strictObject({
  /** Normalised (PEP 503). */
  name: z.string(),
  version: z.string(),
  /** The wheel's file name. */
  wheel: z.string(),
  sha256,
  licence: z.string().nullable(),
});
export type Package = z.infer<typeof packageSchema>;

export const providedSchema = z.strictObject({
  name: z.string(),
  /** What the cluster is known to bring; null when not known. */
  version: z.string().nullable(),
  /** The requirements that it stands for, as written: `pyspark>=3.3`. */
  requirements: z.array(z.string()),
});

export const allowedSchema = z.strictObject({
  /** `WHEEL_RECORD_HASH` */
  code: z.string(),
  /** Normalised (PEP 503). */
  package: z.string(),
});

/** What is known of an archive of the layout `tar`. */
export const layerFactsSchema = z.strictObject({
  /** `pandas-2.2.3`: of letters, digits and `._+-`. */
  label: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/),
  /** Bytes. */
  size: z.int().positive(),
  sha256,
  /** As of a file. */
  hdfsChecksum: z.string().regex(/^[0-9a-f]{32}$/),
});
export type LayerFacts = z.infer<typeof layerFactsSchema>;

export const topLevelSchema = z.strictObject({ name: z.string(), type: z.enum(['file', 'directory']) });

/** What manifest and release both say of an environment. */
export const environmentFields = {
  target: targetSchema,
  inputs: z.strictObject({
    /** As given, without secrets: `pandas==2.2.3`, `./risk_app`. */
    requirements: z.array(z.string()),
    /** sha256 of the inputs; equal inputs, equal digest. */
    digest: sha256,
  }),
  packages: z.array(packageSchema),
  provided: z.array(providedSchema),
  /** Checks that were switched off, each for one of the packages; by package and code. */
  allowed: z.array(allowedSchema).default([]),
  /** What `sc.addFile` is called with, sorted by name. */
  topLevel: z.array(topLevelSchema),
};

export const fileListSchema = z.strictObject({ schemaVersion: z.literal(1), files: z.array(fileEntrySchema) });
export type FileList = z.infer<typeof fileListSchema>;

/** `DIR/manifest.json`: what a build made. */
export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.string(),
  /** `tree`: the files lie in `DIR/venv`. `tar`: none was unpacked, the wheels lie in `DIR/wheels`. The content is the same. */
  layout: z.enum(['tree', 'tar']).default('tree'),
  /** With `tar`, the archives that the build has made of the wheels; none when it was told no place for them. */
  layers: z.array(layerFactsSchema).default([]),
  /** sha256 of the file list as published (see `renderFileList`): the digest of the environment. */
  digest: sha256,
  ...environmentFields,
  /** Sorted by path, in order of UTF-8 bytes. */
  files: z.array(fileEntrySchema),
});
export type Manifest = z.infer<typeof manifestSchema>;
