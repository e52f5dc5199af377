import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { digestOfFileList } from './file-list.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import { manifestPath, treePath, wheelsPath } from './manifest-path.ts';
import { isErrno } from '../errors/system-error.ts';

/** How every manifest begins; cut short, it is still told from a file of somebody else's. */
const BEGINNING = '{\n "schemaVersion": 1,\n "tool": "hdfs-venv ';

const versionSchema = z.looseObject({ schemaVersion: z.number(), tool: z.string() });

/**
 * Reads what a build made in `directory`.
 *
 * @throws HdfsVenvError `ENV_MANIFEST_MISSING` (usage), `ENV_MANIFEST_NOT_OURS` (conflict): some other file of that name;
 * `ENV_MANIFEST_NEWER` (usage): made by a later version; `ENV_MANIFEST_DAMAGED` (integrity): it is cut short, or its
 * digest is not that of the files it lists; `ENV_MANIFEST_NOT_READABLE` (permission)
 */
export async function readManifest(directory: string): Promise<Manifest> {
  const path = manifestPath(directory);
  const text = await readText(path);
  const document = parseJson(text);
  if (document === undefined && isOursCutShort(directory, text)) {
    throw damagedError(path, 'it is cut short or was edited');
  }
  const manifest = parseManifest(path, document);
  const digest = digestOfFileList(manifest.files);
  if (digest !== manifest.digest) {
    throw damagedError(path, `it names the digest ${manifest.digest}, its file list has ${digest}`);
  }
  return manifest;
}

/**
 * Whether a text that is no JSON is what is left of a build's manifest. A build replaces the tree beside it, so it must
 * name itself: manifest.json is a common name, and a virtual environment of the user's own may be called venv as well.
 */
function isOursCutShort(directory: string, text: string): boolean {
  return (
    text.startsWith(BEGINNING) &&
    (existsSync(wheelsPath(directory)) ||
      (existsSync(treePath(directory)) && !existsSync(treePath(directory, 'pyvenv.cfg'))))
  );
}

function damagedError(path: string, why: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'ENV_MANIFEST_DAMAGED',
    exit: 'integrity',
    message: `Cannot use ${path}: ${why}`,
    hints: ['Build the environment again.'],
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const missing = isErrno(error, 'ENOENT', 'ENOTDIR');
    throw new HdfsVenvError({
      code: missing ? 'ENV_MANIFEST_MISSING' : 'ENV_MANIFEST_NOT_READABLE',
      exit: missing ? 'usage' : 'permission',
      message: missing
        ? `Cannot find an environment: there is no ${path}`
        : `Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`,
      hints: missing ? ['Give the directory that `hdfs-venv build -o` wrote.'] : [],
      cause: error,
    });
  }
}

function parseManifest(path: string, document: unknown): Manifest {
  const version = versionSchema.safeParse(document);
  if (version.success && version.data.schemaVersion > 1) {
    throw new HdfsVenvError({
      code: 'ENV_MANIFEST_NEWER',
      exit: 'usage',
      message: `Cannot read ${path}: its schema is ${version.data.schemaVersion}, made by ${version.data.tool}, this version knows 1`,
      hints: ['Update hdfs-venv, or build the environment again with this version.'],
    });
  }
  const manifest = manifestSchema.safeParse(document);
  if (manifest.success) return manifest.data;
  const [issue] = manifest.error.issues;
  throw new HdfsVenvError({
    code: 'ENV_MANIFEST_NOT_OURS',
    exit: 'conflict',
    message: `Cannot use ${path}: it is not a manifest of hdfs-venv (${issue?.path.join('.') || 'document'}: ${issue?.message})`,
    hints: [
      'Give the directory that `hdfs-venv build -o` wrote, or build in another one. If a build did make this one, delete it and build again.',
    ],
  });
}

/** `undefined` when it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
