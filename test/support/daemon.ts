import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { dropFromReaper, keepForReaper } from './reaper.ts';

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

/** A process that ends by itself. */
export interface Run {
  /** Sends a signal to the process alone. */
  kill(signal: NodeJS.Signals): void;
  /** Rejects like `runToCompletion`. */
  readonly finished: Promise<RunResult>;
}

/** Starts a process that ends by itself, for a test that does something to it meanwhile. */
export function startRun(options: RunOptions): Run {
  const child = spawn(options.command, options.args, {
    env: options.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { kill: (signal) => child.kill(signal), finished: finish(child, options) };
}

/**
 * Runs a process that ends by itself, and waits for that. What it started in its process group ends with it, and cannot
 * outlive this process either.
 * @throws Error after `timeout`, with the end of its output; with the code ENOENT when there is no such program
 */
export function runToCompletion(options: RunOptions): Promise<RunResult> {
  return startRun(options).finished;
}

/** As `runToCompletion`. @throws Error with the end of its output, too, when the exit code is not 0 */
export async function runSuccessfully(options: RunOptions): Promise<RunResult> {
  const result = await runToCompletion(options);
  if (result.exitCode !== 0)
    throw new Error(`${options.command} ended with ${result.exitCode}\n${endOf(result.stdout, result.stderr)}`);
  return result;
}

async function finish(child: ChildProcessByStdio<null, Readable, Readable>, options: RunOptions): Promise<RunResult> {
  if (child.pid === undefined) throw (await once(child, 'error'))[0];
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
  if (timedOut) {
    throw new Error(`${options.command} ran for more than ${options.timeout} ms\n${endOf(stdout, stderr)}`);
  }
  return { exitCode: child.exitCode ?? 128, stdout, stderr };
}

function endOf(stdout: string, stderr: string): string {
  return `${stdout.slice(-2000)}\n${stderr.slice(-4000)}`;
}

/** Makes sure that the process group that `child` leads ends with this process. */
function guard(child: ChildProcess, command: string): Daemon {
  const pid = child.pid;
  if (pid === undefined) {
    // the reason comes as an event, which would end this process if nobody listened
    child.once('error', () => {});
    throw new Error(`Cannot start ${command}`);
  }
  keepForReaper({ group: pid });
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
    dropFromReaper({ group: pid });
  };
  return { pid, hasExited, stop };
}
