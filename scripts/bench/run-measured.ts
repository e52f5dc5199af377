import { execa } from 'execa';
import { hostPython } from '../../test/support/python.ts';

export interface Usage {
  /** Wall clock, from the start of the process to its end. */
  readonly seconds: number;
  /** Processor time of all its threads and ended children, in seconds. */
  readonly user: number;
  readonly system: number;
  /** The largest resident set that it, or one of its children, ever had; bytes. */
  readonly peakBytes: number;
}

/**
 * Starts a process and waits for it, since Node tells nothing of a child that has ended. Linux counts in KiB, macOS in
 * bytes. A child's peak begins with what its parent had when it was started: here some 10 MB.
 */
const WAITER = `
import json, os, sys, time
began = time.perf_counter()
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, usage = os.wait4(pid, 0)
seconds = time.perf_counter() - began
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({"seconds": seconds, "user": usage.ru_utime, "system": usage.ru_stime, "peakBytes": usage.ru_maxrss * unit}))
sys.exit(0 if status == 0 else 1)
`;

export interface Command {
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; 20 minutes unless told. */
  readonly timeout?: number;
}

/**
 * Runs a command to its end; what the kernel says of it is the same for every program and counts all its threads.
 * Source: wait4(2), getrusage(2).
 * @throws Error with the end of its output when it fails
 */
export async function runMeasured({ command, cwd, env, timeout = 1_200_000 }: Command): Promise<Usage> {
  const result = await execa(hostPython(), ['-I', '-c', WAITER, ...command], {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    reject: false,
    timeout,
  });
  if (result.exitCode !== 0) throw new Error(`${command.slice(0, 4).join(' ')} failed: ${result.stderr.slice(-2000)}`);
  const usage: Usage = JSON.parse(result.stdout);
  return usage;
}
