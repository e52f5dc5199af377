import { z } from 'zod';
import type { FileStatus } from '../store.ts';

const octal = z
  .string()
  .regex(/^[0-7]{1,4}$/)
  .transform((digits) => Number.parseInt(digits, 8));

/** FileStatus of the WebHDFS REST API, with the fields that only newer versions or some files have. */
const status = z.object({
  pathSuffix: z.string(),
  type: z.enum(['FILE', 'DIRECTORY', 'SYMLINK']),
  length: z.number(),
  permission: octal,
  owner: z.string(),
  group: z.string(),
  modificationTime: z.number(),
  /** Stays with a file wherever it is renamed to; absent over HttpFS. */
  fileId: z.number().optional(),
  /** In an encryption zone: checksums are those of the encrypted bytes. */
  encBit: z.boolean().optional(),
  /** Erasure-coded: checksums are those of the stripes. */
  ecBit: z.boolean().optional(),
});
export type RemoteStatus = z.infer<typeof status>;

/** The answer to GETFILESTATUS. */
export const fileStatusAnswer = z.object({ FileStatus: status });

/** The answer to LISTSTATUS; asked about a file, it has one entry without name. */
export const listStatusAnswer = z.object({ FileStatuses: z.object({ FileStatus: z.array(status) }) });

/** A status as the port has it. */
export function fileStatus(name: string, remote: RemoteStatus): FileStatus {
  return {
    name,
    type: remote.type === 'DIRECTORY' ? 'directory' : 'file',
    size: remote.length,
    mode: remote.permission,
    owner: remote.owner,
    group: remote.group,
    modifiedAt: remote.modificationTime,
  };
}

/** Whether two looks, maybe at two names, saw the same file or directory. */
export function isSameFile(a: RemoteStatus, b: RemoteStatus): boolean {
  if (a.fileId !== undefined && a.fileId !== 0) return a.fileId === b.fileId;
  return a.type === b.type && a.length === b.length && a.modificationTime === b.modificationTime && a.owner === b.owner;
}
