import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface DaemonOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** stdout and stderr are appended to this file. */
  readonly log: string;
}

export interface Daemon {
  /** Leader of its own process group; signals for fault tests go here. */
  readonly pid: number;
  hasExited(): boolean;
  /** Ends the process with its whole group (SIGTERM, after five seconds SIGKILL); idempotent. */
  stop(): Promise<void>;
}

let reaper: ChildProcess | undefined;

/** Tells the reaper (reaper.mjs), which cleans up when this process is killed. */
function tellReaper(message: object): void {
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

/** Starts a long-running process that cannot outlive this one, kill -9 included. */
export function startDaemon(options: DaemonOptions): Daemon {
  const log = openSync(options.log, 'a');
  const child = spawn(options.command, options.args, {
    env: options.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`Cannot start ${options.command}`);
  tellReaper({ keep: { group: pid } });
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-pid, signal);
    } catch {
      // the group is gone
    }
  };
  const stop = async (): Promise<void> => {
    signalGroup('SIGTERM');
    for (let waited = 0; waited < 5000 && !hasExited(); waited += 50) await sleep(50);
    signalGroup('SIGKILL');
    while (!hasExited()) await sleep(20);
    tellReaper({ drop: { group: pid } });
  };
  return { pid, hasExited, stop };
}

/** A fresh directory under the system's temporary one; removed by `remove`, or when this process ends without it. */
export function scratchDirectory(prefix: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `hdfs-venv-${prefix}-`));
  tellReaper({ keep: { directory: path } });
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
      tellReaper({ drop: { directory: path } });
    },
  };
}
