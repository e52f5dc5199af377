import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { renderFileList } from './file-list.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import { manifestPath } from './manifest-path.ts';
import { isErrno } from '../errors/system-error.ts';

const versionSchema = z.looseObject({ schemaVersion: z.number(), tool: z.string() });

/**
 * Reads what a build made in `directory`.
 *
 * @throws HdfsVenvError `ENV_MANIFEST_MISSING` (usage), `ENV_MANIFEST_NOT_OURS` (conflict): some other file of that name;
 * `ENV_MANIFEST_NEWER` (usage): made by a later version; `ENV_MANIFEST_DAMAGED` (integrity): the digest is not that of
 * the files it lists
 */
export async function readManifest(directory: string): Promise<Manifest> {
  const path = manifestPath(directory);
  const manifest = parseManifest(path, await readText(path));
  const digest = createHash('sha256').update(renderFileList(manifest.files)).digest('hex');
  if (digest !== manifest.digest) {
    throw new HdfsVenvError({
      code: 'ENV_MANIFEST_DAMAGED',
      exit: 'integrity',
      message: `Cannot use ${path}: it names the digest ${manifest.digest}, its file list has ${digest}`,
      hints: ['Build the environment again.'],
    });
  }
  return manifest;
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

function parseManifest(path: string, text: string): Manifest {
  const document = parseJson(text);
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
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
