import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** What must not outlive this process: the leader of a process group, or a directory. */
export type Guarded = { readonly group: number } | { readonly directory: string };

let reaper: ChildProcess | undefined;

/** From now on `what` is ended or removed when this process ends, however it ends, kill -9 included. */
export function keepForReaper(what: Guarded): void {
  tell({ keep: what });
}

/** `what` has been ended or removed, and its number or name may become another's. */
export function dropFromReaper(what: Guarded): void {
  tell({ drop: what });
}

/** Starts reaper.mjs with the first message; it sees this process's end by its stdin, which closes. */
function tell(message: { readonly keep: Guarded } | { readonly drop: Guarded }): void {
  if (reaper === undefined) {
    reaper = spawn(process.execPath, [fileURLToPath(new URL('reaper.mjs', import.meta.url))], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    reaper.unref();
    if (reaper.stdin instanceof Socket) reaper.stdin.unref();
  }
  reaper.stdin?.write(`${JSON.stringify(message)}\n`);
}
