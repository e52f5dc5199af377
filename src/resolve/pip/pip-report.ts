import { z } from 'zod';
import { maskSecrets } from '../../errors/mask-secrets.ts';

const rootSchema = z.object({
  /** Normalised. */
  name: z.string().nullable(),
  extras: z.array(z.string()),
  /** The same for equal requirements: names normalised, versions in order, with marker and hashes. */
  text: z.string(),
  /** File name of the link that it names, if it names one. */
  file: z.string().nullable(),
  /** Its marker holds for the target. */
  applies: z.boolean(),
  provided: z.boolean(),
  /** `-r requirements.txt (line 3)`; null for an argument. */
  by: z.string().nullable(),
});

const choiceSchema = z.object({
  file: z.string(),
  /** Normalised. */
  name: z.string(),
  version: z.string(),
  /** Without fragment and credentials. */
  url: z.string(),
  /** The page of the index, or where `--find-links` points, without credentials; null for a requirement that is an address. */
  comesFrom: z.string().nullable(),
  /** sha256 as the link says it. */
  hash: z.string().nullable(),
  /** Why it was yanked (PEP 592), empty when nobody says why; null when it was not. */
  yanked: z.string().nullable(),
});

/** See `pip_causes.py`. */
const causeSchema = z.object({
  kind: z.enum(['requirement', 'constraint', 'python']),
  /** Normalised. */
  name: z.string(),
  requirement: z.string(),
  link: z.string().nullable(),
  chain: z.array(z.string()),
  by: z.string().nullable(),
  versions: z.array(z.string()),
  yanked: z.array(z.object({ version: z.string(), reason: z.string() })),
});
export type Cause = z.infer<typeof causeSchema>;

/** See `pip_index.py`. */
const indexFailureSchema = z.object({
  url: z.string(),
  kind: z.enum([
    'unreachable',
    'certificate',
    'proxy',
    'proxy-unauthorized',
    'unauthorized',
    'forbidden',
    'insecure',
    'content',
    'address',
    'directory',
  ]),
  status: z.number().nullable(),
  reason: z.string(),
});
export type IndexFailure = z.infer<typeof indexFailureSchema>;

const builtSchema = z.object({
  /** Normalised. */
  name: z.string(),
  version: z.string(),
  /** The URL is without fragment and credentials; `file:` for a local one. */
  sdist: z.object({ file: z.string(), url: z.string(), sha256: z.string() }),
  wheel: z.object({ file: z.string(), sha256: z.string() }),
  /** The name that the build gave the wheel, where that named this machine although nothing in the wheel is made for it. */
  boundName: z.string().nullable(),
  /** Build requirements that were installed: `setuptools==84.2.1`. */
  tools: z.array(z.string()),
  /** Full version of the Python that ran the build. */
  python: z.string(),
});

const buildFailureSchema = z.object({
  kind: z.enum(['failed', 'compiler', 'host-bound', 'python', 'limit']),
  /** Normalised. */
  name: z.string(),
  sdist: z.string(),
  version: z.string().nullable(),
  wheel: z.string().nullable(),
  python: z.string(),
  /** The how manieth build of this package it is. */
  count: z.number(),
  /** Compilers that the build asked for and did not get. */
  compilers: z.array(z.string()),
  /** pip's log of the build. */
  log: z.string().nullable(),
});

/** See `pip_wheels.py`. */
const unreadWheelSchema = z.object({
  file: z.string(),
  /** Of the package, normalised. */
  name: z.string(),
  /** Where it lies, in the directory of this run if it came from an index; null when only its METADATA was fetched. */
  path: z.string().nullable(),
  reason: z.string(),
  /** pip goes on with another version, if there is one. */
  passedOver: z.boolean(),
  /** What is not inflated, because it has so many bytes. */
  tooLarge: z.object({ entry: z.string(), size: z.number(), limit: z.number() }).nullable(),
});

const reportSchema = z.object({
  status: z.number(),
  /** Names of settings of pip that were left out because they would steer the choice. */
  ignoredSettings: z.array(z.string()),
  roots: z.array(rootSchema).default([]),
  constraints: z.array(z.string()).default([]),
  /** What pip chose, whether it got it or not. */
  chosen: z.array(choiceSchema).default([]),
  /** Why there is no set that meets the requirements. */
  causes: z.array(causeSchema).default([]),
  /** What could not be asked for packages. */
  indexFailures: z.array(indexFailureSchema).default([]),
  /** Wheels that pip could not read, or did not take for what their names say; it may have gone on with others. */
  unreadWheels: z.array(unreadWheelSchema).default([]),
  /** Links that are no wheels. */
  refused: z
    .array(
      z.object({
        name: z.string().nullable(),
        location: z.string(),
        kind: z.enum(['editable', 'folder', 'vcs', 'source']),
        by: z.string().nullable(),
      }),
    )
    .default([]),
  /** Requirements that the cluster's own version does not meet. */
  contradictions: z
    .array(z.object({ name: z.string(), version: z.string(), requirement: z.string(), by: z.string().nullable() }))
    .default([]),
  /** The wheels on disk: what their METADATA says, and where they come from. */
  wheels: z
    .array(
      z.object({
        file: z.string(),
        name: z.string(),
        version: z.string(),
        requiresPython: z.string().nullable(),
        url: z.string(),
        comesFrom: z.string().nullable(),
      }),
    )
    .default([]),
  /** Who among the wheels asks for which other one. */
  asked: z.array(z.object({ name: z.string(), requirement: z.string(), by: z.string() })).default([]),
  /** Extras that a wheel does not have, and that are passed over; `by` is null for the user. */
  unknownExtras: z
    .array(z.object({ name: z.string(), version: z.string(), extra: z.string(), by: z.string().nullable() }))
    .default([]),
  unreadable: z.array(z.object({ file: z.string(), reason: z.string() })).default([]),
  /** Of the chosen wheels those that were built of a source, by this run or an earlier one. */
  built: z.array(builtSchema).default([]),
  /** Why a source gives no wheel for the target; see `source_builder.py`. */
  buildFailure: buildFailureSchema.nullable().default(null),
  provided: z
    .array(z.object({ name: z.string(), version: z.string().nullable(), requirements: z.array(z.string()) }))
    .default([]),
  /** Requirements that hold for the target and that nothing meets; `found` is the version that does not. */
  missing: z
    .array(z.object({ requirement: z.string(), chain: z.array(z.string()), found: z.string().nullable() }))
    .default([]),
});
export type PipReport = z.infer<typeof reportSchema>;

/** Reads the report of `bootstrap/pip_for_target.py`, whose heads explain each field; secrets are masked. */
export function readPipReport(text: string): PipReport {
  return reportSchema.parse(JSON.parse(text, maskStrings));
}

/** For JSON.parse: the text as a whole would not do, a match could reach over a quotation mark. */
function maskStrings(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? maskSecrets(value) : value;
}
