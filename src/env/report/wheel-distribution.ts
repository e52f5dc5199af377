import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveFile } from '../../wheel/archive-file.ts';
import type { ElfReading } from '../../wheel/elf.ts';
import { readEntry } from '../../wheel/entry-content.ts';
import { openWheel, type Wheel, type WheelEntry } from '../../wheel/open-wheel.ts';
import { readWheelText } from '../../wheel/read-text.ts';
import { destinationOf } from '../spread.ts';
import type { Distribution } from './distribution.ts';
import { readElfFile } from './read-elf-file.ts';

/** Where headers go depends on the target's Python, which a wheel alone does not tell; nobody here reads headers. */
const ANY_PYTHON = '3';

/**
 * A wheel as a distribution, with its files where a build would put them.
 *
 * @param path on the local disk
 * @throws HdfsVenvError the codes of `openWheel`
 */
export function wheelDistribution(path: string): Distribution {
  const wheel = openWheel(path);
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
  const directory = mkdtempSync(join(tmpdir(), 'hdfs-venv-inspect-'));
  const [archive, copy] = [new ArchiveFile(wheel.path), join(directory, 'library')];
  try {
    const descriptor = openSync(copy, 'wx');
    try {
      await readEntry(archive, entry, (chunk) => {
        for (let at = 0; at < chunk.length;) at += writeSync(descriptor, chunk, at);
      });
    } finally {
      closeSync(descriptor);
    }
    return readElfFile(copy);
  } finally {
    archive.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
