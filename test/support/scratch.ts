import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropFromReaper, keepForReaper } from './reaper.ts';

export interface ScratchDirectory {
  readonly path: string;
  remove(): void;
}

/** A fresh directory under the system's temporary one; removed by `remove`, or when this process ends without it. */
export function scratchDirectory(prefix: string): ScratchDirectory {
  const path = mkdtempSync(join(tmpdir(), `hdfs-venv-${prefix}-`));
  keepForReaper({ directory: path });
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
      dropFromReaper({ directory: path });
    },
  };
}
