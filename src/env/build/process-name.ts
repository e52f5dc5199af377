import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isErrno } from '../../errors/system-error.ts';

/** A file name that tells whose process left it: `host.1234`. */
export function ownProcessName(): string {
  return `${ownHost()}.${process.pid}`;
}

/**
 * Whether another process of that name may still run. Of another host's processes nothing can be known: they count as
 * alive. A name that is our own number is that of an earlier process, which has ended.
 */
export function mayBeAlive(name: string): boolean {
  const dot = name.lastIndexOf('.');
  const id = Number(name.slice(dot + 1));
  if (name.slice(0, dot) !== ownHost()) return true;
  return id !== process.pid && exists(id) && !isZombie(id);
}

function ownHost(): string {
  return hostname().replaceAll(/[^\w.-]/g, '_');
}

function exists(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return !isErrno(error, 'ESRCH');
  }
}

/** A killed process whose parent does not ask for its end keeps its number: ordinary in containers without an init. */
function isZombie(id: number): boolean {
  try {
    const status = readFileSync(`/proc/${id}/stat`, 'utf8');
    // The name in parentheses may hold anything, also parentheses (proc(5)).
    return status.slice(status.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
