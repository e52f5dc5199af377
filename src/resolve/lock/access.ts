import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequirementsLine } from '../requirements-file.ts';
import type { RunContext } from '../run-context.ts';

/** What gets files of a lock works with. */
export interface LockContext extends RunContext {
  /** Of the requirements files: a lock leaves out how one gets in where its files are. */
  readonly lines: readonly RequirementsLine[];
}

/**
 * Writes the options that say how to get in as a requirements file of this run: with their passwords they must not be seen in the process list.
 *
 * @returns its absolute path
 */
export async function writeAccess({ lines, scratch }: LockContext): Promise<string> {
  const path = join(scratch, 'access.txt');
  const options = lines.filter(({ kind, text }) => {
    return kind === 'option' && /^--(?:index-url|extra-index-url|trusted-host) /.test(text);
  });
  await writeFile(path, options.map(({ expanded }) => `${expanded}\n`).join(''), { mode: 0o600 });
  return path;
}

/** The address as a requirement gives it, with user and password, where one does; else as it is. */
export function withCredentials(url: string, { lines }: LockContext): string {
  const address = /[a-z][a-z0-9+.-]*:\/\/[^\s#]+/i;
  const given = lines.flatMap(({ expanded }) => address.exec(expanded) ?? []);
  return given.find((one) => one.replace(/\/\/[^/?#]*@/, '//') === url) ?? url;
}
