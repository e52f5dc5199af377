import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import pLimit from 'p-limit';
import { makeDirectory } from '../../errors/make-directory.ts';
import type { HostPython } from './host-python.ts';

/** Files that are open at once. */
const OPEN_FILES = 16;

/**
 * Unpacks a wheel of pip, whose digest has been compared, into `directory`; nothing is done when it is there already. Other runs see
 * all of it or nothing. What is damaged is replaced.
 */
export async function unpackPip(
  wheel: string,
  directory: string,
  { python }: { readonly python: HostPython },
): Promise<void> {
  if ((await inspectUnpacked(directory)) === 'whole') return;
  await withIncoming(dirname(directory), async (incoming) => {
    const unpacked = join(incoming, 'unpacked');
    await execa(python.path, ['-I', '-m', 'zipfile', '-e', wheel, unpacked]);
    await rename(unpacked, directory).catch(async () => {
      // another run was faster, with the same digest
      if ((await inspectUnpacked(directory)) === 'whole') return;
      // a directory is renamed onto an empty one only
      await rename(directory, join(incoming, 'damaged'));
      await rename(unpacked, directory);
    });
  });
}

/** Calls `use` with a directory of this run in `parent`, and removes it afterwards. */
export async function withIncoming<T>(parent: string, use: (incoming: string) => Promise<T>): Promise<T> {
  const incoming = join(parent, `.incoming-${randomUUID()}`);
  makeDirectory(incoming);
  try {
    return await use(incoming);
  } finally {
    await rm(incoming, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * What there is of a pip that was unpacked into `directory`, which is called as its version is: all of it as its RECORD has it, or not. A full
 * disk, a power failure and programs that tidy up caches leave parts; pip then ends in the middle with one of Python's own errors.
 */
export async function inspectUnpacked(directory: string): Promise<'whole' | 'damaged' | 'absent'> {
  const record = `pip-${basename(directory)}.dist-info/RECORD`;
  const text = await readFile(join(directory, record), 'utf8').catch(() => undefined);
  if (text === undefined) {
    return stat(directory).then(
      () => 'damaged',
      () => 'absent',
    );
  }
  // pip's own wheels name it last
  if (!text.trimEnd().endsWith(`${record},,`)) return 'damaged';
  const limit = pLimit(OPEN_FILES);
  const entries = [...text.matchAll(/^(.+),sha256=([\w-]+),\d+\r?$/gm)];
  const whole = await Promise.all(
    entries.map(([, path = '', digest]) =>
      limit(async () => {
        const content = await readFile(join(directory, path)).catch(() => undefined);
        return content !== undefined && createHash('sha256').update(content).digest('base64url') === digest;
      }),
    ),
  );
  return whole.every(Boolean) ? 'whole' : 'damaged';
}
