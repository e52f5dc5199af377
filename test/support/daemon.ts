import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
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
  return guard(child, options.command);
}

export interface RunOptions extends Omit<DaemonOptions, 'log'> {
  /** Milliseconds; then the process is ended with its whole group. */
  readonly timeout: number;
  /** Called with what the process writes to stdout and stderr, as it comes. */
  readonly onOutput?: (text: string) => void;
}

export interface RunResult {
  /** 128 when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a process that ends by itself, and waits for that. What it started in its process group ends with it, and cannot
 * outlive this process either.
 * @throws Error after `timeout`, with the end of its output
 */
export async function runToCompletion(options: RunOptions): Promise<RunResult> {
  const child = spawn(options.command, options.args, {
    env: options.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const daemon = guard(child, options.command);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: string) => options.onOutput?.(text));
  const closed = once(child, 'close');
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void daemon.stop();
  }, options.timeout);
  child.once('exit', () => void daemon.stop());
  await closed;
  clearTimeout(timer);
  if (timedOut)
    throw new Error(
      `${options.command} ran for more than ${options.timeout} ms\n${stdout.slice(-2000)}\n${stderr.slice(-4000)}`,
    );
  return { exitCode: child.exitCode ?? 128, stdout, stderr };
}

/** Makes sure that the process group that `child` leads ends with this process. */
function guard(child: ChildProcess, command: string): Daemon {
  const pid = child.pid;
  if (pid === undefined) throw new Error(`Cannot start ${command}`);
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
