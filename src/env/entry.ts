import { createReadStream, lstatSync, type Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { treePath } from './manifest-path.ts';
import { isErrno } from '../errors/system-error.ts';

/** Bytes of a file of the tree; every call of `open` starts at the first byte. */
export interface EntryContent {
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

const READ_BYTES = 2 ** 20;

/**
 * Access to one file of a built environment.
 *
 * @param directory what `hdfs-venv build -o` wrote
 * @param path as in the manifest
 * @throws HdfsVenvError `ENV_FILE_MISSING` (integrity) when it is not there, or is not a regular file any more
 */
export function openEntry(directory: string, path: string): EntryContent {
  const local = treePath(directory, path);
  const size = sizeOfFile(local);
  return {
    size,
    open: () => (size <= READ_BYTES ? readWhole(local) : createReadStream(local, { highWaterMark: READ_BYTES })),
  };
}

/** A stream sets a whole buffer aside for each file, however small; among thousands that keeps the garbage collector busy. */
async function* readWhole(local: string): AsyncIterable<Uint8Array> {
  yield await readFile(local);
}

function sizeOfFile(local: string): number {
  const status = statIfThere(local);
  if (status?.isFile() === true) return status.size;
  throw new HdfsVenvError({
    code: 'ENV_FILE_MISSING',
    exit: 'integrity',
    message: `Cannot read ${local}: ${status === undefined ? 'it is not there' : 'it is not a regular file'}, but the manifest names it`,
    hints: ['Build the environment again.'],
  });
}

function statIfThere(local: string): Stats | undefined {
  try {
    return lstatSync(local);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
