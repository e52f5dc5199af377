import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainSystemError } from '../../errors/system-error.ts';
import { ArchiveFile } from '../../wheel/archive-file.ts';
import type { ElfReading } from '../../wheel/elf.ts';
import { readEntry } from '../../wheel/entry-content.ts';
import type { Wheel, WheelEntry } from '../../wheel/open-wheel.ts';
import { readWheelText } from '../../wheel/read-text.ts';
import { destinationOf } from '../plan/spread.ts';
import type { Distribution } from './distribution.ts';
import { readOpenElf } from './read-elf-file.ts';

/** Where headers go depends on the target's Python, which a wheel alone does not tell; nobody here reads headers. */
const ANY_PYTHON = '3';

/**
 * A wheel as a distribution, with its files where a build would put them.
 *
 * Its `readElf` throws the codes of `readEntry`, and those of `explainSystemError` for `ENV` when there is no room for a
 * temporary file.
 */
export function wheelDistribution(wheel: Wheel): Distribution {
  const entries = new Map(wheel.entries.map((entry) => [destinationOf(wheel, entry, ANY_PYTHON).path, entry]));
  return {
    name: wheel.name,
    version: wheel.version,
    wheel: wheel.fileName.fileName,
    licence: wheel.metadata.licence,
    distInfo: wheel.directories.distInfo,
    files: [...entries].map(([file, { size, executable }]) => ({ path: file, size, executable })),
    readText(file) {
      const entry = entries.get(file);
      return entry === undefined ? undefined : readWheelText(wheel, entry.path);
    },
    async readElf(file) {
      const entry = entries.get(file);
      return entry === undefined ? { kind: 'not-elf' } : await readPackedElf(wheel, entry);
    },
  };
}

/** Deflated bytes cannot be read by ranges, and a library may be too large for memory: it passes through a file. */
async function readPackedElf(wheel: Wheel, entry: WheelEntry): Promise<ElfReading> {
  const archive = new ArchiveFile(wheel.path);
  try {
    return await withTemporaryFile(async (descriptor) => {
      await readEntry(archive, entry, (chunk) => {
        for (let at = 0; at < chunk.length;) at += writeSync(descriptor, chunk, at);
      });
      return readOpenElf(descriptor);
    });
  } catch (error) {
    throw explainSystemError(error, {
      room: 'ENV',
      problem: `Cannot unpack ${entry.path} of ${wheel.fileName.fileName} to look into it`,
      elsewhere: 'TMPDIR names another directory for temporary files.',
    });
  } finally {
    archive.close();
  }
}

/** The file has no name any more when it is used, so that nothing is left of it, whatever ends this process. */
async function withTemporaryFile<Result>(use: (descriptor: number) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'hdfs-venv-inspect-'));
  const path = join(directory, 'library');
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx+');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  try {
    return await use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
