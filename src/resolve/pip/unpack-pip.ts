import { randomUUID } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { makeDirectory } from '../../errors/make-directory.ts';
import type { HostPython } from './host-python.ts';

/**
 * Unpacks a wheel of pip, whose digest has been compared, into `directory`; nothing is done when it is there already. Other runs see
 * all of it or nothing.
 */
export async function unpackPip(
  wheel: string,
  directory: string,
  { python }: { readonly python: HostPython },
): Promise<void> {
  if (await isUnpacked(directory)) return;
  await withIncoming(dirname(directory), async (incoming) => {
    const unpacked = join(incoming, 'unpacked');
    await execa(python.path, ['-I', '-m', 'zipfile', '-e', wheel, unpacked]);
    await rename(unpacked, directory).catch(async (error: unknown) => {
      // another run was faster, with the same digest
      if (!(await isUnpacked(directory))) throw error;
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

export async function isUnpacked(directory: string): Promise<boolean> {
  return stat(join(directory, 'pip', '__init__.py')).then(
    () => true,
    () => false,
  );
}
