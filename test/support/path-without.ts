import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAMS = ['/usr/local/bin', '/usr/bin', '/bin'];

/** Makes a directory for PATH that has this machine's programs, except one: a machine on which it is not installed. */
export function pathWithout(program: string, directory: string): string {
  mkdirSync(directory);
  const names = new Map<string, string>();
  for (const place of PROGRAMS.toReversed()) for (const name of readdirSync(place)) names.set(name, join(place, name));
  names.delete(program);
  for (const [name, path] of names) symlinkSync(path, join(directory, name));
  return directory;
}
