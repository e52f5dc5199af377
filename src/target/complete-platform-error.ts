import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

export type CompletePlatformCode = 'TARGET_FILE_FORMAT' | 'TARGET_FILE_FOREIGN' | 'TARGET_FILE_CONTRADICTION';

/** @param why goes on from "Cannot use node.json as a complete platform: " */
export function completePlatformError(
  code: CompletePlatformCode,
  file: string,
  why: string,
  more: { readonly cause?: unknown } = {},
): HdfsVenvError {
  return new HdfsVenvError({
    code,
    exit: 'usage',
    message: `Cannot use ${file} as a complete platform: ${why}`,
    hints: [
      "`pex3 interpreter inspect --markers --tags`, run on a node with the cluster's Python, prints such a file; `hdfs-venv target` writes one, too.",
    ],
    ...more,
  });
}
