import { WHOLE_BYTES } from '../../wheel/entry-content.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { UnpackFile, UnpackTask } from './unpack.ts';

/** A task is large enough to hide the cost of a message, and small enough that all workers end together. */
const TASK_FILES = 64;
const TASK_BYTES = WHOLE_BYTES;

/** Cuts the plan into tasks: files of one wheel whose data lie side by side; the ones that take longest come first. */
export function makeTasks(files: Iterable<PlannedFile>): UnpackTask[] {
  const byWheel = new Map<string, UnpackFile[]>();
  for (const { wheel, entry, path, mode, isScript } of files) {
    const { executable: _, ...source } = entry;
    const list = byWheel.get(wheel.path) ?? [];
    list.push({ source, path, mode, isScript });
    byWheel.set(wheel.path, list);
  }
  const tasks = [...byWheel].flatMap(([wheel, list]) => cut(list).map((part) => ({ wheel, files: part })));
  return tasks.sort((left, right) => bytesOf(right.files) - bytesOf(left.files));
}

function cut(list: readonly UnpackFile[]): UnpackFile[][] {
  const parts: UnpackFile[][] = [];
  let part: UnpackFile[] = [];
  for (const file of [...list].sort((left, right) => left.source.dataOffset - right.source.dataOffset)) {
    const start = part[0]?.source.dataOffset ?? file.source.dataOffset;
    const span = file.source.dataOffset + file.source.compressedSize - start;
    if (part.length === TASK_FILES || (part.length > 0 && (span > TASK_BYTES || bytesOf(part) > TASK_BYTES))) {
      parts.push(part);
      part = [];
    }
    part.push(file);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** Uncompressed. */
export function bytesOf(files: readonly UnpackFile[]): number {
  return files.reduce((sum, { source }) => sum + source.size, 0);
}
