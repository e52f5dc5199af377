import { statfsSync } from 'node:fs';

const MEMORY_DISK = '/dev/shm';
/** Four trees of the largest wheels, and as much again. */
const NEEDED_BYTES = 4 * 2 ** 30;

/**
 * Where the system has a disk in memory with enough room, temporary files go there from now on: making and removing half a
 * million small files takes a quarter of the time.
 */
export function useMemoryDisk(): void {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_DISK);
    if (bavail * bsize >= NEEDED_BYTES) process.env['TMPDIR'] = MEMORY_DISK;
  } catch {
    // there is none
  }
}
