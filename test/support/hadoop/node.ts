import { setTimeout as sleep } from 'node:timers/promises';
import type { Daemon } from '../daemon.ts';
import { type HadoopRuntime, startHadoopDaemon, tailOfLog } from './daemons.ts';

export interface HadoopNodeOptions {
  readonly runtime: HadoopRuntime;
  /** For messages: `NameNode`, `DataNode 2`. */
  readonly name: string;
  /** The Java class. */
  readonly main: string;
  readonly configuration: string;
  readonly log: string;
  readonly javaOptions?: readonly string[];
  /** True as soon as the daemon serves. */
  readonly isReady: () => Promise<boolean>;
}

/** A daemon that can come back with the same configuration, ports and data. */
export interface HadoopNode extends Daemon {
  readonly log: string;
  /** Starts it after `stop` (or after its death); the caller waits with `waitUntilReady`. */
  start(): void;
  /** @throws Error with the end of the log when it has exited, or does not serve within two minutes. */
  waitUntilReady(): Promise<void>;
}

const READY_MILLISECONDS = 120_000;

export function hadoopNode(options: HadoopNodeOptions): HadoopNode {
  const launch = (): Daemon =>
    startHadoopDaemon(options.runtime, options.configuration, options.main, options.log, options.javaOptions);
  let daemon = launch();
  const fail = (what: string): never => {
    throw new Error(`${options.name} ${what}; the end of ${options.log}:\n${tailOfLog(options.log)}`);
  };
  return {
    get pid() {
      return daemon.pid;
    },
    log: options.log,
    hasExited: () => daemon.hasExited(),
    stop: () => daemon.stop(),
    start: () => {
      if (!daemon.hasExited()) throw new Error(`Cannot start ${options.name}: it runs with process id ${daemon.pid}`);
      daemon = launch();
    },
    waitUntilReady: async () => {
      const deadline = Date.now() + READY_MILLISECONDS;
      while (!(await options.isReady())) {
        if (daemon.hasExited()) fail('has exited');
        if (Date.now() > deadline) fail(`does not serve after ${READY_MILLISECONDS / 1000} s`);
        await sleep(150);
      }
    },
  };
}
